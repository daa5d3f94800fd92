import CommandTesting
import Foundation
import Testing

/// A project in `examples/`, with the output that is expected of a command in its folder.
///
/// `SQLLOCK_RECORD=1 swift test --filter ExampleTests` writes the expected files anew.
struct Example: Sendable, CustomTestStringConvertible {
  /// Such as `widgets/broken`.
  let name: String
  let arguments: [String]
  /// The name of the file with the output.
  let file: String

  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "examples")
  static let isRecording = ProcessInfo.processInfo.environment["SQLLOCK_RECORD"] == "1"

  var testDescription: String { "\(name)/\(file)" }
  var folder: URL { Self.root.appending(path: name) }
  var url: URL { folder.appending(path: file) }

  /// The stories that have a broken and a repaired form.
  static func stories() throws -> [String] {
    try contents(of: "").filter { isFolder("\($0)/broken") && isFolder("\($0)/repaired") }
  }

  /// Each folder of `examples/`, or `broken` and `repaired` in it where it has them.
  static func folders() throws -> [String] {
    try contents(of: "").filter { isFolder($0) }.flatMap { story -> [String] in
      let forms = ["broken", "repaired"].map { "\(story)/\($0)" }.filter(isFolder)
      return forms.isEmpty ? [story] : forms
    }
  }

  /// What `lint` prints in each folder, and other commands in some.
  static func all() throws -> [Example] {
    try folders().flatMap { name in
      // What migrations do to the application is not shown unasked.
      let isVerbose = exists("\(name)/migrations")
      let lint = Example(
        name: name, arguments: ["lint", "--color", "never"] + (isVerbose ? ["-v"] : []) + ["."],
        file: "expected.txt")
      let locks = Example(
        name: name, arguments: ["locks", "--color", "never", "."], file: "expected-locks.txt")
      let orders = ["order", "graph"].map { command in
        Example(name: name, arguments: [command, "."], file: "expected-\(command).txt")
      }
      func isOf(_ stories: String...) -> Bool { stories.contains { name.hasPrefix($0 + "/") } }
      return [lint] + (isOf("transfer", "counters", "sqlc-bank") ? [locks] : [])
        + (isOf("opposite-orders", "sqlc-bank") ? orders : [])
    }
  }

  static func contents(of folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path).sorted()
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(
      atPath: root.appending(path: path).path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// What the command prints today, under its exit code.
  func actual(_ more: [String] = []) async throws -> String {
    let outcome = try await Command.run(arguments + more, in: folder)
    return "exit: \(outcome.code.map(String.init) ?? "none")\n\(outcome.output)"
  }

  /// What was recorded; nil when there is no such file.
  var expected: String? { try? String(contentsOf: url, encoding: .utf8) }
}
