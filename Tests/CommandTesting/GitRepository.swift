public import Foundation

/// A repository in a folder of its own.
public struct GitRepository: Sendable {
  /// Where it is.
  public let folder: URL

  /// Makes one with files that are committed, runs `body` and removes it.
  public static func with<Result>(
    _ files: [String: String], _ body: (GitRepository) async throws -> Result
  ) async throws -> Result {
    try await TemporaryFolder.with(files) { folder in
      let repository = GitRepository(folder: folder)
      try await repository.git("init", "--quiet", "--initial-branch", "main")
      try await repository.commit()
      return try await body(repository)
    }
  }

  /// Commits everything.
  public func commit() async throws {
    try await git("add", "--all")
    try await git("commit", "--quiet", "--allow-empty", "--message", "x")
  }

  /// Runs git and returns what it writes; fails where git does.
  @discardableResult
  public func git(_ arguments: String..., input: String = "") async throws -> String {
    let quoted = arguments.map { "'" + $0.replacing("'", with: "'\\''") + "'" }
    let identity = "-c user.name=x -c user.email=x@example.org -c commit.gpgsign=false"
    let outcome = try await Command.shell(
      "git \(identity) \(quoted.joined(separator: " "))", in: folder, input: Array(input.utf8))
    guard outcome.code == 0 else { throw Failure(description: outcome.error) }
    return outcome.output
  }

  /// What git has to say where it fails.
  public struct Failure: Error, CustomStringConvertible {
    /// Its message.
    public let description: String
  }

  /// Writes a file.
  public func write(_ text: String, to path: String) throws {
    try TemporaryFolder.write(Data(text.utf8), to: path, in: folder)
  }

  /// The text of a file.
  public func read(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }
}
