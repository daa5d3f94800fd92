import Diagnostics
import LockAnalysis
import PostgresSyntax
import Subprocess

/// Finds the files that a command line names.
struct FileFinder {
  /// A file that may be read.
  struct Candidate: Sendable {
    let path: String
    /// The folder that it was found in; nil when the user named the file itself. One that was found
    /// may be gone or be no file.
    let folder: NamedFolder?
  }

  /// A folder that the user named.
  struct NamedFolder: Sendable {
    /// As it was written, with a slash at its end; empty for the working directory.
    let prefix: String
    let place: Place
  }

  /// The paths in the order of their names; folders stand for the SQL files below them that git
  /// does not ignore. Throws `UserError` for a path that is not there.
  static func find(_ arguments: [String], isQuiet: Bool) async throws -> [Candidate] {
    var files: [Candidate] = []
    for argument in arguments {
      switch try FileSystem.kind(of: argument) {
      case .file: files.append(Candidate(path: argument, folder: nil))
      case .directory:
        let prefix =
          argument == "." || argument == "./"
          ? "" : argument.hasSuffix("/") ? argument : argument + "/"
        let folder = NamedFolder(prefix: prefix, place: Place(of: argument))
        files += try await below(argument, folder, isQuiet: isQuiet).map {
          Candidate(path: $0, folder: folder)
        }
      }
    }
    return files
  }

  private static func below(
    _ folder: String, _ named: NamedFolder, isQuiet: Bool
  ) async throws -> [String] {
    let prefix = named.prefix
    if named.place.isInRepository {
      if let names = try await gitFiles(folder, prefix) { return names.sorted() }
      if !isQuiet {
        Output.errorLine(
          "warning: git does not list the files of \(folder); those that it ignores are read too")
      }
    }
    return try FileSystem.walk(folder).map { path in
      prefix.isEmpty && path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    }.sorted()
  }

  /// What git tracks or would track below a folder, each path behind a prefix; nil when git can't
  /// tell.
  private static func gitFiles(_ folder: String, _ prefix: String) async throws -> [String]? {
    let arguments = [
      "-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard",
    ]
    let result = try? await run(
      .name("git"), arguments: Arguments(arguments), input: .none,
      output: .bytes(limit: 1 << 28), error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return try result.standardOutput.split(separator: 0).compactMap { bytes in
      let path = prefix + String(decoding: bytes, as: UTF8.self)
      guard FileSystem.isSQL(path) else { return nil }
      try FileSystem.requireText(bytes, path)
      return path
    }
  }

  /// Reads files on several threads, in the order given, each once under whatever names it was
  /// found, without one that something else stands for. Throws the first `UserError`.
  static func read(
    _ files: [Candidate], except replaced: FileSystem.Identity?, threads: Int
  ) throws -> [ProjectFile] {
    let read = LargeStack.map(count: files.count, threads: threads) { index in
      Result<FileSystem.Content?, UserError> { () throws(UserError) in
        try FileSystem.read(files[index].path, orSkip: files[index].folder != nil)
      }
    }
    var seen = Set([replaced].compactMap { $0 })
    return try zip(files, read).compactMap { file, result in
      guard let content = try result.get(), seen.insert(content.identity).inserted else {
        return nil
      }
      let source = SourceFile(path: file.path, bytes: content.bytes)
      guard let folder = file.folder else { return Place.file(source) }
      return folder.place.file(source, below: folder.prefix)
    }
  }
}
