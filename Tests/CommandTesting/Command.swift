public import Foundation
import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// The built `sqllock`, run as its users run it.
public enum Command {
  /// What a run left behind.
  public struct Outcome: Sendable, Equatable {
    /// The exit code; nil when a signal ended it.
    public let code: Int?
    /// The bytes of standard output, as UTF-8.
    public let output: String
    /// The bytes of standard error, as UTF-8.
    public let error: String

    /// An outcome, to compare with.
    public init(code: Int?, output: String, error: String) {
      self.code = code
      self.output = output
      self.error = error
    }

    /// The lines of standard output.
    public var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// The binary is not where the tests are.
  public struct NotBuilt: Error, CustomStringConvertible {
    /// What to do.
    public let description = "there is no `sqllock` beside the tests; run `swift build` first"
  }

  /// Runs `sqllock` with arguments in a folder.
  public static func run(
    _ arguments: [String], in folder: URL, input: [UInt8] = [],
    environment: [String: String] = [:]
  ) async throws -> Outcome {
    try await run(
      try binary().path, arguments, in: folder, input: input, environment: environment)
  }

  /// Runs a shell script, in which `"$sqllock"` is the binary.
  public static func shell(
    _ script: String, in folder: URL, input: [UInt8] = []
  ) async throws -> Outcome {
    try await run(
      "/bin/sh", ["-c", script], in: folder, input: input,
      environment: ["sqllock": binary().path])
  }

  private static func run(
    _ executable: String, _ arguments: [String], in folder: URL, input: [UInt8] = [],
    environment: [String: String]
  ) async throws -> Outcome {
    var variables = inherited
    for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
    // From a file: a pipe to a process that ends without reading it would end the tests as well.
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(input).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let result = try await Subprocess.run(
      .path(FilePath(executable)), arguments: Arguments(arguments),
      environment: .custom(variables), workingDirectory: FilePath(folder.path),
      input: .fileDescriptor(
        .open(FilePath(file.path), .readOnly), closeAfterSpawningProcess: true),
      output: .bytes(limit: 1 << 28), error: .bytes(limit: 1 << 28))
    var code: Int?
    if case .exited(let status) = result.terminationStatus { code = Int(status) }
    return Outcome(
      code: code, output: String(decoding: result.standardOutput, as: UTF8.self),
      error: String(decoding: result.standardError, as: UTF8.self))
  }

  /// The environment without what would change the output or lead git elsewhere.
  private static var inherited: [Environment.Key: String] {
    let names = ["NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "COLUMNS"]
    var variables: [Environment.Key: String] = [:]
    for (name, value) in ProcessInfo.processInfo.environment
    where !names.contains(name) && !name.hasPrefix("SQLLOCK_") && !name.hasPrefix("GIT_") {
      variables[Environment.Key(stringLiteral: name)] = value
    }
    return variables
  }

  /// The binary in the build folder that the running tests lie in.
  public static func binary() throws -> URL {
    let places =
      CommandLine.arguments + [Bundle.main.bundlePath] + Bundle.allBundles.map(\.bundlePath)
    for place in places where place.hasPrefix("/") {
      var folder = URL(filePath: place)
      for _ in 0..<4 {
        folder.deleteLastPathComponent()
        let binary = folder.appending(path: "sqllock")
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: binary.path, isDirectory: &isFolder),
          !isFolder.boolValue
        {
          return binary
        }
      }
    }
    throw NotBuilt()
  }
}
