import Diagnostics
package import LockAnalysis
import PostgresSyntax

/// How each of some files is read.
package struct FileListing: Sendable {
  /// One file.
  package struct Entry: Sendable {
    /// As given.
    package let path: String
    /// What it was taken for.
    package let reading: FileReading
    /// The file's place among those that are looked at, from 1; nil for what is left out.
    package let order: Int?
  }

  /// Those that are looked at in the order in which they take effect, then those that are left out.
  package let entries: [Entry]

  /// Reads files and finds out what each is.
  package static func make(_ files: [ProjectFile], with reader: ProjectReader) -> FileListing {
    make(files, reader.read(files))
  }

  /// What was found out of files.
  package static func make(
    _ files: [ProjectFile], _ read: (project: Project, readings: [FileReading])
  ) -> FileListing {
    let (project, readings) = read
    let kept = project.order.enumerated().map { place, index in
      Entry(
        path: project.files[index].source.path, reading: project.readings[index],
        order: place + 1)
    }
    let left = zip(files, readings).filter(\.1.role.isLeftOut).map { file, reading in
      Entry(path: file.source.path, reading: reading, order: nil)
    }
    return FileListing(entries: kept + left)
  }
}
