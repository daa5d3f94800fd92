import Foundation
import Testing

/// One statement of the conformance tables and the locks it takes.
struct ConformanceLine: Sendable, CustomTestStringConvertible {
  let file: String
  let number: Int
  /// All but the last only prepare the ground, in the same transaction.
  let statements: [String]
  /// In the order in which they are taken; nil where nothing was recorded.
  var locks: [ConformanceLock]?
  /// What is not written as a lock.
  let unreadable: [String]

  /// The one whose locks count.
  var statement: String { statements[statements.count - 1] }
  /// It says so itself.
  var isAboutIndexes: Bool { statement.contains("INDEX ") }
  /// Those before it.
  var preparation: ArraySlice<String> { statements.dropLast() }
  var place: String { "\(file):\(number)" }
  var testDescription: String { "\(place) \(statements.joined(separator: " ;; "))" }
}

/// Statements with one schema.
struct ConformanceFamily: Sendable, CustomTestStringConvertible {
  let name: String
  let schema: String
  var lines: [ConformanceLine]

  /// Its statements can't run in a transaction block.
  var isOutsideTransaction: Bool { name.hasSuffix("outside a transaction") }
  var testDescription: String { name }
}

/// One file of the folder `conformance`.
struct ConformanceFile: Sendable {
  /// A part of the text, in its order.
  private enum Part {
    case text(String)
    case statement(number: Int, text: String)
  }

  let name: String
  private(set) var families: [ConformanceFamily] = []
  private var parts: [Part] = []

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "conformance")

  /// All files, by name.
  static func all() throws -> [ConformanceFile] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".txt") }.sorted().map { name in
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        return ConformanceFile(name: name, text)
      }
  }

  /// All families of all files.
  static func families() throws -> [ConformanceFamily] { try all().flatMap(\.families) }

  init(name: String, _ text: String) {
    self.name = name
    split(text)
    read()
  }

  // MARK: Reading

  /// Cuts the text into statements, with the lines that go on with them, and all other lines.
  private mutating func split(_ text: String) {
    var isSchema = false
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if isSchema || line.isEmpty || line.hasPrefix("#") || Self.isHeading(line) {
        isSchema = (isSchema && !line.isEmpty) || line == "schema"
        parts.append(.text(line))
      } else if line.hasPrefix(" "), case .statement(let number, let start)? = parts.last {
        parts[parts.count - 1] = .statement(number: number, text: start + line)
      } else {
        parts.append(.statement(number: index + 1, text: line))
      }
    }
  }

  private static func isHeading(_ line: String) -> Bool {
    !line.contains("⟼") && !line.hasPrefix(" ") && line == line.lowercased()
  }

  private mutating func read() {
    var common = ""
    var schema: String?
    for part in parts {
      switch part {
      case .statement(let number, let text):
        families[families.count - 1].lines.append(line(number, text))
      case .text("schema"):
        schema = ""
      case .text(let line):
        if let started = schema, !line.isEmpty {
          schema = started + line + "\n"
        } else if let finished = schema {
          schema = nil
          if let family = families.popLast() {
            families.append(ConformanceFamily(name: family.name, schema: finished, lines: []))
          } else {
            common = finished
          }
        } else if !line.isEmpty, !line.hasPrefix("#") {
          families.append(ConformanceFamily(name: line, schema: common, lines: []))
        }
      }
    }
  }

  private func line(_ number: Int, _ text: String) -> ConformanceLine {
    let sides = text.components(separatedBy: " ⟼ ")
    let words =
      sides.count < 2 || sides[1] == "nothing" ? [] : sides[1].components(separatedBy: "; ")
    return ConformanceLine(
      file: name, number: number, statements: sides[0].components(separatedBy: " ;; "),
      locks: sides.count < 2 ? nil : words.compactMap { ConformanceLock($0) },
      unreadable: words.filter { ConformanceLock($0) == nil } + sides.dropFirst(2))
  }

  // MARK: Writing

  /// Replaces what the lines of these numbers are said to lock.
  func write(_ locks: [Int: [ConformanceLock]]) throws {
    let text = parts.map { part in
      switch part {
      case .text(let line): line
      case .statement(let number, let text):
        if let new = locks[number] {
          Self.wrap(text.components(separatedBy: " ⟼ ")[0] + " ⟼ " + new.text)
        } else {
          Self.wrap(text)
        }
      }
    }
    try text.joined(separator: "\n")
      .write(to: Self.folder.appending(path: name), atomically: true, encoding: .utf8)
  }

  /// Breaks a long line: before the arrow, between words of the statement and between locks.
  private static func wrap(_ text: String) -> String {
    let sides = text.components(separatedBy: " ⟼ ")
    guard text.count > width, sides.count == 2 else { return text }
    let words = sides[0].components(separatedBy: " ")
    let locks = sides[1].components(separatedBy: "; ")
    let marked = locks.dropLast().map { $0 + ";" } + locks.suffix(1)
    return fill(words) + "\n " + fill(["⟼ " + marked[0]] + marked.dropFirst())
  }

  private static let width = 110

  private static func fill(_ words: [String]) -> String {
    var lines = [words[0]]
    for word in words.dropFirst() {
      let last = lines[lines.count - 1]
      if last.count + word.count < width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines.joined(separator: "\n ")
  }
}
