import Diagnostics
import Linting
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

    /// The absolute path of a file in it, without links in its folders' names.
    func path(of file: String) -> String { place.path(of: file, below: prefix) }
  }

  /// What was found.
  struct Found {
    /// In the order of their names.
    var files: [Candidate] = []
    /// The other files of the folders.
    var others: [String] = []
    /// The absolute paths of the folders that are roots of repositories, so that all of their programs
    /// are there.
    var roots: [String] = []
  }

  /// What the paths stand for: folders for the SQL files below them that git does not ignore
  /// and the configuration does not leave out. Throws `UserError` for a path that is not there.
  static func find(
    _ arguments: [String], for configuration: Linting.Configuration, isStaged: Bool, isQuiet: Bool
  ) async throws -> Found {
    var result = Found()
    for argument in arguments {
      switch try FileSystem.kind(of: argument) {
      case .file: result.files.append(Candidate(path: argument, folder: nil))
      case .directory:
        let prefix =
          argument == "." || argument == "./"
          ? "" : argument.hasSuffix("/") ? argument : argument + "/"
        let folder = NamedFolder(prefix: prefix, place: Place(of: argument))
        let found = try await below(argument, folder, isStaged: isStaged, isQuiet: isQuiet)
        result.files += found.files.filter { configuration.looks(at: folder.path(of: $0)) }
          .map { Candidate(path: $0, folder: folder) }
        result.others += found.others.filter { !configuration.excludes(folder.path(of: $0)) }
        if folder.place.isRepository { result.roots.append(folder.place.path) }
      }
    }
    return result
  }

  private static func below(
    _ folder: String, _ named: NamedFolder, isStaged: Bool, isQuiet: Bool
  ) async throws -> (files: [String], others: [String]) {
    let prefix = named.prefix
    if named.place.isInRepository {
      if let names = try await gitFiles(folder, prefix, isStaged: isStaged) {
        return (names.files.sorted(), names.others.sorted())
      }
      if !isQuiet {
        Output.errorLine(
          "warning: git does not list the files of \(folder); those that it ignores are read too")
      }
    }
    func relative(_ path: String) -> String {
      prefix.isEmpty && path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    }
    let found = try FileSystem.walk(folder)
    return (found.files.map(relative).sorted(), found.others.map(relative).sorted())
  }

  /// What git tracks or would track below a folder, or has staged there, each path behind a prefix; nil when git can't
  /// tell.
  private static func gitFiles(
    _ folder: String, _ prefix: String, isStaged: Bool
  ) async throws -> (files: [String], others: [String])? {
    let arguments =
      ["-C", folder, "ls-files", "-z", "--cached"]
      + (isStaged ? [] : ["--others", "--exclude-standard"])
    let result = try? await run(
      .name("git"), arguments: Arguments(arguments), input: .none,
      output: .bytes(limit: 1 << 28), error: .string(limit: 1 << 20))
    guard let result, result.terminationStatus.isSuccess else { return nil }
    // A folder that it can't read is a warning to git.
    for line in result.standardError.split(separator: "\n") where line.hasPrefix("warning: ") {
      Output.errorLine("warning: git: " + line.dropFirst("warning: ".count))
    }
    var files: [String] = []
    var others: [String] = []
    for bytes in result.standardOutput.split(separator: 0) where !FileSystem.isHidden(bytes) {
      let path = prefix + String(decoding: bytes, as: UTF8.self)
      if FileSystem.isSQL(path) {
        try FileSystem.requireText(bytes, path)
        files.append(path)
      } else {
        others.append(path)
      }
    }
    return (files, others)
  }

  /// Reads files on several threads, in the order given, each once under whatever names it was
  /// found, without one that something else stands for; those that are `staged`, by their absolute
  /// paths, as they are there. Throws the first `UserError`.
  static func read(
    _ files: [Candidate], staged: [String: [UInt8]], except replaced: FileSystem.Identity?,
    threads: Int
  ) throws -> [ProjectFile] {
    let read = LargeStack.map(count: files.count, threads: threads) { index in
      Result<FileSystem.Content?, UserError> { () throws(UserError) in
        try FileSystem.read(files[index].path, orSkip: files[index].folder != nil)
      }
    }
    var seen = Set([replaced].compactMap { $0 })
    return try zip(files, read).compactMap { file, result in
      if let folder = file.folder, let bytes = staged[folder.path(of: file.path)] {
        _ = try result.get().map { seen.insert($0.identity) }
        return folder.place.file(SourceFile(path: file.path, bytes: bytes), below: folder.prefix)
      }
      guard let content = try result.get(), seen.insert(content.identity).inserted else {
        return nil
      }
      let source = SourceFile(path: file.path, bytes: content.bytes)
      guard let folder = file.folder else { return Place.file(source) }
      return folder.place.file(source, below: folder.prefix)
    }
  }
}
