/// What a transaction holds, as it goes on: rows that it has locked need no order afterwards.
struct HeldLocks {
  private let workload: Workload
  private var rows: [(table: RelationName, acquisition: Acquisition)] = []
  /// Locks that keep other copies of the transaction out.
  private var gates: Set<LockTarget> = []

  init(_ workload: Workload) { self.workload = workload }

  /// Notes the table and advisory locks of a statement: they come before its row locks.
  mutating func add(tables statement: LoweredStatement) {
    for acquisition in statement.acquisitions where acquisition.waits == .blocks {
      switch acquisition.mode {
      case .table(let mode) where mode.conflicts(with: mode): gates.insert(acquisition.target)
      case .advisory(isExclusive: true):
        guard case .advisory(let key) = acquisition.target, !key.isEmpty else { continue }
        gates.insert(acquisition.target)
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
    guard case .row(let mode) = earlier.mode, mode.isExclusive, let earlier = earlier.rows,
      let later = later.rows
    else { return false }
    // The ids that a client sends back are those that it was given.
    if earlier.count.isMany, later.isByKeyList { return true }
    return !earlier.isLimited && !earlier.conditions.isEmpty
      && earlier.conditions.isSubset(of: later.conditions)
  }

  /// A lock on the table keeps everybody out; an advisory lock those who take it as well.
  private func isGated(_ acquisition: Acquisition, _ table: RelationName, _ index: Int) -> Bool {
    if gates.contains(.table(table)) { return true }
    guard !gates.isEmpty else { return false }
    let advisory = gates.filter { if case .advisory = $0 { true } else { false } }
    guard !advisory.isEmpty else { return false }
    let lockers = workload.lockers[workload.catalog.lockClass(table)] ?? []
    return lockers.allSatisfy { locker in
      let number = workload.statements[locker.statement].transaction
      return workload.transactions[number - 1].statements.contains { other in
        other <= locker.statement
          && workload.statements[other].acquisitions.contains { advisory.contains($0.target) }
      }
    }
  }
}
