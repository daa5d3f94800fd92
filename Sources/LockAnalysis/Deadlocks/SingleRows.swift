import LockModel
import PostgresSyntax

/// The single rows that transactions lock for themselves.
///
/// A transaction of a routine has those of its callers from its start, as far as all of them have them
/// and give the routine what they found them by.
struct SingleRows {
  /// A row that a transaction has for itself.
  struct Row {
    /// The lock; nil for a row that every caller has.
    let id: AcquisitionID?
    let lock: Acquisition

    /// Whether every run that comes to another lock has it by then.
    func certainlyPrecedes(_ other: AcquisitionID, in workload: Workload) -> Bool {
      guard let id else { return true }
      return id < other && lock.certainlyPrecedes(workload[other])
    }
  }

  private let workload: Workload
  private let functions: TriggerFunctions
  /// By transaction and lock class, in the order of the transaction.
  private var known: [Int: [RelationName: [Row]]] = [:]
  private var knownOfCallers: [Int: [Acquisition]] = [:]

  /// Routines with more locks are not compared with their calls.
  private static let lockLimit = 256

  init(_ workload: Workload, _ functions: TriggerFunctions) {
    self.workload = workload
    self.functions = functions
  }

  /// Those of a transaction, by lock class.
  mutating func rows(of transaction: Transaction) -> [RelationName: [Row]] {
    if let rows = known[transaction.number] { return rows }
    // Routines that call each other in a circle are called with nothing.
    known[transaction.number] = own(transaction)
    var result: [RelationName: [Row]] = [:]
    for lock in ofCallers(of: transaction) {
      guard let table = lock.target.relation else { continue }
      result[workload.catalog.lockClass(table), default: []].append(Row(id: nil, lock: lock))
    }
    result.merge(own(transaction)) { $0 + $1 }
    known[transaction.number] = result
    return result
  }

  private func own(_ transaction: Transaction) -> [RelationName: [Row]] {
    var result: [RelationName: [Row]] = [:]
    var held = HeldSet(in: workload)
    for step in TransactionTrace(transaction, in: workload).steps {
      held.follow(step)
      if case .rollBack = step {
        let kept = Set(held.all)
        result = result.mapValues { $0.filter { $0.id.map(kept.contains) ?? true } }
      }
      guard case .acquire(let id) = step, isOfOneRow(id),
        let table = workload[id].target.relation
      else { continue }
      result[workload.catalog.lockClass(table), default: []].append(Row(id: id, lock: workload[id]))
    }
    return result
  }

  /// Whether a lock is on one row, found by its key alone, and keeps other writers of it out.
  private func isOfOneRow(_ id: AcquisitionID) -> Bool {
    let lock = workload[id]
    guard let rows = lock.rows, rows.count == .one, lock.waits != .skips, !rows.isLimited,
      !rows.hasOtherConditions
    else { return false }
    switch lock.mode {
    case .row(let mode):
      // Another condition may leave the row out.
      return mode.isExclusive && rows.conditions.count <= countOfKeyColumns(id)
    // Whoever wants to insert the same key waits.
    case .uniqueEntry: return lock.form == .insert && !lock.isJoined
    case .table, .advisory: return false
    }
  }

  /// How many columns have the keys by which a clause finds its rows, one of each table.
  private func countOfKeyColumns(_ id: AcquisitionID) -> Int {
    let lock = workload[id]
    let together =
      lock.isJoined
      ? workload.statements[id.statement].acquisitions.filter {
        $0.range == lock.range && $0.isJoined && $0.rows != nil
      } : [lock]
    guard together.allSatisfy({ $0.rows?.count == .one }) else { return 0 }
    return together.reduce(0) { $0 + (keys(of: $1).map(\.count).max() ?? 0) }
  }

  /// The keys of a locked row's table that are pinned; all that is pinned where the table's definition
  /// is not given.
  func keys(of lock: Acquisition) -> [[String]] {
    guard let pinned = lock.rows?.pinned, let table = lock.target.relation else { return [] }
    guard let definition = workload.catalog.relations[table] else { return [pinned.keys.sorted()] }
    return definition.identifyingKeys.filter(\.predicate.isEmpty).compactMap(\.columns).filter {
      !$0.isEmpty && $0.allSatisfy { pinned[$0] != nil }
    }
  }

  // MARK: Callers

