import LockModel

/// Whether what fires a trigger keeps copies of its function apart.
///
/// A trigger that fires for the one row which can be put into a table runs in one transaction at a
/// time: whoever wants to put the same row there waits for the end of the first.
struct TriggerGates {
  private let workload: Workload
  private let functions: TriggerFunctions
  private var known: [Int: Set<RelationName>] = [:]

  init(_ workload: Workload, _ functions: TriggerFunctions) {
    self.workload = workload
    self.functions = functions
  }

  /// Who locks several rows of the table and is not kept out; nil where copies are not kept apart.
  mutating func outsiders(to request: AcquisitionID) -> [AcquisitionID]? {
    let gates = gates(of: workload.statements[request.statement].transaction)
    guard !gates.isEmpty, let table = workload[request].target.relation else { return nil }
    let lockers = workload.lockers[workload.catalog.lockClass(table)] ?? []
    var result: [AcquisitionID] = []
    for locker in lockers where locker.statement != request.statement && result.count < 64 {
      if self.gates(of: workload.statements[locker.statement].transaction).isDisjoint(with: gates) {
        result.append(locker)
      }
    }
    return result
  }

  private mutating func gates(of transaction: Int) -> Set<RelationName> {
    if let known = known[transaction] { return known }
    let result = functions.gates(of: transaction)
    known[transaction] = result
    return result
  }
}
