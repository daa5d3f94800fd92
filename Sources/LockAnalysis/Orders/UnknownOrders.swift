import LockModel

/// Migrations still to be run that lock tables one after the other of which nothing shows how the
/// application uses them: its order may be another one.
package struct UnknownOrders {
  /// What the transaction of one migration locks.
  package struct Order: Sendable {
    /// The first lock on each table, in the order in which they are taken; two at least.
    package var locks: [AcquisitionID]
  }

  /// In the order of the transactions.
  package let orders: [Order]

  /// Goes through the migrations of a workload.
  package init(_ workload: Workload) {
    var pending: [Transaction] = []
    var used: Set<RelationName> = []
    for transaction in workload.transactions {
      guard let first = transaction.statements.first else { continue }
      let statement = workload.statements[first]
      if statement.role == .application {
        for lock in transaction.statements.flatMap({ workload.statements[$0].acquisitions }) {
          if let table = lock.target.relation { used.insert(workload.catalog.lockClass(table)) }
        }
      } else if statement.role == .migration, statement.isPending, !statement.isReverse {
        pending.append(transaction)
      }
    }
    orders = pending.compactMap { Self.order(of: $0, in: workload, besides: used) }
  }

  /// What keeps readers or writers out of tables that were there before and that `used` does not have.
  private static func order(
    of transaction: Transaction, in workload: Workload, besides used: Set<RelationName>
  ) -> Order? {
    var result = Order(locks: [])
    var made: Set<RelationName> = []
    var seen = used
    for index in transaction.statements where !workload.statements[index].isExpanded {
      if let created = workload.statements[index].created { made.insert(created) }
      for (position, lock) in workload.statements[index].acquisitions.enumerated() {
        let id = AcquisitionID(statement: index, acquisition: position)
        guard case .table(let mode) = lock.mode, mode.conflicts(with: .rowExclusive),
          mode != .shareUpdateExclusive, !lock.isPrivate, lock.branches.isEmpty,
          let table = LockOrder.table(of: id, workload), !made.contains(table),
          seen.insert(table).inserted
        else { continue }
        result.locks.append(id)
      }
    }
    return result.locks.count > 1 ? result : nil
  }
}
