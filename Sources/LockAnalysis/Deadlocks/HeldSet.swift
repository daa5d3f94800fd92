import LockModel

/// What a transaction holds at one of its steps.
package struct HeldSet: Sendable {
  private let workload: Workload
  /// Everything that was acquired and not given back, in order.
  private(set) var all: [AcquisitionID] = []
  /// The row locks of statements that have ended, as places in `all`, by lock class and one of the
  /// conditions: rows are only covered by a lock whose conditions all hold for them.
  private var rowsByCondition: [RelationName: [Condition?: [Int]]] = [:]
  /// Locks on several rows that keep other writers out, as places in `all`, by table.
  private var severalRows: [LockTarget: [Int]] = [:]
  /// Locks that another copy of the transaction would wait for, as places in `all`: those on a
  /// table by its name, advisory ones by nil.
  private var gates: [RelationName?: [Int]] = [:]
  /// The same on any table, in order.
  private var gatesInOrder: [Int] = []
  private var savepoints: [(name: String, count: Int)] = []
  /// How many of `all` belong to statements that have ended.
  private var ended = 0

  package init(in workload: Workload) { self.workload = workload }

  // MARK: Steps

  /// Goes one step on.
  mutating func follow(_ step: TransactionTrace.Step) {
    switch step {
    case .acquire(let id): acquire(id)
    case .endOfStatement: endStatement()
    case .savepoint(let name): savepoints.append((name, all.count))
    case .release(let name): release(name)
    case .rollBack(let name): rollBack(to: name)
    }
  }

  private mutating func acquire(_ id: AcquisitionID) {
    let lock = workload[id]
    let place = all.count
    all.append(id)
    switch (lock.target, lock.mode) {
    case (.rows, .row(let mode)) where mode.isExclusive && lock.rows?.count == .many:
      severalRows[lock.target, default: []].append(place)
    case (.table, .table(let mode)) where mode.conflicts(with: mode) && !lock.isPrivate:
      gates[lock.target.relation, default: []].append(place)
      gatesInOrder.append(place)
    case (.advisory(let key), .advisory(isExclusive: true)) where lock.waits != .skips:
      if !key.isEmpty { gates[nil, default: []].append(place) }
    default: break
    }
  }

  /// While a statement runs its own locks come in turns, so that its rows are not there yet.
  private mutating func endStatement() {
    for place in ended..<all.count {
      guard let (lockClass, condition) = rowsKey(of: place) else { continue }
      rowsByCondition[lockClass, default: [:]][condition, default: []].append(place)
    }
    ended = all.count
  }

  /// Where the rows of a lock are kept, if it locks any.
  private func rowsKey(of place: Int) -> (RelationName, Condition?)? {
    let lock = workload[all[place]]
    guard case .rows(let name) = lock.target, let rows = lock.rows else { return nil }
    return (workload.catalog.lockClass(name), rows.conditions.min())
  }

  /// The savepoint and those after it are gone; what was locked since is kept.
  private mutating func release(_ name: String) {
    guard let index = savepoints.lastIndex(where: { $0.name == name }) else { return }
    savepoints.removeSubrange(index...)
  }

  /// The savepoint itself stays.
  private mutating func rollBack(to name: String) {
    guard let index = savepoints.lastIndex(where: { $0.name == name }) else { return }
    savepoints.removeSubrange((index + 1)...)
    while all.count > savepoints[index].count { giveBackLast() }
  }

  private mutating func giveBackLast() {
    let place = all.count - 1
    let target = workload[all[place]].target
    if place < ended, let (lockClass, condition) = rowsKey(of: place) {
      rowsByCondition[lockClass]?[condition]?.removeLast()
      if rowsByCondition[lockClass]?[condition]?.isEmpty ?? false {
        rowsByCondition[lockClass]?[condition] = nil
      }
    }
    if severalRows[target]?.last == place { severalRows[target]?.removeLast() }
    if gates[target.relation]?.last == place { gates[target.relation]?.removeLast() }
    if gatesInOrder.last == place { gatesInOrder.removeLast() }
    all.removeLast()
    ended = min(ended, place)
  }

  // MARK: Questions

  /// Whether the rows of a request are the transaction's already, on every run.
  func covers(_ request: AcquisitionID) -> Bool {
    let lock = workload[request]
    guard let table = lock.target.relation, let wanted = lock.rows,
      let byCondition = rowsByCondition[workload.catalog.lockClass(table)]
    else { return false }
    // The ids that a client sends back are those that it was given; rows that a trigger, a cascade
    // or a loop comes to were locked before for that purpose.
    if wanted.isByKeyList || !lock.reason.isEmpty || lock.loop != nil {
      return byCondition.values.joined().contains { place in
        workload[all[place]].rows?.count == .many && isHeld(place, at: lock)
      }
    }
    return (Array(wanted.conditions) + [nil]).contains { condition in
      byCondition[condition]?.contains { place in
        isHeld(place, at: lock) && Self.covers(workload[all[place]], wanted)
      } ?? false
    }
  }

  /// Whether a row lock keeps other writers out and is there on every run.
  private func isHeld(_ place: Int, at lock: Acquisition) -> Bool {
    guard case .row(let mode) = workload[all[place]].mode else { return false }
    return mode.isExclusive && workload[all[place]].certainlyPrecedes(lock)
  }

  private static func covers(_ lock: Acquisition, _ wanted: RowSet) -> Bool {
    // Rows that SKIP LOCKED has passed over are not held.
    guard let held = lock.rows, lock.waits != .skips, !held.isLimited, !held.hasOtherConditions
    else { return false }
    if held.conditions.isEmpty && lock.isJoined { return false }
    // The one row of an upsert has a key and no condition.
    if held.conditions.isEmpty, held.pinned.contains(where: { wanted.pinned[$0.key] != $0.value }) {
      return false
    }
    return held.conditions.isSubset(of: wanted.conditions)
  }

  /// Whether the transaction has locked several rows of the same table before, on every run: what a
  /// trigger, a cascade or a loop comes to after that, it mostly has.
  func hasSeveralRows(of request: AcquisitionID) -> Bool {
    let lock = workload[request]
    guard !lock.reason.isEmpty || lock.loop != nil, let table = lock.target.relation else {
      return false
    }
    return severalRows[.rows(table)]?.contains {
      workload[all[$0]].certainlyPrecedes(lock)
    } ?? false
  }

  /// Of the gates on other tables than the requested one so many are looked at.
  private static let gateLimit = 8

  /// The locks that a second copy of the transaction would have to wait for before it comes to a
  /// request: advisory ones, those on the table, and the first ones on other tables.
  func gates(at request: AcquisitionID) -> [AcquisitionID] {
    let lock = workload[request]
    let onTable = lock.target.relation.flatMap { gates[$0] } ?? []
    let others = gatesInOrder.prefix(Self.gateLimit).filter { !onTable.contains($0) }
    return ((gates[nil] ?? []) + onTable + others).map { all[$0] }.filter { gate in
      workload[gate].certainlyPrecedes(lock)
    }
  }
}
