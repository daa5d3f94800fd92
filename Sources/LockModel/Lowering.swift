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
  /// The view whose query is looked into.
  var view: Catalog.Relation?
  /// How many views are being looked into, one inside the other.
  var viewDepth = 0
  /// Writes whose AFTER triggers and checks are still to come.
  var events: [RowWrite] = []
  /// The locks of checks that wait for COMMIT.
  var deferred: [Acquisition] = []
  /// The locks of rules that run after the statement that they belong to.
  var trailing: [Acquisition] = []
  /// What SET CONSTRAINTS has said, by constraint; `*` for all.
  let deferral: [String: Bool]
  /// The routines that the statement runs in, outermost first.
  let stack: CallStack
  /// Whether what is written sets off more, which depends on the values.
  var hasHiddenLocks = false
  /// Names that stand for something else than a table.
  private var hidden: Set<String> = []
  /// Whether what is analysed stands in another statement, such as a rule.
  private var isForeign = false
  lazy var tokens = StatementTokens(statement, in: file)

  init(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String],
    detail: Detail, stack: CallStack = CallStack(), deferral: [String: Bool] = [:]
  ) {
    self.detail = detail
    self.stack = stack
    self.deferral = deferral
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

  /// Whether the values that rows are found by are needed as text.
  var needsText: Bool { detail == .allLocks || !stack.isEmpty || hasHiddenLocks }

  /// The locks of a statement, and what could not be modelled.
  package static func lower(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String],
    detail: Detail, deferral: [String: Bool] = [:]
  ) -> LoweredLocks {
    lower(
      Lowering(
        statement, in: file, catalog: catalog, searchPath: searchPath, detail: detail,
        deferral: deferral)
    ).locks
  }

  /// As above, for a statement of a routine; with the rows that a query gives.
  static func lowerRoutine(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String],
    detail: Detail, stack: CallStack, hidden: Set<String>
  ) -> (locks: LoweredLocks, table: DerivedTable?) {
    let lowering = Lowering(
      statement, in: file, catalog: catalog, searchPath: searchPath, detail: detail,
      stack: stack)
    lowering.hidden = hidden
    return lower(lowering)
  }

  private static func lower(
    _ lowering: Lowering
  ) -> (locks: LoweredLocks, table: DerivedTable?) {
    let (statement, detail, catalog) = (lowering.statement, lowering.detail, lowering.catalog)
    var tables = TableLocks(acquisitions: [], notes: [])
    if detail == .allLocks || (detail == .rowLocks && TableLocks.isExplicit(statement)) {
      tables = TableLocks.of(
        statement, in: lowering.file, catalog: catalog, searchPath: lowering.searchPath,
        hidden: lowering.hidden)
    }
    let isPlain =
      detail == .rowLocks && lowering.stack.isEmpty && insertsOneRow(statement.node, lowering)
    var table: DerivedTable?
    if detail != .none, !isPlain,
      !lowering.stack.isEmpty || mayLockRows(statement.node, catalog, detail)
    {
      table = lowering.lower(statement.node)
    }
    let locks = LoweredLocks(
      acquisitions: (tables.acquisitions + lowering.acquisitions).withoutKnownRelations(),
      analysed: tables.acquisitions.count, notes: Self.once(tables.notes + lowering.notes),
      written: lowering.written, deferred: lowering.deferred)
    return (locks, table)
  }

  private static func once(_ notes: [String]) -> [String] {
    var seen: Set<String> = []
    return notes.filter { seen.insert($0).inserted }
  }

  /// Whether a statement has a part that locks rows, found without analysing it.
  static func mayLockRows(_ node: Node, _ catalog: Catalog, _ detail: Detail) -> Bool {
    switch node.tag {
    case .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt, .CallStmt, .DoStmt, .ExecuteStmt,
      .FetchStmt, .ReturnStmt:
      return true
    case .CopyStmt where node.flag(.is_from): return detail == .allLocks
    case .ExplainStmt where node.child(.query)?.tag == .ExecuteStmt: return true
    case .TruncateStmt: return true
    case .SelectStmt, .CreateTableAsStmt, .DeclareCursorStmt, .ExplainStmt, .PrepareStmt, .CopyStmt:
      return node.descendants.contains {
        switch $0.tag {
        case .LockingClause, .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt: true
        case .RangeVar where !catalog.lockingViews.isEmpty:
          catalog.lockingViews.contains(TableReference($0).name)
        case .FuncCall: matters(FunctionCall(node: $0), catalog)
        default: false
        }
      }
    default: return false
    }
  }

  /// Whether a statement does nothing but insert one row: nothing of it has an order.
  private static func insertsOneRow(_ node: Node, _ lowering: Lowering) -> Bool {
    guard node.tag == .InsertStmt, !node.has(.onConflictClause), !node.has(.withClause),
      let source = node.child(.selectStmt), source.list(.valuesLists).count == 1,
      let target = node.child(.relation).map(TableReference.init)
    else { return false }
    let relation = lowering.catalog.relations[lowering.resolve(target)]
    if let relation {
      guard relation.triggers.isEmpty, relation.rules.isEmpty,
        relation.columns.allSatisfy({ $0.defaultValue == nil })
      else { return false }
    }
    return !node.descendants.contains {
      $0.tag == .SubLink
        || ($0.tag == .FuncCall && matters(FunctionCall(node: $0), lowering.catalog))
    }
  }

  private func lower(_ node: Node) -> DerivedTable? {
    let table = run(node)
    // Data-modifying CTEs that nothing reads run after the main query, last one first: measured
    // on PostgreSQL 15; the manual calls the order unpredictable.
    for table in writes.reversed() where !table.isRead { read(table) }
    acquisitions += afterStatement() + trailing
    return table
  }

  /// Runs a query that stands in another statement, with all that follows from it.
  func runForeign(_ node: Node) { foreign { _ = lower(node) } }

  @discardableResult
  private func run(_ node: Node) -> DerivedTable? {
    switch node.tag {
    case .SelectStmt:
      let table = select(SelectStatement(node: node), parent: nil)
      read(table)
      return table
    case .InsertStmt: return reading(insert(InsertStatement(node: node)))
    case .UpdateStmt: return reading(update(UpdateStatement(node: node)))
    case .DeleteStmt: return reading(delete(DeleteStatement(node: node)))
    case .MergeStmt: merge(MergeStatement(node: node))
    case .ExplainStmt:
      guard let query = node.child(.query) else { break }
      if ExplainStatement(node).isAnalyze { run(query) } else { planCalls(in: query) }
    case .DeclareCursorStmt where detail == .allLocks: break
    case .DeclareCursorStmt, .CreateTableAsStmt, .CopyStmt:
      if node.child(.into)?.flag(.skipData) ?? false { break }
      if let query = node.child(.query) { run(query) } else { copy(node) }
    case .PrepareStmt:
      if detail == .rowLocks, let query = node.child(.query) { run(query) }
    case .ExecuteStmt:
      if detail == .allLocks, let query = node.string(.name).flatMap({ catalog.prepared[$0] }) {
        foreign { run(query.node) }
      }
    case .FetchStmt: fetch(node)
    case .ReturnStmt:
      acquisitions += locks(in: [node])
    case .CallStmt:
      if let call = node.child(.funccall) { runCall(FunctionCall(node: call)) }
    case .DoStmt: runBlock()
    case .TruncateStmt: truncate(node)
    default: break
    }
    return nil
  }

  private func reading(_ table: DerivedTable) -> DerivedTable {
    read(table)
    return table
  }

  /// Runs `body` over a query that stands in another statement: its places mean nothing here.
  func foreign(_ body: () -> Void) {
    let saved = isForeign
    isForeign = true
    body()
    isForeign = saved
  }

  /// Takes over the locks of something that the statement reads, once.
  func read(_ table: DerivedTable) {
    guard !table.isRead else { return }
    table.isRead = true
    // A CTE runs once, wherever it is read.
    acquisitions += table.acquisitions.map { lock in
      var lock = lock
      lock.isOfCommonTable = lock.isOfCommonTable || table.isCommonTable
      return lock
    }
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
    guard !isForeign, target.node.isOf(statement), let location = target.location,
      let name = tokens.index(at: location)
    else {
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
  package var acquisitions: [Acquisition]
  /// How many of them are taken before the statement runs.
  package var analysed = 0
  /// What could not be modelled.
  package let notes: [String]
  /// The columns of existing rows that are changed, by table.
  package let written: [RelationName: Set<String>]
  /// What is locked at COMMIT.
  package var deferred: [Acquisition] = []
}
