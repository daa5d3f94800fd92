package import Diagnostics
import LockAnalysis
import PostgresSyntax
package import Linting

/// Reads `sqllock.toml`: strictly, so that no setting is lost by a slip of the pen.
package struct ConfigurationReader {
  private let path: String
  private let folder: String
  private let rules: [RuleDescription]
  private let exists: (String) -> Bool

  /// Reads a file that reports call `path`, in a folder by its absolute path without links. `exists`
  /// tells of files by their absolute paths.
  package init(
    path: String, folder: String, rules: [RuleDescription], exists: @escaping (String) -> Bool
  ) {
    self.path = path
    self.folder = folder
    self.rules = rules
    self.exists = exists
  }

  /// What the text asks for. Throws all that is wrong with it.
  package func read(_ text: [UInt8]) throws(ConfigurationErrors) -> Configuration {
    var root: TOMLTable
    do throws(ConfigurationError) {
      guard let table = TOMLTable(try TOMLValue(document: text)) else { return Configuration() }
      root = table
    } catch {
      throw ConfigurationErrors(errors: [error])
    }
    var result = Configuration()
    result.path = path
    result.include = patterns(root.strings("include"), &root)
    result.exclude = patterns(root.strings("exclude"), &root)
    result.failOn = root.word("fail-on", Threshold.self).map(\.severity)
    if let (text, place) = root.string("baseline") {
      if text.isEmpty { root.fail(place, "`baseline` is empty: it is the path of a file") }
      result.baseline = absolute(text)
    }
    result.lockOrder = lockOrder(&root)
    result.severities = severities(&root)
    result.project.sources = root.tables("sources").compactMap { source($0, &root) }
    result.project.transactions = transactions(&root, result)
    let errors = root.close().sorted { $0.place < $1.place }
    guard errors.isEmpty else { throw ConfigurationErrors(errors: errors) }
    return result
  }

  /// The words of `fail-on`.
  private enum Threshold: String, CaseIterable {
    case error, warning, note, never

    var severity: Severity? { Severity(rawValue: rawValue) }
  }

  // MARK: Paths

  private func patterns(
    _ texts: [(text: String, place: TOMLValue.Place)]?, _ table: inout TOMLTable
  ) -> [GlobPattern] {
    for (text, place) in texts ?? [] where text.hasPrefix("!") {
      table.fail(
        place, "`\(text)`: a pattern says what is meant, not what is not; there is `exclude`")
    }
    return (texts ?? []).map { GlobPattern($0.text, in: folder) }
  }

  /// A path below the configuration's folder.
  private func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    let parts = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    return folder == "/" ? "/" + parts : folder + "/" + parts
  }

  /// The patterns of a table that is about some files.
  private func paths(_ table: inout TOMLTable, _ name: String) -> [GlobPattern] {
    guard table.value("paths") != nil else {
      table.fail(table.place, "`paths` is missing: the files that this is about")
      return []
    }
    let texts = table.strings("paths")
    if let texts, texts.isEmpty { table.fail(table.place, "`paths` is empty") }
    return patterns(texts, &table)
  }

  // MARK: Orders

  private func lockOrder(_ root: inout TOMLTable) -> DeclaredOrder? {
    guard let names = root.strings("lock-order") else { return nil }
    var seen: Set<String> = []
    for (name, place) in names where !seen.insert(name).inserted {
      root.fail(place, "`\(name)` is in the order twice")
    }
    let entries = names.map { name, place in
      DeclaredOrder.Entry(name: name, line: place.line, column: place.column)
    }
    return entries.isEmpty ? nil : DeclaredOrder(entries, path: path)
  }

  private func transactions(
    _ root: inout TOMLTable, _ configuration: Configuration
  ) -> [DeclaredTransaction] {
    root.table("transactions").compactMap { member in
      guard let texts = root.strings(member.value, member.key) else { return nil }
      let queries = texts.compactMap { text, place in
        query(text, place, &root, configuration)
      }
      return DeclaredTransaction(
        name: member.key, path: path, line: member.place.line, queries: queries)
    }
  }

  /// `queries/orders.sql#InsertOrder`, or a file alone.
  private func query(
    _ text: String, _ place: TOMLValue.Place, _ root: inout TOMLTable,
    _ configuration: Configuration
  ) -> DeclaredTransaction.Query? {
    // A file's name may have the sign as well.
    let mark = text.lastIndex(of: "#")
    let written = String(text[..<(mark ?? text.endIndex)])
    let name = mark.map { String(text[text.index(after: $0)...]) }
    let file = absolute(written)
    guard !written.isEmpty, exists(file) else {
      root.fail(
        place,
        written.isEmpty
          ? "`\(text)` has no file: write `queries/orders.sql#\(text.drop { $0 == "#" })`"
          : "there is no file `\(written)` beside \(self.path)")
      return nil
    }
    if !configuration.looks(at: file) {
      root.fail(place, "`\(written)` is not looked at: `include` or `exclude` leaves it out")
    }
    return DeclaredTransaction.Query(
      text, path: file, name: name, line: place.line, column: place.column)
  }

  // MARK: Rules

  private func severities(_ root: inout TOMLTable) -> RuleSeverities {
    var result = RuleSeverities()
    add(root.table("rules"), [], to: &result, &root)
    for var table in root.tables("overrides") {
      let patterns = paths(&table, "overrides")
      add(table.table("rules"), patterns, to: &result, &table)
      root.fail(table.close())
    }
    return result
  }

  /// Adds levels, those of groups before those of rules: what is closer counts.
  private func add(
    _ members: [TOMLValue.Member], _ patterns: [GlobPattern], to result: inout RuleSeverities,
    _ table: inout TOMLTable
  ) {
    var groups: [String: RuleSeverities.Level] = [:]
    var own: [String: RuleSeverities.Level] = [:]
    for member in members {
      let found = Selection.rules(named: member.key, among: rules)
      guard let found else {
        let hint = Selection.suggestion(for: member.key, among: rules)
        table.fail(
          member.place, "`\(member.key)` is not a rule or group" + Spelling.hint(hint))
        continue
      }
      let level = table.word(member.value, member.key, RuleSeverities.Level.self)
      guard let level else { continue }
      if found == [member.key] {
        own[member.key] = level
      } else {
        for rule in found where groups[rule] == nil || member.key != "all" {
          groups[rule] = level
        }
      }
    }
    let levels = groups.merging(own) { $1 }
    if !levels.isEmpty { result.add(.init(patterns, levels)) }
  }

  // MARK: Sources

  /// What a file of some tool is run like.
  private enum Framework: String, CaseIterable {
    case flyway, goose, dbmate, sqlx, diesel, prisma, liquibase, drizzle, atlas, sqitch, hasura,
      supabase, psql
    case golangMigrate = "golang-migrate"
    case nodePgMigrate = "node-pg-migrate"

    var boundary: TransactionBoundary {
      switch self {
      case .sqitch, .psql: .statement
      case .flyway, .goose, .dbmate, .sqlx, .diesel, .prisma, .liquibase, .atlas, .hasura,
        .supabase, .golangMigrate:
        .section
      case .drizzle, .nodePgMigrate: .pending
      }
    }
  }

  /// The words of `transaction`.
  private enum Boundary: String, CaseIterable {
    case file, batch, statement, all

    var boundary: TransactionBoundary {
      switch self {
      case .file, .batch: .section
      case .statement: .statement
      case .all: .pending
      }
    }
  }

  /// The words of `role`.
  private enum Role: String, CaseIterable {
    case application, migration, schema, test
    case otherDatabase = "other-database"

    var role: SourceRole {
      switch self {
      case .application: .application
      case .migration: .migration
      case .schema: .schema
      case .test: .test
      case .otherDatabase: .otherDatabase
      }
    }
  }

  private func source(_ table: TOMLTable, _ root: inout TOMLTable) -> SourceRule? {
    var table = table
    let patterns = paths(&table, "sources")
    let framework = table.word("framework", Framework.self)
    let role = table.word("role", Role.self)?.role ?? framework.map { _ in .migration }
    let boundary = table.word("transaction", Boundary.self)?.boundary ?? framework?.boundary
    let placeholders = table.word("placeholders", PlaceholderStyle.self)
    let errors = table.close()
    root.fail(errors)
    guard errors.isEmpty else { return nil }
    if role == nil, boundary == nil, placeholders == nil {
      root.fail(
        table.place,
        "this says nothing of its files: give a `role`, a `framework`, a `transaction` or `placeholders`"
      )
    }
    return SourceRule(
      patterns, role: role, boundary: boundary, placeholders: placeholders,
      place: "\(path):\(table.place.line)")
  }
}
