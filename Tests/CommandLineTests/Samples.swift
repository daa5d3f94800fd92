import CommandTesting
import Foundation

/// Texts that many tests lint.
enum Samples {
  static let table = "CREATE TABLE c (id int PRIMARY KEY, v int);\n"
  /// A warning of `unordered-bulk-write` at its start.
  static let unordered = "UPDATE c SET v = 1;\n"
  /// A note of `syntax-error`.
  static let unreadable = "SELEC 1;\n"
  static let function = "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ return 1 $$;\n"

  /// `line:column rule` of what is found in a text.
  static func found(in text: String) async throws -> [String] {
    try await found(in: Array(text.utf8))
  }

  static func found(in bytes: [UInt8]) async throws -> [String] {
    try await TemporaryFolder.with { folder in
      try TemporaryFolder.write(Data(bytes), to: "a.sql", in: folder)
      let outcome = try await Command.run(
        ["lint", "--output-format", "concise", "a.sql"], in: folder)
      guard let code = outcome.code, code < 2 else { return ["\(outcome)"] }
      return outcome.lines.map(place)
    }
  }

  /// `a.sql:2:1: warning[rule] message` → `2:1 rule`.
  private static func place(_ line: String) -> String {
    let parts = line.split(separator: ":", maxSplits: 3)
    guard parts.count == 4, let start = parts[3].firstIndex(of: "["),
      let end = parts[3].firstIndex(of: "]")
    else { return line }
    return "\(parts[1]):\(parts[2]) \(parts[3][parts[3].index(after: start)..<end])"
  }
}
