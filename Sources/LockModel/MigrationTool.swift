import Diagnostics
package import PostgresSyntax

/// Recognises the tool that a file is written for, by its name, its neighbours and its comments.
package struct MigrationTool {
  /// Whether a file exists, by its path; neighbours such as `atlas.sum` tell a tool.
  private let exists: (String) -> Bool

  /// Looks for neighbours with `exists`.
  package init(exists: @escaping (String) -> Bool) { self.exists = exists }

  /// The sections of a file, in the order of the text.
  package func sections(of file: ParsedFile) -> [SourceSection] {
    let end = file.source.bytes.count
    if let divided = dividedByComments(file) { return divided }
    let path = Path(file.source.path)
    func whole(
      _ role: SourceRole, isReverse: Bool = false, _ boundary: TransactionBoundary = .section
    ) -> [SourceSection] {
      [SourceSection(range: 0..<end, role: role, isReverse: isReverse, boundary: boundary)]
    }
    if isDump(file, path) { return whole(.schema, .statement) }
    if path.name.hasSuffix(".up.sql") || path.name.hasSuffix(".down.sql") {
      return whole(.migration, isReverse: path.name.hasSuffix(".down.sql"))
    }
    if let first = path.name.first, "VUR".contains(first), path.isFlyway {
      return whole(.migration, isReverse: first == "U")
    }
    if path.startsWithDigit(path.folder),
      ["up.sql", "down.sql", "migration.sql"].contains(path.name)
    {
      return whole(.migration, isReverse: path.name == "down.sql")
    }
    if let sqitch = sqitch(path) { return whole(.migration, isReverse: sqitch, .statement) }
    if hasComment(file, "> statement-breakpoint")
      || exists(path.directory + "meta/_journal.json") || exists(path.directory + "atlas.sum")
    {
      return whole(.migration)
    }
    if path.startsWithDigit(path.name), path.folders.contains(where: Path.isMigrationFolder) {
      return whole(.migration)
    }
    return whole(.application, .statement)
  }

  private func isDump(_ file: ParsedFile, _ path: Path) -> Bool {
    path.name == "structure.sql"
      || file.comments.prefix(8).contains {
        file.source.text($0).contains("PostgreSQL database dump")
      }
  }

  private func sqitch(_ path: Path) -> Bool? {
    guard
      let index = path.folders.lastIndex(where: { ["deploy", "revert", "verify"].contains($0) })
    else { return nil }
    let root = path.folders[..<index].map { $0 + "/" }.joined()
    guard exists((path.isAbsolute ? "/" : "") + root + "sqitch.plan") else { return nil }
    return path.folders[index] != "deploy"
  }

  private func hasComment(_ file: ParsedFile, _ text: String) -> Bool {
    file.comments.contains { range in
      file.source.bytes[range].dropFirst(2).starts(with: text.utf8)
    }
  }

  // MARK: Directions

  private enum Mark { case up, down }

  /// goose, dbmate, node-pg-migrate and Liquibase put both directions into one file.
  private func dividedByComments(_ file: ParsedFile) -> [SourceSection]? {
    var marks: [(offset: Int, mark: Mark, boundary: TransactionBoundary)] = []
    var noTransaction = false
    var isLiquibase = false
    for range in file.comments {
      let text = file.source.text(range).dropFirst(2).drop(while: \.isWhitespace).lowercased()
      if text.hasPrefix("+goose no transaction") { noTransaction = true }
      if text.hasPrefix("liquibase formatted sql") { isLiquibase = true }
      if isLiquibase, text.hasPrefix("changeset") {
        let own = text.contains("runintransaction:false")
        marks.append((range.lowerBound, .up, own ? .statement : .section))
      } else if let mark = Self.mark(text) {
        marks.append((range.lowerBound, mark, .section))
      }
    }
    guard !marks.isEmpty else { return nil }
    return marks.indices.map { index in
      let end = index + 1 < marks.count ? marks[index + 1].offset : file.source.bytes.count
      let start = index == 0 ? 0 : marks[index].offset
      return SourceSection(
        range: start..<end, role: .migration, isReverse: marks[index].mark == .down,
        boundary: noTransaction ? .statement : marks[index].boundary)
    }
  }

  private static func mark(_ text: String) -> Mark? {
    if text.hasPrefix("+goose up") || text.hasPrefix("migrate:up") || text == "up migration" {
      return .up
    }
    if text.hasPrefix("+goose down") || text.hasPrefix("migrate:down") || text == "down migration" {
      return .down
    }
    return nil
  }

  // MARK: Order

  /// Whether one file's migrations run before another's: numbers compare as numbers, Flyway's
  /// repeatable migrations come last.
  package static func runsBefore(_ left: String, _ right: String) -> Bool {
    let keys = [left, right].map { path -> [NaturalPart] in
      let path = Path(path)
      let isRepeatable = path.isFlyway && path.name.first == "R"
      return path.folders.flatMap { NaturalPart.parts(of: $0) + [.end] }
        + [.number(isRepeatable ? 1 : 0)] + NaturalPart.parts(of: path.name)
    }
    return keys[0].lexicographicallyPrecedes(keys[1])
  }
}

/// A path taken apart.
private struct Path {
  let folders: [String]
  let name: String
  let isAbsolute: Bool

  init(_ path: String) {
    var parts = path.split(separator: "/").map(String.init)
    name = parts.popLast() ?? ""
    folders = parts
    isAbsolute = path.hasPrefix("/")
  }

  var folder: String { folders.last ?? "" }
  var directory: String { (isAbsolute ? "/" : "") + folders.map { $0 + "/" }.joined() }

  /// `V1_2__name.sql`, `R__name.sql`, `U1__name.sql`.
  var isFlyway: Bool {
    guard let first = name.first, "VUR".contains(first), let bars = name.range(ofPair: "_") else {
      return false
    }
    let version = name[name.index(after: name.startIndex)..<bars]
    return first == "R"
      ? version.isEmpty
      : !version.isEmpty && version.allSatisfy { $0.isNumber || $0 == "_" || $0 == "." }
  }

  func startsWithDigit(_ text: String) -> Bool { text.first?.isNumber ?? false }

  static func isMigrationFolder(_ folder: String) -> Bool {
    ["migrations", "migration", "migrate"].contains(folder.lowercased())
  }
}

extension String {
  /// The index of the first character that stands twice in a row.
  fileprivate func range(ofPair character: Character) -> String.Index? {
    var previous: String.Index?
    for index in indices {
      if self[index] == character, let previous, self[previous] == character { return previous }
      previous = index
    }
    return nil
  }
}

/// A stretch of a name that is compared as a whole.
private enum NaturalPart: Comparable {
  case end
  case number(UInt64)
  case text(String)

  static func parts(of name: String) -> [NaturalPart] {
    var result: [NaturalPart] = []
    var rest = Substring(name)
    while let first = rest.first {
      let isDigit = first.isASCII && first.isNumber
      let part = rest.prefix { ($0.isASCII && $0.isNumber) == isDigit }
      result.append(
        isDigit ? UInt64(part).map { .number($0) } ?? .text(String(part)) : .text(String(part)))
      rest = rest.dropFirst(part.count)
    }
    return result
  }
}
