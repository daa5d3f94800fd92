import Diagnostics
package import PostgresSyntax

/// Turns one statement into the row locks that it takes, in the order in which it takes them.
///
/// Works level by level: each query level knows its tables, its conditions and its locks; what is
/// locked, how many rows and in which order follows from keys and ORDER BY. Facts: manual 13.3.2
/// *Row-Level Locks*, *SELECT* ("The Locking Clause"), *INSERT*, *MERGE*.
package final class Lowering {
  let catalog: Catalog
  let searchPath: [String]
  let detail: Detail
  let statement: Statement
  /// The columns of existing rows that are changed, by table.
  var written: [RelationName: Set<String>] = [:]
  let file: ParsedFile
  /// The locks so far.
  var acquisitions: [Acquisition] = []
  /// What could not be modelled.
  var notes: [String] = []
  /// The CTEs that are visible, innermost last.
  var commonTables: [[String: DerivedTable]] = []
  /// Data-modifying CTEs in the order of the text; those that nothing reads run at the end.
  var writes: [DerivedTable] = []
  /// How many views are being looked into, one inside the other.
  var viewDepth = 0
  lazy var tokens = StatementTokens(statement, in: file)

  init(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String],
    detail: Detail
  ) {
    self.detail = detail
    self.statement = statement
    self.file = file
    self.catalog = catalog
    self.searchPath = searchPath
  }

  /// How much is wanted of a statement.
  package enum Detail: Sendable {
    case none
    /// What rules ask for.
    case rowLocks
    /// Table locks as well.
    case allLocks
  }

  /// The locks of a statement, and what could not be modelled.
  package static func lower(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String],
    detail: Detail
  ) -> LoweredLocks {
    var tables = TableLocks(acquisitions: [], notes: [])
    if detail == .allLocks || (detail == .rowLocks && TableLocks.isExplicit(statement)) {
      tables = TableLocks.of(statement, in: file, catalog: catalog, searchPath: searchPath)
    }
    let isPlain = detail == .rowLocks && insertsOneRow(statement.node)
    guard detail != .none, !isPlain, mayLockRows(statement.node, catalog) else {
      return LoweredLocks(acquisitions: tables.acquisitions, notes: tables.notes, written: [:])
    }
    let lowering = Lowering(
      statement, in: file, catalog: catalog, searchPath: searchPath, detail: detail)
    lowering.lower(statement.node)
    return LoweredLocks(
      acquisitions: tables.acquisitions + lowering.acquisitions,
      notes: tables.notes + lowering.notes, written: lowering.written)
  }

  /// Whether a statement has a part that locks rows, found without analysing it.
  static func mayLockRows(_ node: Node, _ catalog: Catalog) -> Bool {
    switch node.tag {
    case .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt: return true
    case .SelectStmt, .CreateTableAsStmt, .DeclareCursorStmt, .ExplainStmt, .PrepareStmt, .CopyStmt:
      return node.descendants.contains {
        switch $0.tag {
        case .LockingClause, .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt: true
        case .RangeVar where !catalog.lockingViews.isEmpty:
          catalog.lockingViews.contains(TableReference($0).name)
        default: false
        }
      }
    default: return false
    }
  }

  /// Whether a statement does nothing but insert one row: nothing of it has an order.
  private static func insertsOneRow(_ node: Node) -> Bool {
    guard node.tag == .InsertStmt, !node.has(.onConflictClause), !node.has(.withClause),
      let source = node.child(.selectStmt), source.list(.valuesLists).count == 1
    else { return false }
    return !node.descendants.contains { $0.tag == .SubLink }
  }

  private func lower(_ node: Node) {
    run(node)
    // Data-modifying CTEs that nothing reads run after the main query, last one first: measured
    // on PostgreSQL 15; the manual calls the order unpredictable.
    for table in writes.reversed() where !table.isRead { read(table) }
  }

  private func run(_ node: Node) {
    switch node.tag {
    case .SelectStmt:
      let table = select(SelectStatement(node: node), parent: nil)
      read(table)
    case .InsertStmt: read(insert(InsertStatement(node: node)))
    case .UpdateStmt: read(update(UpdateStatement(node: node)))
    case .DeleteStmt: read(delete(DeleteStatement(node: node)))
    case .MergeStmt: merge(MergeStatement(node: node))
    case .ExplainStmt:
      let runs = node.list(.options).contains { option in
        guard option.string(.defname) == "analyze" else { return false }
        let value = option.child(.arg)
        return value == nil
          || !["false", "off", "0"].contains(value?.string(.sval) ?? "")
            && value?.has(.boolval) != true
      }
      if runs, let query = node.child(.query) { run(query) }
    case .PrepareStmt, .DeclareCursorStmt, .CreateTableAsStmt, .CopyStmt:
      if let query = node.child(.query) { run(query) }
    default: break
    }
  }

  /// Takes over the locks of something that the statement reads, once.
  func read(_ table: DerivedTable) {
    guard !table.isRead else { return }
    table.isRead = true
    acquisitions += table.acquisitions
  }

  /// Runs `body` and returns the locks that it takes instead of keeping them.
  func collecting<Result>(_ body: () -> Result) -> (Result, [Acquisition]) {
    let before = acquisitions
    acquisitions = []
    defer { acquisitions = before }
    let result = body()
    return (result, acquisitions)
  }

  // MARK: WITH

  /// Makes the CTEs of a statement visible; undone with `leaveWith`.
  func enterWith(_ with: WithClause?) {
    commonTables.append([:])
    if with?.isRecursive ?? false {
      // A recursive query sees its own rows, which are nobody's to lock.
      for common in with?.tables ?? [] {
        commonTables[commonTables.count - 1][common.name] = DerivedTable(
          level: nil, targets: [], rows: .many, isCommonTable: true)
      }
    }
    for common in with?.tables ?? [] {
      guard let query = common.query else { continue }
      let (table, locks) = collecting { commonTable(common, query) }
      table.acquisitions = locks + table.acquisitions
      commonTables[commonTables.count - 1][common.name] = table
      if query.tag != .SelectStmt { writes.append(table) }
    }
  }

  func leaveWith() { commonTables.removeLast() }

  private func commonTable(_ common: CommonTable, _ query: Node) -> DerivedTable {
    let made: DerivedTable
    switch query.tag {
    case .SelectStmt: made = select(SelectStatement(node: query), parent: nil)
    case .InsertStmt: made = insert(InsertStatement(node: query))
    case .UpdateStmt: made = update(UpdateStatement(node: query))
    case .DeleteStmt: made = delete(DeleteStatement(node: query))
    default: made = DerivedTable(level: nil, targets: [], rows: .many)
    }
    let table = DerivedTable(
      level: made.level, targets: made.targets, columnAliases: common.columnNames,
      rows: made.rows, select: made.select, isCommonTable: true)
    table.acquisitions = made.acquisitions
    return table
  }

  func findCommonTable(_ reference: TableReference) -> DerivedTable? {
    guard reference.schema == nil else { return nil }
    for scope in commonTables.reversed() {
      if let table = scope[reference.name] { return table }
    }
    return nil
  }

  // MARK: Names

  func resolve(_ reference: TableReference) -> RelationName {
    catalog.resolve(schema: reference.schema, name: reference.name, searchPath: searchPath)
  }

  /// What nobody else can lock: temporary tables and what belongs to the system.
  func isPrivate(_ name: RelationName) -> Bool {
    catalog.relations[name]?.isTemporary ?? false || name.schema == "pg_temp"
      || name.schema == "pg_catalog" || name.schema == "information_schema"
  }

  // MARK: Ranges

  func range(_ bytes: Range<Int>) -> SourceRange {
    SourceRange(file: file.source, bytes: bytes)
  }

  /// From the statement's keyword to the end of the table's name or alias.
  func headRange(_ keyword: StaticString, _ target: TableReference) -> SourceRange {
    guard let location = target.location, let name = tokens.index(at: location) else {
      return range(statement.range)
    }
    let group = tokens.group(of: name)
    let start = tokens.last(keyword, before: name, inGroup: group) ?? name
    var end = name + 1
    while end + 1 < tokens.tokens.count, tokens.tokens[end].kind == .dot { end += 2 }
    if target.alias != nil {
      if end < tokens.tokens.count, tokens.tokens[end].kind == .operator { end += 1 }
      if tokens.spells("as", at: end) { end += 1 }
      end += 1
    }
    return range(tokens.bytes(start..<min(end, tokens.tokens.count)))
  }

  /// The locking clause itself, or the statement where it can't be found.
  func range(of clause: LockingClause, in select: SelectStatement) -> SourceRange {
    // The clause of a view stands in another statement.
    guard select.node.isOf(statement) else { return range(statement.range) }
    let anchor =
      select.targets.first?.node.location ?? select.from.first?.firstLocation
      ?? select.node.firstLocation
    guard let anchor, let found = tokens.lockingClause(clause.position, ofQueryAt: anchor) else {
      return range(statement.range)
    }
    return range(tokens.bytes(found))
  }
}

/// What lowering a statement gives.
package struct LoweredLocks {
  /// In the order in which they are taken.
  package let acquisitions: [Acquisition]
  /// What could not be modelled.
  package let notes: [String]
  /// The columns of existing rows that are changed, by table.
  package let written: [RelationName: Set<String>]
}
