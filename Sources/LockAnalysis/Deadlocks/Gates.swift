import LockModel

/// Whether a gate keeps everybody out who could lock the same rows in another order.
///
/// A self-conflicting lock on a table, or an exclusive advisory lock, lets one copy of a transaction
/// in at a time. That is enough where every other statement that locks several rows of the table
/// has to pass it as well.
struct Gates {
  private let workload: Workload
  private var callers: CallerGates
  /// For each gate and table the locks that it does not keep out.
  private var passing: [Gate: [RelationName: [AcquisitionID]]] = [:]
  /// For each gate and transaction the first acquisition that waits at it.
  private var stops: [Gate: [Int: AcquisitionID?]] = [:]

  /// A lock as others see it.
  private struct Gate: Hashable {
    let target: LockTarget
    let mode: LockMode
  }

  init(_ workload: Workload, _ functions: TriggerFunctions) {
    self.workload = workload
    callers = CallerGates(workload, functions)
  }

  /// Who can still meet a request behind gates, its own and those of whoever calls its routine: nil
  /// where none keeps copies of it apart.
  mutating func outsiders(
    to request: AcquisitionID, behind own: [AcquisitionID]
  ) -> [AcquisitionID]? {
    let gates = own + callers.gates(of: workload.statements[request.statement].transaction)
    guard !gates.isEmpty, let table = workload[request].target.relation else { return nil }
    var fewest: [AcquisitionID]?
    for gate in gates {
      let lock = workload[gate]
      let passing = locks(passing: Gate(target: lock.target, mode: lock.mode), table)
      let others = Array(passing.lazy.outsiders(to: request))
      if others.count < fewest?.count ?? .max { fewest = others }
    }
    return fewest
  }

  private mutating func locks(passing gate: Gate, _ table: RelationName) -> [AcquisitionID] {
    if let known = passing[gate]?[table] { return known }
    let lockers = workload.lockers[workload.catalog.lockClass(table)] ?? []
    let isOnTable = gate.target.relation == table
    let result = lockers.filter { !keepsOut($0, gate, isOnTable: isOnTable) }
    passing[gate, default: [:]][table] = result
    return result
  }

  private mutating func keepsOut(
    _ locker: AcquisitionID, _ gate: Gate, isOnTable: Bool
  ) -> Bool {
    if isOnTable, case .table(let mode) = gate.mode, mode.conflicts(with: tableMode(of: locker)) {
      return true
    }
    let isCalledBehind = callers.gates(of: workload.statements[locker.statement].transaction)
      .contains {
        workload[$0].target == gate.target && workload[$0].mode.conflicts(with: gate.mode)
      }
    if isCalledBehind { return true }
    guard let stop = firstStop(of: workload.transaction(of: locker), gate) else { return false }
    return stop.statement <= locker.statement
      && workload[stop].certainlyPrecedes(workload[locker])
  }

  private mutating func firstStop(of transaction: Transaction, _ gate: Gate) -> AcquisitionID? {
    if let known = stops[gate]?[transaction.number] { return known }
    var found: AcquisitionID?
    for index in transaction.statements where found == nil {
      let locks = workload.statements[index].acquisitions
      found = locks.firstIndex {
        $0.target == gate.target && $0.mode.conflicts(with: gate.mode) && !$0.isPrivate
      }
      .map { AcquisitionID(statement: index, acquisition: $0) }
    }
    stops[gate, default: [:]][transaction.number] = .some(found)
    return found
  }

  /// The mode in which a statement that locks rows locks their table.
  private func tableMode(of locker: AcquisitionID) -> TableLockMode {
    if case .lockingSelect = workload[locker].form { return .rowShare }
    return .rowExclusive
  }
}
