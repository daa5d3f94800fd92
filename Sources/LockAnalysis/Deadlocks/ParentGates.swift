import LockModel
import PostgresSyntax

/// Whether the row that rows belong to keeps others out.
///
/// A transaction that has locked the row which a foreign key refers to, and then locks the rows that
/// refer to it, meets copies of itself at the first row: for another one they have no rows in
/// common. That is enough where every other statement that locks several rows of the table comes
/// the same way, and no row changes hands.
struct ParentGates {
  private let workload: Workload
  private let functions: TriggerFunctions
  /// By transaction: the single rows that it locks for itself, by lock class, in its order.
  private var singleRows: [Int: [RelationName: [AcquisitionID]]] = [:]
  /// By table and foreign key: the locks that don't come by way of the row it refers to.
  private var strangers: [Passage: [AcquisitionID]] = [:]

  /// A foreign key of a table, by its columns and what they refer to.
  private struct Passage: Hashable {
    let table: RelationName
    let columns: [String]
    let parent: RelationName
    let parentColumns: [String]
  }

  init(_ workload: Workload, _ functions: TriggerFunctions) {
    self.workload = workload
    self.functions = functions
  }

  /// Who locks several rows of the table and does not pass the row that the requested ones belong to;
  /// nil where the request itself does not.
  mutating func outsiders(to request: AcquisitionID) -> [AcquisitionID]? {
    guard let table = workload[request].target.relation else { return nil }
    var fewest: [AcquisitionID]?
    let lockClass = workload.catalog.lockClass(table)
    let all =
      passages(to: table, lockClass) + heldPassages(of: request, lockClass)
      + [firingPassage(of: request, lockClass)]
    for passage in all {
      guard let passage, passes(request, passage), !changesHands(passage) else { continue }
      let others = Array(strangers(to: passage).lazy.outsiders(to: request))
      if others.count < fewest?.count ?? .max { fewest = others }
    }
    return fewest
  }

  private func passages(to table: RelationName, _ lockClass: RelationName) -> [Passage?] {
    (workload.catalog.relations[table]?.foreignKeys ?? []).filter { !$0.columns.isEmpty }.map {
      Passage(
        table: lockClass, columns: $0.columns, parent: workload.catalog.lockClass($0.parent),
        parentColumns: $0.parentColumns)
    }
  }

  /// By way of rows that the statement has locked before, whose key it finds the requested ones by.
  private func heldPassages(of request: AcquisitionID, _ lockClass: RelationName) -> [Passage?] {
    (workload[request].rows?.ties ?? [:]).compactMap { source, columns in
      guard case .locked(let name) = source, let table = workload.catalog.relations[name] else {
        return nil
      }
      return passage(by: table, columns, to: lockClass)
    }
  }

  /// By way of the rows of a table with whose key columns are compared.
  private func passage(
    by table: Catalog.Relation, _ columns: [String: String], to lockClass: RelationName
  ) -> Passage? {
    let keys = table.identifyingKeys.filter(\.predicate.isEmpty).compactMap(\.columns)
    let key = keys.first { !$0.isEmpty && $0.allSatisfy { columns[$0] != nil } }
    guard let key else { return nil }
    return Passage(
      table: lockClass, columns: key.compactMap { columns[$0] },
      parent: workload.catalog.lockClass(table.name), parentColumns: key)
  }

  /// By way of the row that fires a trigger, where its function finds rows by a key of that row.
  private func firingPassage(of request: AcquisitionID, _ lockClass: RelationName) -> Passage? {
    let transaction = workload.statements[request.statement].transaction
    guard let firing = functions.firing(of: transaction) else { return nil }
    let columns = Self.columns(of: workload[request], comparedWith: firing.records)
    return passage(by: firing.table, columns, to: lockClass)
  }

  /// The columns of requested rows that are compared with the row that fires a trigger, by the
  /// columns of that row.
  private static func columns(
    of lock: Acquisition, comparedWith records: Set<String>
  ) -> [String: String] {
    var result: [String: String] = [:]
    for (column, term) in (lock.rows?.pinned ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard case .variable(let variable) = term, records.contains(variable.name),
        let field = variable.field
      else { continue }
      result[field] = column
    }
    return result.merging(lock.rows?.ties[.firing] ?? [:]) { $1 }
  }

