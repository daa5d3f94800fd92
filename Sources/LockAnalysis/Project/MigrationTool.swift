import Diagnostics
import PostgresSyntax

/// Recognises the tool that a file is written for, by its name, its neighbours and its comments.
struct MigrationTool {
  /// Whether a file exists, by its path; neighbours such as `atlas.sum` tell a tool.
  private let neighbours: Neighbours
  private let contents: (String) -> [UInt8]?

  /// Looks for neighbours with `exists`, and into them with `contents`.
  init(contents: @escaping (String) -> [UInt8]?, exists: @escaping (String) -> Bool) {
    neighbours = Neighbours(exists: exists)
    self.contents = contents
  }

  /// Whether there is a file.
  func exists(_ path: String) -> Bool { neighbours.exists(path) }

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

  /// How a file of PostgreSQL's SQL is read, by what it says and by where it stands; with the
  /// transactions that the configuration asks for, if it does.
  func reading(
    of file: ParsedFile, at path: SourcePath, in sequences: FileSequences,
    _ boundary: TransactionBoundary?
  ) -> FileReading {
    let sidecar = Sidecar(of: path)?.asksForNoTransaction(contents) ?? false
    return toolReading(of: file, at: path, in: sequences).withBoundary(boundary)
      .withOwnBoundaries(of: file, isWithout: sidecar)
  }

  /// How a file is read of which the configuration says what it is.
  func reading(
    of file: ParsedFile, at path: SourcePath, in sequences: FileSequences, as role: SourceRole,
    why: String, _ boundary: TransactionBoundary?
  ) -> FileReading {
    let guess = reading(of: file, at: path, in: sequences, boundary)
    guard guess.role != role else { return guess.because(why) }
    let isReverse = role == .migration && Self.isReverse(path)
    let sidecar = Sidecar(of: path)?.asksForNoTransaction(contents) ?? false
    return whole(
      file, role, why, isReverse: isReverse,
      boundary ?? (role == .migration ? .section : .statement)
    ).withOwnBoundaries(of: file, isWithout: sidecar)
  }

  private func toolReading(
    of file: ParsedFile, at path: SourcePath, in sequences: FileSequences
  ) -> FileReading {
    if let (sections, tool) = dividedByComments(file) {
      return FileReading(
        role: .migration, why: "has the comments of \(tool)", sections: sections)
    }
    if let why = dump(file, path) { return whole(file, .schema, why, .statement) }
    if let (why, boundary) = migration(file, path, sequences) {
      return whole(file, .migration, why, isReverse: Self.isReverse(path), boundary)
    }
    return whole(
      file, .application, "nothing tells of a migration, a dump or a test", .statement)
  }

  /// How a script of an extension is read whose work a newer one does.
  func replaced(_ file: ParsedFile, by newer: String) -> FileReading {
    var reading = whole(
      file, .migration, "replaced by `\(newer)`, a newer version of the extension",
      isReverse: true, .section)
    reading.isReplaced = true
    return reading
  }

  func whole(
    _ file: ParsedFile, _ role: SourceRole, _ why: String, isReverse: Bool = false,
    _ boundary: TransactionBoundary
  ) -> FileReading {
    let section = SourceSection(
      range: 0..<file.source.bytes.count, role: role, isReverse: isReverse, boundary: boundary)
    return FileReading(role: role, why: why, sections: [section])
  }

  /// Why a file is run once, with its transactions; nil when nothing says so.
  private func migration(
    _ file: ParsedFile, _ path: SourcePath, _ sequences: FileSequences
  ) -> (why: String, TransactionBoundary)? {
    if path.name.hasSuffix(".up.sql") || path.name.hasSuffix(".down.sql") {
      return ("ends with `.\(path.endings.suffix(2).joined(separator: "."))`", .section)
    }
    if path.isFlyway { return ("named as Flyway names them", .section) }
    if path.isFlywayCallback { return ("named as Flyway's callbacks are", .section) }
    if SequenceNumber.leads(path.folder), Self.directions.contains(path.name) {
      let isByStatement = PrismaProject(of: path)?.runsStatements(contents) ?? false
      return ("`\(path.name)` in a numbered folder", isByStatement ? .statement : .section)
    }
    if sqitchFolder(path) != nil { return ("in a folder of `sqitch.plan`", .statement) }
    if hasComment(file, "> statement-breakpoint") { return ("has drizzle's breakpoints", .pending) }
    let neighbours: [(String, TransactionBoundary)] = [
      ("meta/_journal.json", .pending), ("atlas.sum", .section),
    ]
    for (neighbour, boundary) in neighbours where exists(path.directory + neighbour) {
      return ("beside `\(neighbour)`", boundary)
    }
    if let folder = path.folders.last(where: SourcePath.isMigrationFolder),
      SequenceNumber.leads(path.name) || SequenceNumber.isDated(path.stem)
    {
      return ("numbered, in `\(folder)/`", .section)
    }
    if let why = sequences.reason(path) { return (why, .section) }
    if SourcePath.isMigrationFolder(path.folder) { return ("in `\(path.folder)/`", .section) }
    return runOnce(path).map { ($0, .statement) }
  }

