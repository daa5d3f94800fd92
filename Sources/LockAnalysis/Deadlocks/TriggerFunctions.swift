import LockModel
import PostgresSyntax

/// The functions of triggers: what fires them, and what it holds by then.
struct TriggerFunctions {
  /// What runs the routine of a transaction.
  private enum Origin {
    /// Triggers of tables, and nothing else, for the function can't be called.
    case triggers([(triggers: [Catalog.Trigger], table: Catalog.Relation)])
    /// Whoever calls it.
    case calls(of: String)
  }

  private let workload: Workload
  /// By the number of a routine's transaction.
  private var origins: [Int: Origin] = [:]
  /// The transactions of routines that DDL runs, as event triggers.
  private var ofDDL: Set<Int> = []
  /// The transactions of routines that drop a schema or an extension or add a column.
  private var schemaChanging: Set<Int> = []
  /// The transactions of routines that a script which runs once makes for its own session.
  private var temporary: Set<Int> = []
  /// By the name of a routine: the transactions of the application that call it.
  private var callers: [String: Set<Int>] = [:]
  /// The keys that are put into a table.
  private var inserted: [RelationName: [Acquisition]] = [:]
  /// The names of routines that a script calls which runs once, with nothing that a caller chooses.
  private var calledOnce: Set<String> = []

  /// Whether a routine's transaction runs inside of DDL, which keeps its objects to itself.
  func runsInDDL(_ transaction: Int) -> Bool { ofDDL.contains(transaction) }

  init(_ workload: Workload) {
    self.workload = workload
    let routines = workload.transactions.filter { transaction in
      transaction.statements.first.map { workload.statements[$0].routine != nil } ?? false
    }
    guard !routines.isEmpty else { return }
    let firing = Self.firing(workload.catalog)
    var functions: [ObjectIdentifier: RelationName] = [:]
    for function in workload.catalog.functions.values.joined() {
      if let body = function.body { functions[ObjectIdentifier(body)] = function.name }
    }
    for transaction in routines {
      guard let first = transaction.statements.first, let name = workload.statements[first].routine
      else { continue }
      let definition = workload.statements[..<first].last { $0.part == nil }
      if definition?.statement.routine?.trigger == .event { ofDDL.insert(transaction.number) }
      if transaction.statements.contains(where: {
        workload.statements[$0].statement.changesSchema(of: workload.catalog)
      }) {
        schemaChanging.insert(transaction.number)
      }
      let function = definition?.statement.routine.flatMap { functions[ObjectIdentifier($0)] }
      if function?.schema == "pg_temp", definition?.role == .migration {
        temporary.insert(transaction.number)
      }
      if let fired = function.flatMap({ firing[$0] }) {
        let tables = fired.keys.sorted().compactMap { name in
          workload.catalog.relations[name].map { (fired[name] ?? [], $0) }
        }
        origins[transaction.number] = .triggers(tables)
      } else {
        origins[transaction.number] = .calls(of: name)
      }
    }
    for statement in workload.statements where statement.isRunOnce {
      if let call = statement.statement.soleCall { calledOnce.insert(call) }
    }
    for (index, statement) in workload.statements.enumerated() {
      for lock in statement.acquisitions {
        if case .uniqueKey(let table) = lock.target { inserted[table, default: []].append(lock) }
        guard statement.role == .application, !workload.uncalled.contains(index),
          case .function(let name)? = lock.reason.first
        else {
          continue
        }
        callers[name, default: []].insert(statement.transaction)
      }
    }
  }

  /// The triggers that run a function, by the function and by their tables.
  private static func firing(
    _ catalog: Catalog
  ) -> [RelationName: [RelationName: [Catalog.Trigger]]] {
    var result: [RelationName: [RelationName: [Catalog.Trigger]]] = [:]
    for relation in catalog.relations.values {
      for trigger in relation.triggers {
        let named = catalog.functions[trigger.function]?.map(\.name) ?? []
        for function in named
        where trigger.functionSchema == nil || function.schema == trigger.functionSchema {
          result[function, default: [:]][relation.name, default: []].append(trigger)
        }
      }
    }
    return result
  }

  /// Whether the routine of a transaction drops a schema or an extension, or adds a column to a table,
  /// that is named in it.
  func changesSchema(_ transaction: Int) -> Bool { schemaChanging.contains(transaction) }

  /// Whether the routine of a transaction runs once: only scripts that do so run it, or it changes
  /// what the application stands on.
  func isRunOnce(_ transaction: Int) -> Bool {
    if changesSchema(transaction) || temporary.contains(transaction) { return true }
    guard case .calls(let name)? = origins[transaction] else { return false }
    return calledOnce.contains(name) && callers[name] == nil
  }

  /// Whether triggers, and nothing else, run the routine of a transaction.
  func isOfTriggers(_ transaction: Int) -> Bool {
    if case .triggers? = origins[transaction] { true } else { false }
  }

