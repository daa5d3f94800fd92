package import Diagnostics

/// A file with what tells its purpose before it is read.
package struct ProjectFile: Sendable {
  package private(set) var source: SourceFile
  /// The absolute path without links, as far as it is known.
  package let place: String
  /// Where it is in its repository.
  let path: SourcePath
  /// How many leading folders in the repository, or the whole path, the user named. They make no
  /// test of what is below: who names `tests/` wants to see it.
  let named: Int
  /// Whether a migration has yet to be run, as far as that is known: it is new, or it was named.
  package var isPending: Bool

  /// A file at a place, which is its path unless another is given. So many of the place's leading
  /// folders are `outside` of the repository and so many after them were `named` by the user, all
  /// with `Int.max`.
  package init(_ source: SourceFile, at place: String? = nil, outside: Int = 0, named: Int = 0) {
    self.source = source
    self.named = named
    isPending = false
    self.place = place ?? source.path
    path = SourcePath(self.place, outside: outside)
    isPending = isNamed
  }

  /// The same file with another text.
  package func with(bytes: [UInt8]) -> ProjectFile {
    var result = self
    result.source = SourceFile(path: source.path, bytes: bytes)
    return result
  }

  /// The path below the root of the repository, or below the folder that was named where there is none.
  package var pathInRepository: String { (path.folders + [path.name]).joined(separator: "/") }

  /// Whether the user named the file itself.
  package var isNamed: Bool { named > path.folders.count }
}
