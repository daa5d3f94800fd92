package import LockModel

/// The order in which transactions take locks: "requested while held", over lock classes.
package struct LockOrder: Sendable {
  /// What locks of different transactions are told apart by: all rows of a table are one class.
  package struct LockClass: Sendable, Hashable {
    /// The table's class, for tables and rows; partitions are in that of their parent.
    package let target: LockTarget
    package let mode: LockMode

    init(_ lock: Acquisition, _ catalog: Catalog) {
      target =
        switch lock.target {
        case .rows(let name): .rows(catalog.lockClass(name))
        case .uniqueKey(let name): .uniqueKey(catalog.lockClass(name))
        case .table, .advisory: lock.target
        }
      mode = lock.mode
    }
  }

  /// One class is asked for while another is held.
  package struct Edge: Sendable, Hashable {
    package let held: LockClass
    package let requested: LockClass
  }

  /// The first wait that shows each edge.
  package private(set) var edges: [Edge: Wait] = [:]
  /// The edges in the order in which they were found.
  package private(set) var order: [Edge] = []

  package init() {}

  /// The order that all transactions of a workload impose.
  package init(_ workload: Workload) {
    for transaction in workload.transactions {
      add(TransactionTrace(transaction, in: workload), in: workload)
    }
  }

  /// Adds what one transaction imposes.
  package mutating func add(_ trace: TransactionTrace, in workload: Workload) {
    for wait in trace.waits(in: workload) {
      let requested = LockClass(workload[wait.request], workload.catalog)
      for held in wait.held {
        // What nobody else can reach is waited for by nobody.
        guard !workload[held].isPrivate, !workload[wait.request].isPrivate else { continue }
        let edge = Edge(held: LockClass(workload[held], workload.catalog), requested: requested)
        guard edges[edge] == nil else { continue }
        edges[edge] = wait
        order.append(edge)
      }
    }
  }

  /// The edges from a class to itself that one acquisition makes: it asks for one row while it
  /// holds another.
  package var selfEdges: [Edge] { order.filter { $0.held == $0.requested } }
}