  private static let directions: Set<String> = ["up.sql", "down.sql", "migration.sql"]

  /// Words for what is run once, or now and then, by hand.
  private static let chores: Set<String> = [
    "backfill", "backfills", "hotfix", "hotfixes", "datafix", "datafixes", "adhoc", "experiment",
    "experiments",
  ]
  /// Words that say so at the beginning of a name: `validate-grants.sql`, `demo.sql`.
  private static let trials: Set<String> = [
    "validate", "verify", "sanity", "demo", "playground", "scratch",
  ]

  /// Why a script is run once, by its name alone.
  private func runOnce(_ path: SourcePath) -> String? {
    let stem = path.stem
    if SequenceNumber.isExtension(stem) { return "named as the scripts of extensions are" }
    if SequenceNumber.isDated(stem) { return "has a date in its name" }
    if SequenceNumber.hasTicket(stem) { return "has a ticket in its name" }
    if let chore = SourcePath.words(stem).first(where: Self.chores.contains) {
      return "called a \(chore)"
    }
    if let trial = SourcePath.words(stem).first, Self.trials.contains(trial) {
      return "called `\(trial)`: run by hand"
    }
    if let name = Self.installation(SourcePath.words(stem)) { return "called `\(name)`" }
    if TestFiles.isSeed(path) { return "loaded once, as seeds are" }
    let folder = path.folders.last {
      SourcePath.words($0).count == 1 && Self.chores.contains($0.lowercased())
    }
    return folder.map { "in `\($0)/`" }
  }

  /// The word for what a person does to a whole database: `install`, `uninstall`, `upgrade`, the last
  /// alone or with versions, as in `UPGRADE_v1_to_v2.sql`.
  private static func installation(_ words: [String]) -> String? {
    guard let first = words.first else { return nil }
    if first == "install" || first == "uninstall" { return first }
    let hasVersion = words.dropFirst().contains { word in
      (word.first == "v" ? word.dropFirst() : word[...]).first?.isNumber ?? false
    }
    return first == "upgrade" && (words.count == 1 || hasVersion) ? first : nil
  }

  /// Whether a migration undoes what another does.
  private static func isReverse(_ path: SourcePath) -> Bool {
    if path.name == "down.sql" || path.isFlyway && path.name.first == "U" { return true }
    if path.folders.contains(where: { ["revert", "down"].contains($0) }) { return true }
    let words = SourcePath.words(path.name).dropLast()
    return words.last.map { ["down", "downgrade", "undo", "revert", "rollback"].contains($0) }
      ?? false
  }

  private func dump(_ file: ParsedFile, _ path: SourcePath) -> String? {
    if path.name == "structure.sql" { return "called `structure.sql`" }
    let isDump = file.comments.prefix(8).contains {
      file.source.bytes[$0].starts(with: "-- PostgreSQL database dump".utf8)
    }
    return isDump ? "has the head of pg_dump" : nil
  }

  /// `deploy`, `revert` or `verify` beside `sqitch.plan`.
  private func sqitchFolder(_ path: SourcePath) -> String? {
    guard let index = SqitchPlans.folder(of: path),
      exists(path.directory(index) + "sqitch.plan")
    else { return nil }
    return path.folders[index]
  }

  private func hasComment(_ file: ParsedFile, _ text: String) -> Bool {
    file.comments.contains { range in
      file.source.bytes[range].dropFirst(2).starts(with: text.utf8)
    }
  }

  // MARK: Directions

  private enum Mark { case up, down }

  /// goose, dbmate, node-pg-migrate and Liquibase put both directions into one file.
  private func dividedByComments(
    _ file: ParsedFile
  ) -> (sections: [SourceSection], tool: String)? {
    var marks: [(offset: Int, mark: Mark, boundary: TransactionBoundary)] = []
    var noTransaction = false
    var isLiquibase = false
    var tool = ""
    for range in file.comments where Self.mayMark(file.source.bytes[range]) {
      let text = file.source.text(range).dropFirst(2).drop(while: \.isWhitespace).lowercased()
      if text.hasPrefix("+goose no transaction") { noTransaction = true }
      if text.hasPrefix("liquibase formatted sql") { isLiquibase = true }
      if isLiquibase, text.hasPrefix("changeset") {
        let own = text.contains("runintransaction:false")
        marks.append((range.lowerBound, .up, own ? .statement : .section))
        tool = "Liquibase"
      } else if let mark = Self.mark(text) {
        tool =
          text.hasPrefix("+") ? "goose" : text.hasPrefix("m") ? "dbmate" : "node-pg-migrate"
        // node-pg-migrate runs all that is pending in one transaction.
        let isOwn = text.hasPrefix("+") || text.hasPrefix("m")
        marks.append((range.lowerBound, mark, isOwn ? .section : .pending))
      }
    }
    guard !marks.isEmpty else { return nil }
    let sections = marks.indices.map { index in
      let end = index + 1 < marks.count ? marks[index + 1].offset : file.source.bytes.count
      let start = index == 0 ? 0 : marks[index].offset
      return SourceSection(
        range: start..<end, role: .migration, isReverse: marks[index].mark == .down,
        boundary: noTransaction ? .statement : marks[index].boundary)
    }
    return (sections, tool)
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
