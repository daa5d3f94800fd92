import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// What git knows of a repository.
struct Git {
  /// The absolute path of the repository, without links.
  let root: String

  /// The repository that a folder is in. Throws `UserError` where there is none.
  init(above folder: String) async throws(UserError) {
    let output = try await Self.run(["rev-parse", "--show-toplevel"], in: folder)
    root = FileSystem.canonical(String(decoding: output.dropLast(), as: UTF8.self))
  }

  /// What git writes to its standard output. Throws `UserError` with the first line of what it has to
  /// say where it fails.
  func run(_ arguments: [String]) async throws(UserError) -> [UInt8] {
    try await Self.run(arguments, in: root)
  }

  /// The paths in a list that zeros divide.
  func paths(_ arguments: [String]) async throws(UserError) -> [String] {
    try await run(arguments).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func run(
    _ arguments: [String], in folder: String
  ) async throws(UserError) -> [UInt8] {
    do {
      let result = try await Subprocess.run(
        .name("git"), arguments: Arguments(["-C", folder] + arguments), input: .none,
        output: .bytes(limit: 1 << 30), error: .string(limit: 1 << 20))
      guard result.terminationStatus.isSuccess else {
        let lines = result.standardError.split(separator: "\n")
        throw UserError(message: "git: " + (lines.first.map(String.init) ?? "failed"))
      }
      return result.standardOutput
    } catch let error as UserError {
      throw error
    } catch {
      throw UserError(message: "git can't be run: \(error)")
    }
  }
}
