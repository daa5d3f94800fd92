package import LockModel

/// An order in which all transactions are meant to lock tables, as the configuration says.
package struct DeclaredOrder: Sendable {
  /// A table's name and where the configuration has it.
  package struct Entry: Sendable {
    /// With its schema, or without.
    package let name: String
    /// In the configuration, from 1.
    package let line: Int
    /// In the configuration, from 1.
    package let column: Int

    /// A name at a line and a column.
    package init(name: String, line: Int, column: Int) {
      self.name = name
      self.line = line
      self.column = column
    }

    /// Whether a table is meant.
    func means(_ table: RelationName) -> Bool {
      table.name == name || table.description == name
    }
  }

  /// First what is to be locked first.
  package let tables: [Entry]
  /// The configuration's path.
  package let path: String

  /// An order that the configuration at a path declares.
  package init(_ tables: [Entry], path: String) {
    self.tables = tables
    self.path = path
  }

  /// The place of a table; nil for one that the order does not name.
  package func place(of table: RelationName) -> Int? { tables.firstIndex { $0.means(table) } }

  /// The names of which nothing is known, of those that are locked or defined.
  func unknown(in workload: Workload) -> [Entry] {
    var tables = Set(workload.catalog.relations.keys)
    for statement in workload.statements {
      tables.formUnion(statement.acquisitions.compactMap { $0.target.relation })
    }
    return self.tables.filter { entry in !tables.contains(where: entry.means) }
  }
}

/// A transaction that does not follow a declared order.
package struct OrderViolation: Sendable {
  /// What it runs, as a report calls it.
  package let transaction: String
  /// The function that calls the queries, if the host program does.
  package let inferred: InferredTransaction?
  /// On a table that the order has after the other one.
  package let held: AcquisitionID
  package let request: AcquisitionID
  /// Whether it runs once, as a migration does.
  package let runsOnce: Bool
}

/// The transactions of a workload that do not follow a declared order.
package struct OrderViolations: Sendable {
  /// In the order of what they ask for, each statement once for each table.
  package let violations: [OrderViolation]
  /// Names of the order that no table has.
  package let unknown: [DeclaredOrder.Entry]

  private struct Place: Hashable {
    let statement: Int
    let table: Int
  }

  /// Compares the transactions of a workload, which have been read, with an order.
  package init(_ order: DeclaredOrder, in workload: Workload, _ read: WorkloadSequences) {
    var found: [Place: OrderViolation] = [:]
    for index in read.sequences.indices {
      for (_, site) in LockOrder.sites(of: index, read, workload) {
        guard let held = Self.place(of: site.held, order, workload),
          let wanted = Self.place(of: site.request, order, workload), wanted < held
        else { continue }
        let place = Place(statement: site.request.statement, table: wanted)
        guard found[place] == nil else { continue }
        found[place] = OrderViolation(
          transaction: site.transaction, inferred: read.inferred(index), held: site.held,
          request: site.request, runsOnce: read.runsOnce(index))
      }
    }
    violations = found.values.sorted { $0.request < $1.request }
    unknown = order.unknown(in: workload)
  }

  private static func place(
    of id: AcquisitionID, _ order: DeclaredOrder, _ workload: Workload
  ) -> Int? {
    LockOrder.table(of: id, workload).flatMap(order.place)
  }
}
