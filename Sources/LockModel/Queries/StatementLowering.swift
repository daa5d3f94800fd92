import Diagnostics
import PostgresSyntax

/// Turns one statement into the locks that it takes, in the order in which it takes them.
///
/// Relations come first, as the statement's analysis names them (`TableLocks`); then what happens
/// when it runs. Facts: manual 13.3.2 *Row-Level Locks*, *SELECT* ("The Locking Clause"), *INSERT*,
/// *MERGE*.
struct StatementLowering: InScope {
  let scope: QueryScope

  init(_ context: StatementContext) { scope = QueryScope(context) }

  /// The locks of a statement, and what could not be modelled; with the rows that a query gives.
  static func lower(
    _ context: StatementContext
  ) -> (locks: LoweredLocks, table: DerivedTable?) {
    let statement = context.statement
    let tables = TableLocks.of(
      statement, in: context.file, catalog: context.catalog, searchPath: context.searchPath,
      shadowed: context.shadowed)
    var ran = Ran()
    if !context.stack.isEmpty || mayLockRows(context) {
      ran = StatementLowering(context).run(statement.command)
    }
    let isExplicit = TableLocks.isExplicit(statement)
    let notes = tables.notes.map { LockNote($0, isDetail: !isExplicit) } + context.notes
    var seen: Set<String> = []
    let locks = LoweredLocks(
      acquisitions: (tables.acquisitions + ran.locks).withoutKnownRelations(),
      analysed: tables.acquisitions.count, notes: notes.filter { seen.insert($0.text).inserted },
      written: context.written, unlocks: context.unlocks,
      deferred: ran.later.isEmpty ? context.after.deferred : [], later: ran.later)
    return (locks, ran.table)
  }

  /// What running a statement does.
  private struct Ran {
    var locks: [Acquisition] = []
    /// The rows that it gives.
    var table: DerivedTable?
    /// What its query locks each time that it runs later.
    var later: [Acquisition] = []
  }

  /// Whether running a statement can lock rows, advisory keys or sequences, found without analysing
  /// it.
  private static func mayLockRows(_ context: StatementContext) -> Bool {
    func mayLockRows(_ node: Node) -> Bool { Self.mayLockRows(node, context) }
    return switch context.statement.command {
    case .insert, .update, .delete, .merge, .call, .do, .execute, .fetch, .return, .truncate: true
    case .copy(let command): command.isFrom || mayLockRows(context.statement.node)
    case .explain(let command):
      command.query.map { $0.tag == .ExecuteStmt } ?? false || mayLockRows(context.statement.node)
    case .select, .createTableAs, .declareCursor, .prepare: mayLockRows(context.statement.node)
    case .createTable, .createView, .createIndex, .createSequence, .createSchema,
      .createStatistics, .createType, .createFunction, .createTrigger, .createRule, .policy,
      .publication, .alterTable, .alterSequence, .alterDomain, .setSchema, .dependOnExtension,
      .rename, .drop, .comment, .reindex, .cluster, .vacuum, .refresh, .lock, .transaction, .set,
      .setConstraints, .other:
      false
    }
  }

  private static func mayLockRows(_ node: Node, _ context: StatementContext) -> Bool {
    let catalog = context.catalog
    return node.descendants.contains {
      switch $0.tag {
      case .LockingClause, .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt: true
      case .RangeVar where catalog.hasLockingViews:
        locksWhenRead(TableReference($0), context)
      case .FuncCall: CallLocks.matters(FunctionCall(node: $0), catalog)
      default: false
      }
    }
  }

  private static func locksWhenRead(
    _ reference: TableReference, _ context: StatementContext
  ) -> Bool {
    let name = context.catalog.resolve(
      schema: reference.schema, name: reference.name, searchPath: context.searchPath)
    return context.catalog.relations[name]?.locksWhenRead ?? false
  }

  // MARK: Running

  /// Runs a query that stands in another statement, with all that follows from it.
  func runForeign(_ node: Node) -> [Acquisition] { run(SQLCommand(node)).locks }

  /// Runs a command with all that follows from it.
  private func run(_ command: SQLCommand) -> Ran {
    switch command {
    case .prepare(let command): return Ran(later: command.query.map(runForeign) ?? [])
    case .declareCursor(let command): return Ran(later: command.query.map(runForeign) ?? [])
    default: return runNow(command)
    }
  }

  private func runNow(_ command: SQLCommand) -> Ran {
    var result = begin(command)
    // Data-modifying CTEs that nothing reads run after the main query, last one first: measured
    // on PostgreSQL 15; the manual calls the order unpredictable.
    for table in context.writes.reversed() { result.locks += table.read() }
    result.locks += TriggerLocks(scope: scope).afterStatement() + context.after.rules
    return result
  }

  private func begin(_ command: SQLCommand) -> Ran {
    switch command {
    case .select(let query): reading(QueryAnalysis(scope: scope).select(query, parent: nil))
    case .insert(let insert): reading(InsertLocks.lower(insert, scope))
    case .update(let update): reading(WriteLocks.lower(update, scope))
    case .delete(let delete): reading(WriteLocks.lower(delete, scope))
    case .merge(let merge): Ran(locks: MergeLocks.lower(merge, scope))
    case .explain(let command): explain(command)
    case .createTableAs(let command): Ran(locks: command.skipsData ? [] : locks(of: command.query))
    case .copy(let command):
      command.query.map { begin(SQLCommand($0)) }
        ?? Ran(locks: RunningLocks(scope: scope).copy(command))
    case .execute(let name):
      Ran(locks: prepared(name.flatMap { catalog.prepared[$0] }))
    case .fetch(let command): Ran(locks: fetch(command))
    case .return(let node): Ran(locks: QueryAnalysis(scope: scope).locks(in: [node]))
    case .call(let call): Ran(locks: call.map { RunningLocks(scope: scope).call($0) } ?? [])
    case .do: Ran(locks: RunningLocks(scope: scope).block())
    case .truncate(let command): Ran(locks: RunningLocks(scope: scope).truncate(command))
    case .createTable, .createView, .createIndex, .createSequence, .createSchema,
      .createStatistics, .createType, .createFunction, .createTrigger, .createRule, .policy,
      .publication, .alterTable, .alterSequence, .alterDomain, .setSchema, .dependOnExtension,
      .rename, .drop, .comment, .reindex, .cluster, .vacuum, .refresh, .lock, .transaction, .set,
      .setConstraints, .prepare, .declareCursor, .other:
      Ran()
    }
  }

  private func reading(_ table: DerivedTable) -> Ran { Ran(locks: table.read(), table: table) }

  private func locks(of query: Node?) -> [Acquisition] {
    query.map { begin(SQLCommand($0)).locks } ?? []
  }

  private func explain(_ command: ExplainStatement) -> Ran {
    guard let query = command.query else { return Ran() }
    return command.isAnalyze
      ? begin(SQLCommand(query)) : Ran(locks: RunningLocks(scope: scope).planCalls(in: query))
  }

  /// The query of a PREPARE or DECLARE, whose hazards show there.
  private func prepared(_ query: RetainedNode?) -> [Acquisition] {
    locks(of: query?.node).map { lock in
      var lock = lock
      lock.isOwn = false
      return lock
    }
  }

  /// FETCH and MOVE lock the rows that they go over, not DECLARE.
  private func fetch(_ command: FetchStatement) -> [Acquisition] {
    prepared(command.cursor.flatMap { catalog.cursors[$0] }).map { lock in
      var lock = lock
      if command.isOfOneRow, lock.rows?.count == .many { lock.rows?.count = .atMostOne }
      return lock
    }
  }
}
