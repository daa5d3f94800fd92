import PostgresSyntax

/// What a transaction holds, as it goes on: rows that it has locked need no order afterwards.
struct HeldLocks {
  private let workload: Workload
  private var rows: [HeldRows] = []
  /// Indices into `rows`, by table and one of the conditions: rows are only covered by a lock
  /// whose conditions all hold for them.
  private var byCondition: [RelationName: [Condition?: [Int]]] = [:]
  /// Locks that keep other copies of the transaction out.
  private var gates: [Gate] = []
  /// For each gate and table the statements that it does not keep out.
  private var passing: [Gate: [RelationName: [Int]]] = [:]
  private var savepoints: [(name: String, rows: Int, gates: Int)] = []

  private struct HeldRows {
    let table: RelationName
    let acquisition: Acquisition
    let conditions: Set<Condition>
  }

  private struct Gate: Hashable {
    let target: LockTarget
    let mode: LockMode

    var isAdvisory: Bool { if case .advisory = target { true } else { false } }
  }

  init(_ workload: Workload) { self.workload = workload }

  /// ROLLBACK TO gives back what was locked since the savepoint (manual, *ROLLBACK TO SAVEPOINT*).
  mutating func follow(_ statement: LoweredStatement) {
    let node = statement.statement.node
    guard node.tag == .TransactionStmt, let name = node.string(.savepoint_name) else { return }
    switch node.string(.kind) {
    case "TRANS_STMT_SAVEPOINT": savepoints.append((name, rows.count, gates.count))
    case "TRANS_STMT_ROLLBACK_TO":
      guard let index = savepoints.lastIndex(where: { $0.name == name }) else { return }
      rows.removeSubrange(savepoints[index].rows...)
      gates.removeSubrange(savepoints[index].gates...)
      savepoints.removeSubrange((index + 1)...)
    default: break
    }
  }

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
      guard case .rows(let name) = acquisition.target, let wanted = acquisition.rows else {
        continue
      }
      let table = workload.catalog.lockClass(name)
      let conditions = wanted.conditions
      let condition = conditions.min()
      byCondition[table, default: [:]][condition, default: []].append(rows.count)
      rows.append(HeldRows(table: table, acquisition: acquisition, conditions: conditions))
    }
  }

  /// Whether the rows are held already, or nobody who could lock them otherwise gets this far.
  mutating func covers(_ acquisition: Acquisition, at index: Int) -> Bool {
    guard let table = acquisition.target.relation else { return false }
    if isGated(table, index) { return true }
    let lockClass = workload.catalog.lockClass(table)
    guard let wanted = acquisition.rows, let byCondition = byCondition[lockClass] else {
      return false
    }
    // The ids that a client sends back are those that it was given; rows that a trigger, a cascade
    // or a loop comes to were locked before for that purpose.
    if wanted.isByKeyList || !acquisition.reason.isEmpty || acquisition.loop != nil {
      return byCondition.values.joined().contains { isHeld($0) && isMany($0) }
    }
    let conditions = wanted.conditions
    return (Array(conditions) + [nil]).contains { condition in
      byCondition[condition]?.contains { isHeld($0) && covers($0, conditions) } ?? false
    }
  }

  private func isHeld(_ index: Int) -> Bool {
    guard index < rows.count, case .row(let mode) = rows[index].acquisition.mode else {
      return false
    }
    return mode.isExclusive
  }

  private func isMany(_ index: Int) -> Bool {
    rows[index].acquisition.rows?.count.isMany ?? false
  }

  private func covers(_ index: Int, _ wanted: Set<Condition>) -> Bool {
    let acquisition = rows[index].acquisition
    // Rows that SKIP LOCKED has passed over are not held.
    guard let held = acquisition.rows, acquisition.waits != .skips, !held.isLimited,
      !held.hasHiddenConditions
    else {
      return false
    }
    let conditions = rows[index].conditions
    if conditions.isEmpty && acquisition.isJoined { return false }
    return conditions.isSubset(of: wanted)
  }

  // MARK: Gates

  /// A self-conflicting lock on the table, or an exclusive advisory lock, keeps other copies out;
  /// it is enough when it also keeps out everybody else who locks several rows of the table.
  private mutating func isGated(_ table: RelationName, _ index: Int) -> Bool {
    for gate in gates where gate.target == .table(table) || gate.isAdvisory {
      if passing(gate, table).allSatisfy({ $0 == index }) { return true }
    }
    return false
  }

  private mutating func passing(_ gate: Gate, _ table: RelationName) -> [Int] {
    if let known = passing[gate]?[table] { return known }
    let lockers = workload.lockers[workload.catalog.lockClass(table)] ?? []
    let result = lockers.filter { !keepsOut($0, gate) }.map(\.statement)
    passing[gate, default: [:]][table] = result
    return result
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
