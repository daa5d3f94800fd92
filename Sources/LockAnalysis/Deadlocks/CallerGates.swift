import LockModel

/// What everybody who calls a routine has locked before, so that one of them at a time runs it.
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
    guard let (name, callers) = functions.callers(of: transaction) else { return [] }
    var common: [AcquisitionID]?
    for caller in callers {
      let outer = gates(of: caller)
      for held in callsOf(name, in: caller) {
        let gates = outer + held
        common =
          common.map { $0.filter { gate in gates.contains { keepApart(gate, $0) } } } ?? gates
      }
      if common?.isEmpty ?? false { break }
    }
    known[transaction] = common
    return common ?? []
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