  /// The rows that all callers of a routine have, as the routine names what they are found by.
  mutating func ofCallers(of transaction: Transaction) -> [Acquisition] {
    if let known = knownOfCallers[transaction.number] { return known }
    knownOfCallers[transaction.number] = []
    // Who asks for a lock by a number of its own keeps to a rule that holds for the host program, too; who
    // happens to have a row does not.
    guard let (name, callers) = functions.callers(of: transaction.number),
      let calledByHost = workload.calledByHost, !calledByHost.contains(name)
    else { return [] }
    let own = transaction.statements.flatMap { index in
      workload.statements[index].acquisitions.filter { $0.rows != nil }
    }
    guard own.count <= Self.lockLimit else { return [] }
    var common: [Acquisition]?
    for number in callers {
      let caller = workload.transactions[number - 1]
      let held = rows(of: caller)
      for index in caller.statements {
        let call = Call(name, at: index, in: workload)
        guard let first = call.locks.first else { continue }
        let rows =
          self.rows(held, before: first, call.names(by: own))
          + tied(to: call, by: own)
        common =
          common.map { known in
            known.filter { row in rows.contains { isSame($0, row) } }
          } ?? rows
        guard common?.isEmpty == false else { return [] }
      }
    }
    knownOfCallers[transaction.number] = common ?? []
    return common ?? []
  }

  /// What a routine locks where another calls it.
  private struct Call {
    /// In the order of the routine.
    let locks: [AcquisitionID]
    private let workload: Workload

    init(_ routine: String, at statement: Int, in workload: Workload) {
      self.workload = workload
      locks = workload.statements[statement].acquisitions.indices.lazy
        .map { AcquisitionID(statement: statement, acquisition: $0) }
        .filter { workload[$0].reason.first == .function(routine) && workload[$0].rows != nil }
    }

    /// The locks with those that the routine has in their place.
    func pairs(_ own: [Acquisition]) -> [(inside: Acquisition, outside: Acquisition)] {
      own.compactMap { inside in
        func isSame(_ other: Acquisition, _ reason: ArraySlice<Reason>) -> Bool {
          other.target == inside.target && other.mode == inside.mode && other.form == inside.form
            && Array(reason) == inside.reason
        }
        let outside = locks.filter { isSame(workload[$0], workload[$0].reason.dropFirst()) }
        // Two of one kind could be taken for each other.
        guard outside.count == 1, own.count(where: { isSame($0, $0.reason[...]) }) == 1 else {
          return nil
        }
        return (inside, workload[outside[0]])
      }
    }

    /// What the routine calls the values that its caller gives it.
    func names(by own: [Acquisition]) -> [Term: Term] {
      var names: [Term: Term] = [:]
      for (inside, outside) in pairs(own) {
        for (column, term) in inside.rows?.pinned ?? [:] {
          guard case .variable(let variable) = term, variable.version == 0,
            let value = outside.rows?.pinned[column]
          else { continue }
          names[value] = names[value].map { $0.text < term.text ? $0 : term } ?? term
        }
      }
      return names
    }
  }

  /// Rows that a caller has before it calls, as the routine knows them.
  private func rows(
    _ held: [RelationName: [Row]], before call: AcquisitionID, _ names: [Term: Term]
  ) -> [Acquisition] {
    held.sorted { $0.key < $1.key }.flatMap(\.value).compactMap { row in
      guard row.certainlyPrecedes(call, in: workload) else { return nil }
      let pinned = row.lock.rows?.pinned ?? [:]
      for key in keys(of: row.lock) {
        let terms = key.compactMap { column in
          pinned[column].flatMap { $0.literal == nil ? names[$0] : $0 }
        }
        guard terms.count == key.count else { continue }
        return ofCaller(row.lock, Dictionary(uniqueKeysWithValues: zip(key, terms)))
      }
      return nil
    }
  }

  /// Rows that are a caller's own, whose key it hands over.
  private func tied(to call: Call, by own: [Acquisition]) -> [Acquisition] {
    call.pairs(own).flatMap { inside, outside in
      (outside.rows?.ties ?? [:]).compactMap { source, columns -> Acquisition? in
        guard case .locked(let table) = source,
          let key = workload.catalog.relations[table]?.primaryKey?.columns,
          case let terms = key.compactMap({ columns[$0].flatMap { inside.rows?.pinned[$0] } }),
          terms.count == key.count, !key.isEmpty
        else { return nil }
        var lock = outside
        lock.target = .rows(table)
        lock.mode = .row(.forUpdate)
        lock.form = .plainWrite
        return ofCaller(lock, Dictionary(uniqueKeysWithValues: zip(key, terms)))
      }
    }
  }

  private func ofCaller(_ lock: Acquisition, _ key: [String: Term]) -> Acquisition {
    var result = lock
    result.rows = RowSet(count: .one, order: .total([]), pinned: key)
    result.branches = []
    result.absence = nil
    result.reason = []
    result.part = 0
    return result
  }

  private func isSame(_ left: Acquisition, _ right: Acquisition) -> Bool {
    left.target == right.target && left.rows?.pinned == right.rows?.pinned
  }
}
