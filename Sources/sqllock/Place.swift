import Diagnostics
import LockAnalysis

/// Where a folder is, whatever the working directory.
struct Place {
  /// The path without links and dots.
  let path: String
  /// How many of its folders are outside of the repository, or of the folder itself when it is in
  /// none.
  private let outside: Int
  let isInRepository: Bool
  /// Whether it is the root of one.
  let isRepository: Bool

  init(of folder: String) {
    path = FileSystem.canonical(folder)
    let folders = path.split(separator: "/")
    let root = folders.indices.reversed().first { index in
      FileSystem.exists("/" + folders[...index].joined(separator: "/") + "/.git")
    }
    isInRepository = root != nil || FileSystem.exists("/.git")
    isRepository = isInRepository && root.map { $0 + 1 } ?? 0 == folders.count
    outside = isInRepository ? root.map { $0 + 1 } ?? 0 : max(folders.count - 1, 0)
  }

  /// A file that was found below the folder, which the user named so.
  func file(_ source: SourceFile, below prefix: String) -> ProjectFile {
    let folders = path.split(separator: "/").count
    let place = path(of: source.path, below: prefix)
    return ProjectFile(source, at: place, outside: outside, named: folders - outside)
  }

  /// The absolute path of a file that was found below the folder, which the user named so.
  func path(of file: String, below prefix: String) -> String {
    (path == "/" ? "" : path) + "/" + file.dropFirst(prefix.count)
  }

  /// A file that the user named.
  static func file(_ source: SourceFile) -> ProjectFile {
    let slash = source.path.lastIndex(of: "/")
    let folder = slash.map { String(source.path[..<$0]) } ?? "."
    let place = Place(of: folder.isEmpty ? "/" : folder)
    let name = slash.map { source.path[source.path.index(after: $0)...] } ?? source.path[...]
    return ProjectFile(
      source, at: place.path + "/" + name, outside: place.outside, named: Int.max)
  }
}
