import PostgresSyntax

/// Files that only their folder and what is in them tell of.
extension MigrationTool {
  /// How a file is read that defines what no application defines while it runs; nil for others.
  func setUp(_ file: ParsedFile) -> FileReading? {
    if SetUp.isTearDown(file) {
      return whole(
        file, .migration, "only takes things down", isReverse: true, .statement)
    }
    guard
      let what = SetUp.definition(in: file).map({ "has \($0)" })
        ?? filledTable(in: file).map({ "makes and fills `\($0)`" })
    else { return nil }
    var reading = whole(file, .migration, "sets things up: it \(what)", .statement)
    reading.isSetUp = true
    return reading
  }

  private func filledTable(in file: ParsedFile) -> String? {
    file.placeholders.isEmpty && !QueryNames(file).hasNames
      && !file.statements.contains(where: \.hasParameters) ? SetUp.filledTable(in: file) : nil
  }

  /// How a file is read that a script of psql includes, which no application does.
  func included(_ file: ParsedFile, in script: String) -> FileReading {
    whole(file, .migration, "`\(script)` includes it", .statement)
  }

  /// How a script is read that somebody runs who is no application; nil for others. Folders that the
  /// user `named` say nothing.
  func script(_ file: ParsedFile, _ path: SourcePath, named: Int) -> FileReading? {
    guard !QueryNames(file).hasNames, !file.statements.contains(where: \.hasParameters) else {
      return nil
    }
    let folders = path.folders.dropFirst(named)
    if let folder = folders.last(where: SourcePath.isMigrationFolder) {
      return whole(file, .migration, "below `\(folder)/`", .statement)
    }
    guard file.placeholders.isEmpty else { return nil }
    if let folder = folders.last(where: { Self.changes.contains($0.lowercased()) }) {
      return whole(file, .migration, "below `\(folder)/` and without parameters", .statement)
    }
    guard file.statements.allSatisfy({ $0.isOfRows || $0.isBlock }) else { return nil }
    if let folder = folders.last(where: {
      !Self.workshops.isDisjoint(with: SourcePath.words($0))
    }) {
      return whole(
        file, .migration, "in `\(folder)/` and without parameters: run by hand", .statement)
    }
    guard file.statements.allSatisfy(\.isOfRows), Self.loads(file) else { return nil }
    return whole(file, .migration, "puts rows in that are written in it", .statement)
  }

  /// Words in the names of folders for what people run.
  private static let workshops: Set<String> = [
    "admin", "contrib", "dev", "devel", "development", "maintenance", "misc", "ops", "script",
    "scripts", "tool", "tools",
  ]

  /// Folders of what changes a database that is there.
  private static let changes: Set<String> = [
    "delta", "deltas", "patches", "updates", "upgrade", "upgrades",
  ]

  /// Whether a file is there to put rows in that are written in it, which fails when it is done twice.
  private static func loads(_ file: ParsedFile) -> Bool {
    let inserts = file.statements.count { $0.writtenRowsTable != nil }
    return inserts > 1 && 2 * inserts > file.statements.count
  }
}

extension Statement {
  /// Whether its caller gives it values.
  fileprivate var hasParameters: Bool { node.descendants.contains { $0.tag == .ParamRef } }

  /// Whether it is DO.
  fileprivate var isBlock: Bool { node.tag == .DoStmt }

  /// Whether it reads or changes rows, or begins or ends a transaction that does.
  fileprivate var isOfRows: Bool {
    switch command {
    case .select, .insert, .update, .delete, .merge, .lock, .truncate, .copy, .transaction, .set:
      true
    default: false
    }
  }
}
