/// What a transaction holds, as it goes on: rows that it has locked need no order afterwards.
struct HeldLocks {
  private let workload: Workload
  private var rows: [(table: RelationName, acquisition: Acquisition)] = []
  /// Locks that keep other copies of the transaction out.
  private var gates: [Gate] = []

  private struct Gate {
    let target: LockTarget
    let mode: LockMode

    var isAdvisory: Bool { if case .advisory = target { true } else { false } }
  }

  init(_ workload: Workload) { self.workload = workload }

  /// Notes the table and advisory locks of a statement: they come before its row locks.
  mutating func add(tables statement: LoweredStatement) {
    for acquisition in statement.acquisitions where acquisition.waits == .blocks {
      switch acquisition.mode {
      case .table(let mode) where mode.conflicts(with: mode):
        gates.append(Gate(target: acquisition.target, mode: acquisition.mode))
      case .advisory(isExclusive: true):
        guard case .advisory(let key) = acquisition.target, !key.isEmpty else { continue }
        gates.append(Gate(target: acquisition.target, mode: acquisition.mode))
      default: break
      }
    }
  }

  mutating func add(rows statement: LoweredStatement) {
    for acquisition in statement.acquisitions {
      guard case .rows(let table) = acquisition.target else { continue }
      rows.append((workload.catalog.lockClass(table), acquisition))
    }
  }

  /// Whether the rows are held already, or nobody who could lock them otherwise gets this far.
  func covers(_ acquisition: Acquisition, at index: Int) -> Bool {
    guard let table = acquisition.target.relation else { return false }
    if isGated(acquisition, table, index) { return true }
    let lockClass = workload.catalog.lockClass(table)
    return rows.contains { held in
      held.table == lockClass && holds(held.acquisition, acquisition)
    }
  }

  private func holds(_ earlier: Acquisition, _ later: Acquisition) -> Bool {
    guard case .row(let mode) = earlier.mode, mode.isExclusive, let rows = earlier.rows,
      let wanted = later.rows
    else { return false }
    // The ids that a client sends back are those that it was given.
    if rows.count.isMany, wanted.isByKeyList { return true }
    if rows.isLimited || (rows.conditions.isEmpty && earlier.isJoined) { return false }
    return rows.conditions.isSubset(of: wanted.conditions)
  }

  /// A self-conflicting lock on the table, or an exclusive advisory lock, keeps other copies out;
  /// it is enough when it also keeps out everybody else who locks several rows of the table.
  private func isGated(_ acquisition: Acquisition, _ table: RelationName, _ index: Int) -> Bool {
    guard !gates.isEmpty else { return false }
    let lockers = workload.lockers[workload.catalog.lockClass(table)] ?? []
    return gates.contains { gate in
      guard gate.target == .table(table) || gate.isAdvisory else { return false }
      return lockers.allSatisfy { $0.statement == index || keepsOut($0, gate) }
    }
  }

  private func keepsOut(_ locker: Workload.Locker, _ gate: Gate) -> Bool {
    if case .table(let mode) = gate.mode, mode.conflicts(with: tableMode(of: locker)) {
      return true
    }
    let number = workload.statements[locker.statement].transaction
    return workload.transactions[number - 1].statements.contains { other in
      other <= locker.statement
        && workload.statements[other].acquisitions.contains {
          $0.target == gate.target && Meeting.conflict($0.mode, gate.mode)
        }
    }
  }

  /// The mode in which a statement that locks rows locks their table.
  private func tableMode(of locker: Workload.Locker) -> TableLockMode {
    if case .lockingSelect = workload.acquisition(locker).form { return .rowShare }
    return .rowExclusive
  }
}
