import Diagnostics
package import PostgresSyntax

/// Recognises the tool that a file is written for, by its name, its neighbours and its comments.
package struct MigrationTool {
  /// Whether a file exists, by its path; neighbours such as `atlas.sum` tell a tool.
  private let neighbours: Neighbours

  /// Looks for neighbours with `exists`.
  package init(exists: @escaping (String) -> Bool) { neighbours = Neighbours(exists: exists) }

  private func exists(_ path: String) -> Bool { neighbours.exists(path) }

  /// Asks for every path once: the files of a folder have the same neighbours.
  private final class Neighbours {
    private let lookUp: (String) -> Bool
    private var known: [String: Bool] = [:]

    init(exists: @escaping (String) -> Bool) { lookUp = exists }

    func exists(_ path: String) -> Bool {
      if let known = known[path] { return known }
      let result = lookUp(path)
      known[path] = result
      return result
    }
  }

  /// The sections of a file, in the order of the text.
  package func sections(of file: ParsedFile) -> [SourceSection] {
    let end = file.source.bytes.count
    if let divided = dividedByComments(file) { return divided }
    let path = SourcePath(file.source.path)
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
    if path.startsWithDigit(path.name), path.folders.contains(where: SourcePath.isMigrationFolder) {
      return whole(.migration)
    }
    // Seeds and fixtures are loaded once, by one, like a migration.
    if path.isSeed { return whole(.migration, .statement) }
    return whole(.application, .statement)
  }

  private func isDump(_ file: ParsedFile, _ path: SourcePath) -> Bool {
    path.name == "structure.sql"
      || file.comments.prefix(8).contains {
        file.source.bytes[$0].starts(with: "-- PostgreSQL database dump".utf8)
      }
  }

  private func sqitch(_ path: SourcePath) -> Bool? {
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
    for range in file.comments where Self.mayMark(file.source.bytes[range]) {
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

  /// Whether a comment begins like one of the marks, told from its bytes.
  private static func mayMark(_ comment: ArraySlice<UInt8>) -> Bool {
    let text = comment.dropFirst(2).drop { $0 == 0x20 || $0 == 0x09 }.prefix(8)
    return ["+goose", "migrate:", "up migra", "down mig", "liquibas", "changese"].contains { mark in
      text.count >= mark.utf8.count && zip(text, mark.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
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
}
