import Foundation
import Testing

/// The lines of `row-locks.txt`.
struct LockTable {
  /// One statement and what it locks.
  struct Line: Sendable, CustomTestStringConvertible {
    let number: Int
    let family: String
    let statement: String
    let locks: [String]

    var testDescription: String { "row-locks.txt:\(number) \(statement)" }
  }

  let schema: String
  let lines: [Line]

  /// Reads the file beside this one.
  static func read() throws -> LockTable {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "row-locks.txt")
    return try LockTable(String(contentsOf: url, encoding: .utf8))
  }

  static func lines() throws -> [Line] { try read().lines }

  private init(_ text: String) throws {
    var schema = ""
    var lines: [Line] = []
    var family = ""
    var pending = (number: 0, text: "")
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix(" ") {
        pending.text += line
      } else if family == "schema", line.hasSuffix(";") {
        schema += line + "\n"
        continue
      } else if !line.contains("⟼"), line == line.lowercased() {
        family = line
        continue
      } else {
        pending = (index + 1, line)
      }
      let parts = pending.text.components(separatedBy: " ⟼ ")
      guard parts.count == 2 else { continue }
      let locks = parts[1] == "nothing" ? [] : parts[1].components(separatedBy: "; ")
      lines.append(
        Line(number: pending.number, family: family, statement: parts[0], locks: locks))
    }
    self.schema = schema
    self.lines = lines
  }
}
