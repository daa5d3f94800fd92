import LockModel

/// What everybody who calls a routine, or a query of the host program, has locked before, so that one of
/// them at a time runs it.
struct CallerGates {
  private let workload: Workload
  private let functions: TriggerFunctions
  /// By the number of a routine's transaction.
  private var known: [Int: [AcquisitionID]] = [:]
  /// By transaction: the locks that it has at its calls, by the name of the routine.
  private var calls: [Int: [String: [[AcquisitionID]]]] = [:]

  init(_ workload: Workload, _ functions: TriggerFunctions) {
    self.workload = workload
    self.functions = functions
  }

  /// The locks as one of the callers takes them; each of the others has one that conflicts.
  mutating func gates(of transaction: Int) -> [AcquisitionID] {
    if let known = known[transaction] { return known }
    // Routines that call each other in a circle protect nobody.
    known[transaction] = []
    if let first = workload.transactions[transaction - 1].statements.first,
      workload.enclosed.contains(first)
    {
      let common = common(workload.inferred.flatMap { $0.gates(at: first, in: workload) })
      known[transaction] = common
      return common
    }
    guard let (name, callers) = functions.callers(of: transaction) else { return [] }
    var lists: [[AcquisitionID]] = []
    for caller in callers {
      let outer = gates(of: caller)
      lists += callsOf(name, in: caller).map { outer + $0 }
      if common(lists).isEmpty, !lists.isEmpty { break }
    }
    let common = common(lists)
    known[transaction] = common
    return common
  }

  /// Those of the first list of which every other list has one that conflicts.
  private func common(_ lists: [[AcquisitionID]]) -> [AcquisitionID] {
    guard let first = lists.first else { return [] }
    return lists.dropFirst().reduce(first) { common, gates in
      common.filter { gate in gates.contains { keepApart(gate, $0) } }
    }
  }

  private func keepApart(_ left: AcquisitionID, _ right: AcquisitionID) -> Bool {
    workload[left].target == workload[right].target
      && workload[left].mode.conflicts(with: workload[right].mode)
  }

  /// What a transaction holds at each of its calls of a routine.
  private mutating func callsOf(_ name: String, in transaction: Int) -> [[AcquisitionID]] {
    if let known = calls[transaction] { return known[name] ?? [] }
    let transaction = workload.transactions[transaction - 1]
    var result: [String: [[AcquisitionID]]] = [:]
    var held = HeldSet(in: workload)
    var called: Set<String> = []
    for step in TransactionTrace(transaction, in: workload).steps {
      if case .acquire(let id) = step, case .function(let name)? = workload[id].reason.first,
        called.insert(name).inserted
      {
        result[name, default: []].append(held.gates(at: id))
      }
      if case .endOfStatement = step { called = [] }
      held.follow(step)
    }
    calls[transaction.number] = result
    return result[name] ?? []
  }
}
