public import Foundation

/// Programs in Python that read what sqllock writes.
public enum Python {
  /// What a script came to.
  public struct Outcome: Sendable {
    /// The exit code.
    public let status: Int32
    /// Standard output and standard error.
    public let output: String
  }

  /// Where `make test-packages` installs them.
  public static var folder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: ".build/python/bin")
  }

  /// Whether they are there; in continuous integration they are, or tests fail.
  public static var isExpected: Bool {
    ProcessInfo.processInfo.environment["CI"] == "true"
      || FileManager.default.fileExists(atPath: folder.appending(path: "python3").path)
  }

  /// Runs a script that finds a text in the file named by its first argument.
  public static func run(_ script: String, on text: String) throws -> Outcome {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "sqllock-\(UUID().uuidString)")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = folder.appending(path: "python3")
    process.arguments = ["-c", script, file.path]
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
  }
}
