import LockModel

/// Finds the circles of waits of a workload.
package struct DeadlockFinder {
  private let workload: Workload

  /// Looks at a workload.
  package init(_ workload: Workload) { self.workload = workload }

  /// All of them, in the order of the statements and of their locks; which are shown is decided
  /// later.
  package func deadlocks() -> [Deadlock] {
    var circles = RowOrderCircles(workload)
    var found = workload.transactions.flatMap { transaction in
      // What locks at most one row of each table can't wait for itself.
      hasSeveralRows(transaction)
        ? circles.deadlocks(of: TransactionTrace(transaction, in: workload)) : []
    }
    found += ConflictingOrders(workload, except: Set(found.map(\.request))).deadlocks()
    return found.sorted { $0.request < $1.request }
  }

  private func hasSeveralRows(_ transaction: Transaction) -> Bool {
    transaction.statements.contains { index in
      workload.statements[index].acquisitions.contains { $0.locksSeveralRows && $0.isOwn }
    }
  }
}