  /// The tables whose rows fire the routine of a transaction, and the records among OLD and NEW whose
  /// keys are locked by then; none where some of the triggers tell of no row that is, or where rows of
  /// several tables may have the same key.
  ///
  /// The old row is locked before BEFORE triggers run (`GetTupleForTrigger` in `trigger.c`), a new
  /// one is in the table when AFTER triggers do.
  func firing(of transaction: Int) -> [(table: Catalog.Relation, records: Set<String>)] {
    guard case .triggers(let fired)? = origins[transaction], Self.areParts(fired.map(\.table))
    else { return [] }
    let result = fired.compactMap { triggers, table in
      records(of: triggers, table).map { (table, $0) }
    }
    return result.count == fired.count ? result : []
  }

  /// Whether tables are the subtypes of one: their primary keys refer to it, and a row of it is in one
  /// of them.
  private static func areParts(_ tables: [Catalog.Relation]) -> Bool {
    guard tables.count > 1 else { return true }
    let parents = tables.map { table in
      Set(
        table.foreignKeys.filter { Set($0.columns) == Set(table.primaryKey?.columns ?? []) }.map(
          \.parent))
    }
    return !parents.dropFirst().reduce(parents[0]) { $0.intersection($1) }.isEmpty
  }

  private func records(
    of triggers: [Catalog.Trigger], _ table: Catalog.Relation
  ) -> Set<String>? {
    // Those of statements have transition tables, when the rows are locked or in the table.
    if triggers.allSatisfy({ !$0.isRow && $0.timing == .after }) { return [] }
    guard triggers.allSatisfy({ $0.isRow && $0.timing != .insteadOf }) else { return nil }
    if triggers.allSatisfy({ $0.timing == .after }) { return ["old", "new"] }
    // Before an UPDATE the new row has the key of the old one, unless somebody changes keys.
    let changing = workload.changing[workload.catalog.lockClass(table.name)]
    let keeps = (table.primaryKey?.columns ?? []).allSatisfy { changing?[$0] == nil }
    return keeps && triggers.allSatisfy { !$0.events.contains(.insert) } ? ["old", "new"] : ["old"]
  }

  /// The name of the routine that a transaction is of and the transactions of the application that
  /// call it; nil where triggers run it, or nobody who is known.
  func callers(of transaction: Int) -> (name: String, callers: [Int])? {
    guard case .calls(let name)? = origins[transaction], let callers = callers[name] else {
      return nil
    }
    return (name, callers.sorted())
  }

  /// The tables into which a transaction, or whoever calls its routine, has put the one row that can
  /// be put there: others wait for its end.
  func gates(of transaction: Int) -> Set<RelationName> {
    var visited: Set<Int> = []
    return gates(of: transaction, &visited)
  }

  private func gates(of transaction: Int, _ visited: inout Set<Int>) -> Set<RelationName> {
    guard visited.insert(transaction).inserted else { return [] }
    switch origins[transaction] {
    case .triggers(let fired)?:
      guard fired.count == 1, let (triggers, table) = fired.first else { return [] }
      let isOfInserts = triggers.allSatisfy { $0.events == [.insert] }
      return isOfInserts && takesOneRow(table) ? [table.name] : []
    case .calls(let name)?:
      guard let callers = callers[name]?.sorted(), let first = callers.first else { return [] }
      return callers.dropFirst().reduce(into: gates(of: first, &visited)) { result, caller in
        result.formIntersection(gates(of: caller, &visited))
      }
    case nil: return []
    }
  }

  /// Whether all that is put into a table has the same literals in the columns of a key.
  private func takesOneRow(_ table: Catalog.Relation) -> Bool {
    guard let inserts = inserted[table.name], let first = inserts.first else { return false }
    return table.keys.contains { key in
      guard let columns = key.columns, !columns.isEmpty, key.predicate.isEmpty else { return false }
      return columns.allSatisfy { column in
        guard let value = first.rows?.literal(of: column) else { return false }
        return inserts.allSatisfy { $0.rows?.literal(of: column) == value }
      }
    }
  }
}

extension Statement {
  /// Whether it drops a schema or an extension, or adds a column to a table that is known, by a name
  /// that is written.
  fileprivate func changesSchema(of catalog: Catalog) -> Bool {
    switch command {
    case .drop(let drop):
      return (drop.objectType == .schema || drop.objectType == .extension)
        && drop.objects.contains { $0.name.map { !DynamicNames.isOpen($0.name) } ?? false }
    case .alterTable(let alter):
      guard let table = alter.relation, !DynamicNames.isOpen(table.name) else { return false }
      let adds = alter.commands.contains {
        if case .addColumn = $0.action { true } else { false }
      }
      return adds
        && catalog.relations.keys.contains {
          $0.name == table.name && (table.schema == nil || $0.schema == table.schema)
        }
    default: return false
    }
  }

  /// The function that `SELECT f()`, `SELECT f(true)` or CALL calls and that is all of it.
  fileprivate var soleCall: String? {
    switch command {
    case .select, .call: break
    default: return nil
    }
    let calls = node.functionCalls
    guard calls.count == 1, let call = calls.first, !node.hasTables,
      call.arguments.allSatisfy({ ["true", "false"].contains(Term($0).text.lowercased()) })
    else { return nil }
    return call.name
  }
}

extension Node {
  fileprivate var hasTables: Bool { descendants.contains { $0.tag == .RangeVar } }
}
