import Diagnostics
import PostgresSyntax
import Subprocess

/// Finds the files that a command line names.
struct FileFinder {
  /// The paths in the order of their names; folders stand for the `.sql` files below them that git
  /// does not ignore. Throws `UserError` for a path that is not there.
  static func find(_ arguments: [String]) async throws -> [String] {
    var files: [String] = []
    for argument in arguments.isEmpty ? ["."] : arguments {
      switch FileSystem.kind(of: argument) {
      case .file: files.append(argument)
      case .directory: files += try await below(argument)
      case .missing: throw UserError(message: "\(argument): no such file or directory")
      }
    }
    var seen: Set<String> = []
    return files.filter { seen.insert(FileSystem.canonical($0)).inserted }
  }

  private static func below(_ folder: String) async throws -> [String] {
    let prefix =
      folder == "." || folder == "./" ? "" : folder.hasSuffix("/") ? folder : folder + "/"
    if isInGit(folder), let names = await gitFiles(folder) {
      return names.map { prefix + $0 }.filter { FileSystem.kind(of: $0) == .file }.sorted()
    }
    return try FileSystem.walk(folder).map { path in
      prefix.isEmpty && path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    }.sorted()
  }

  private static func isInGit(_ folder: String) -> Bool {
    var path = FileSystem.canonical(folder)
    while true {
      if FileSystem.exists(path + "/.git") { return true }
      guard let slash = path.lastIndex(of: "/"), path != "/" else { return false }
      path = String(path[..<slash])
    }
  }

  /// What git tracks or would track below a folder; nil when git can't tell.
  private static func gitFiles(_ folder: String) async -> [String]? {
    let arguments = [
      "-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard",
    ]
    let result = try? await run(
      .name("git"), arguments: Arguments(arguments), input: .none,
      output: .bytes(limit: 1 << 28), error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return result.standardOutput.split(separator: 0)
      .map { String(decoding: $0, as: UTF8.self) }
      .filter { FileSystem.isSQL($0) }
  }

  /// Reads files on several threads, in the order given. Throws the first `UserError`.
  static func read(_ paths: [String], threads: Int) throws -> [SourceFile] {
    let read = LargeStack.map(count: paths.count, threads: threads) { index in
      Result<SourceFile, UserError> { () throws(UserError) in
        SourceFile(path: paths[index], bytes: try FileSystem.read(paths[index]))
      }
    }
    return try read.map { try $0.get() }
  }
}
