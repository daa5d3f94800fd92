import Diagnostics
import PostgresSyntax

/// Turns one statement into the row locks that it takes, in the order in which it takes them.
///
/// Works level by level: each query level knows its tables, its conditions and its locks; what is
/// locked, how many rows and in which order follows from keys and ORDER BY. Facts: manual 13.3.2
/// *Row-Level Locks*, *SELECT* ("The Locking Clause"), *INSERT*, *MERGE*.
final class Lowering {
  let catalog: Catalog
  let searchPath: [String]
  let statement: Statement
  /// The columns of existing rows that are changed, by table.
  var written: [RelationName: Set<String>] = [:]
  let file: ParsedFile
  /// The locks so far.
  var acquisitions: [Acquisition] = []
  /// What could not be modelled.
  var notes: [LockNote] = []
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
  let stack: RoutineStack
  /// The locks that the query of PREPARE or DECLARE takes each time that it runs.
  var later: [Acquisition] = []
  /// Names that stand for something else than a table.
  private let hidden: Set<String>
  /// Whether what is analysed stands in another statement, such as a rule.
  private var isForeign = false
  lazy var tokens = StatementTokens(statement, in: file)

  init(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String],
    stack: RoutineStack, deferral: [String: Bool] = [:], hidden: Set<String> = []
  ) {
    self.stack = stack
    self.deferral = deferral
    self.statement = statement
    self.file = file
    self.catalog = catalog
    self.searchPath = searchPath
    self.hidden = hidden
  }

  /// The locks of a statement, and what could not be modelled; with the rows that a query gives.
  static func lower(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String],
    stack: RoutineStack, deferral: [String: Bool] = [:], hidden: Set<String> = []
  ) -> (locks: LoweredLocks, table: DerivedTable?) {
    let tables = TableLocks.of(
      statement, in: file, catalog: catalog, searchPath: searchPath, hidden: hidden)
    let lowering = Lowering(
      statement, in: file, catalog: catalog, searchPath: searchPath, stack: stack,
      deferral: deferral, hidden: hidden)
    var table: DerivedTable?
    if !stack.isEmpty || mayLockRows(statement.node, catalog) {
      table = lowering.lower(statement.node)
    }
    let isExplicit = TableLocks.isExplicit(statement)
    let notes = tables.notes.map { LockNote($0, isDetail: !isExplicit) } + lowering.notes
    var seen: Set<String> = []
    let locks = LoweredLocks(
      acquisitions: (tables.acquisitions + lowering.acquisitions).withoutKnownRelations(),
      analysed: tables.acquisitions.count, notes: notes.filter { seen.insert($0.text).inserted },
      written: lowering.written, deferred: lowering.deferred, later: lowering.later)
    return (locks, table)
  }

  /// Whether a statement has a part that locks rows, found without analysing it.
  static func mayLockRows(_ node: Node, _ catalog: Catalog) -> Bool {
    switch node.tag {
    case .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt, .CallStmt, .DoStmt, .ExecuteStmt,
      .FetchStmt, .ReturnStmt:
      return true
    case .CopyStmt where node.flag(.is_from): return true
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
    case .DeclareCursorStmt, .PrepareStmt:
      if let query = node.child(.query) { later = collecting { run(query) }.1 }
    case .CreateTableAsStmt, .CopyStmt:
      if node.child(.into)?.flag(.skipData) ?? false { break }
      if let query = node.child(.query) { run(query) } else { copy(node) }
    case .ExecuteStmt:
      if let query = node.string(.name).flatMap({ catalog.prepared[$0] }) {
        runPrepared(query.node)
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

  /// Runs the query of a PREPARE or DECLARE, whose hazards show there.
  func runPrepared(_ query: Node) {
    let (_, locks) = collecting { foreign { run(query) } }
    acquisitions += locks.map { lock in
      var lock = lock
      lock.isOwn = false
      return lock
    }
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
package struct LoweredLocks: Sendable {
  /// In the order in which they are taken.
  package var acquisitions: [Acquisition]
  /// How many of them are taken before the statement runs.
  package var analysed = 0
  /// What could not be modelled.
  package let notes: [LockNote]
  /// The columns of existing rows that are changed, by table.
  package let written: [RelationName: Set<String>]
  /// What is locked at COMMIT.
  package var deferred: [Acquisition] = []
  /// What the query of PREPARE or DECLARE locks each time that it runs.
  package var later: [Acquisition] = []

  /// The locks of the query of PREPARE or DECLARE when it runs.
  package var whenRun: LoweredLocks { LoweredLocks(acquisitions: later, notes: [], written: [:]) }

  /// Nothing is locked.
  package static let none = LoweredLocks(acquisitions: [], notes: [], written: [:])
}