  private func changesHands(_ passage: Passage) -> Bool {
    let changing = workload.changing[passage.table]
    return passage.columns.contains { changing?[$0] != nil }
  }

  private mutating func strangers(to passage: Passage) -> [AcquisitionID] {
    if let known = strangers[passage] { return known }
    var result: [AcquisitionID] = []
    for locker in workload.lockers[passage.table] ?? [] where !passes(locker, passage) {
      result.append(locker)
    }
    strangers[passage] = result
    return result
  }

  /// Whether a transaction has locked, on every run, the row that the requested ones belong to.
  private mutating func passes(_ request: AcquisitionID, _ passage: Passage) -> Bool {
    let lock = workload[request]
    let transaction = workload.transaction(of: request)
    guard passage.columns.count == passage.parentColumns.count else { return false }
    if let firing = functions.firing(of: transaction.number),
      workload.catalog.lockClass(firing.table.name) == passage.parent
    {
      let columns = Self.columns(of: lock, comparedWith: firing.records)
      if zip(passage.columns, passage.parentColumns).allSatisfy({ columns[$1] == $0 }) {
        return true
      }
    }
    let isTied = (lock.rows?.ties ?? [:]).contains { source, columns in
      guard case .locked(let name) = source, workload.catalog.lockClass(name) == passage.parent
      else { return false }
      return zip(passage.columns, passage.parentColumns).allSatisfy { columns[$1] == $0 }
    }
    if isTied { return true }
    guard let pinned = lock.rows?.pinned,
      passage.columns.allSatisfy({ pinned[$0]?.isOneValue ?? false })
    else { return false }
    return singleRows(of: transaction)[passage.parent]?.contains { gate in
      guard gate < request, let rows = workload[gate].rows,
        workload[gate].certainlyPrecedes(lock), rows.conditions.count <= passage.columns.count
      else { return false }
      return zip(passage.columns, passage.parentColumns).allSatisfy { column, parent in
        rows.pinned[parent] == pinned[column]
      }
    } ?? false
  }

  private mutating func singleRows(
    of transaction: Transaction
  ) -> [RelationName: [AcquisitionID]] {
    if let known = singleRows[transaction.number] { return known }
    var result: [RelationName: [AcquisitionID]] = [:]
    var held = HeldSet(in: workload)
    for step in TransactionTrace(transaction, in: workload).steps {
      held.follow(step)
      if case .rollBack = step { result = Self.kept(result, held) }
      guard case .acquire(let id) = step, isGate(workload[id]),
        let table = workload[id].target.relation
      else { continue }
      result[workload.catalog.lockClass(table), default: []].append(id)
    }
    singleRows[transaction.number] = result
    return result
  }

  /// What is left after a savepoint was gone back to.
  private static func kept(
    _ rows: [RelationName: [AcquisitionID]], _ held: HeldSet
  ) -> [RelationName: [AcquisitionID]] {
    let all = Set(held.all)
    return rows.mapValues { $0.filter(all.contains) }
  }

  /// Whether a lock is on one row, found by its key alone, and keeps other writers of it out.
  private func isGate(_ lock: Acquisition) -> Bool {
    guard case .row(let mode) = lock.mode, mode.isExclusive, lock.waits != .skips,
      let rows = lock.rows, rows.count == .one, !rows.isLimited, !rows.hasOtherConditions,
      !lock.isJoined
    else { return false }
    return true
  }
}

extension LazySequenceProtocol where Element == AcquisitionID {
  /// Those of other statements, as many as are tried for one that meets a request.
  func outsiders(to request: AcquisitionID) -> some Sequence<AcquisitionID> {
    filter { $0.statement != request.statement }.prefix(64)
  }
}

extension Term {
  /// Whether it stands for the same value wherever it is written in a transaction.
  fileprivate var isOneValue: Bool {
    switch self {
    case .literal: true
    // Placeholders without a name or number are counted by their places.
    case .variable(let variable): variable.name != "?" && variable.name != "%s"
    case .null, .usesDefault, .column, .rowColumn, .subselect, .call, .operation, .coalesce,
      .element, .other:
      false
    }
  }
}
