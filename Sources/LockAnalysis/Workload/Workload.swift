import Diagnostics
package import LockModel
import PostgresSyntax

/// All statements that were read, with their locks and transactions.
package struct Workload: Sendable {
  /// By file as given, in the order of the text.
  package let statements: [LoweredStatement]
  /// What the application sees.
  package let catalog: Catalog
  /// What is known of the routines of that catalog.
  package let summaries: RoutineSummaries
  /// In the order of their numbers.
  package let transactions: [Transaction]
  /// Whether `id` is what a key is called where nothing is known of a table: half of the known ones
  /// have it.
  package let callsKeysID: Bool
  /// Columns that application SQL changes, by lock class, each with the first statement that does.
  package let changing: [RelationName: [String: Int]]
  /// Tables that a file creates, by its path.
  package let created: [String: Set<RelationName>]
  /// The statements of the application that lock several rows of a table, by lock class.
  package let lockers: [RelationName: [AcquisitionID]]
  /// Statements of queries and routines that nothing in the repository calls, and of triggers'
  /// functions that no trigger runs.
  package let uncalled: Set<Int>
  /// Transactions that the host program runs, as it or the configuration says.
  package let inferred: [InferredTransaction]
  /// Routines that the host program calls; nil where that is not known.
  let calledByHost: Set<String>?
  /// Queries of the configuration that there are not.
  package let unknownQueries: [UnknownQuery]
  /// Statements that run in these and nowhere else.
  let enclosed: Set<Int>
  /// Comments that assert an order and can't be believed, with the reason.
  package let unfoundedAssertions: [UnfoundedAssertion]
  /// What could not be modelled in routines.
  package let routineNotes: [RoutineNote]

  /// Indexes the statements, whose transactions are numbered from 1 over all files. Of a transaction
  /// that goes over several files `places` tells their order.
  init(
    statements: [LoweredStatement], catalog: Catalog, summaries: RoutineSummaries,
    routineNotes: [RoutineNote], unfoundedAssertions: [UnfoundedAssertion], host: HostCalls,
    places: [Int: [ObjectIdentifier: Int]] = [:]
  ) {
    inferred = host.transactions
    unknownQueries = host.unknown
    enclosed = host.enclosed
    calledByHost = host.routines
    uncalled = host.uncalled
    self.summaries = summaries
    self.statements = statements
    self.catalog = catalog
    let keys = catalog.relations.values.compactMap(\.primaryKey?.columns)
    callsKeysID = 2 * keys.count { $0 == ["id"] } >= keys.count
    self.routineNotes = routineNotes
    self.unfoundedAssertions = unfoundedAssertions
    var byTransaction: [[Int]] = []
    var changes = ColumnChanges()
    var created: [String: Set<RelationName>] = [:]
    var lockers = RowLockers()
    for (index, statement) in statements.enumerated() {
      while byTransaction.count < statement.transaction { byTransaction.append([]) }
      byTransaction[statement.transaction - 1].append(index)
      if let name = statement.created {
        created[statement.file.source.path, default: []].insert(name)
      }
      guard statement.role == .application, !statement.isExpanded, !uncalled.contains(index) else {
        continue
      }
      changes.add(statement.written, by: index, catalog)
      lockers.add(statement, at: index, catalog)
    }
    for (number, order) in places {
      func place(_ index: Int) -> Int {
        order[ObjectIdentifier(statements[index].file.source)] ?? 0
      }
      byTransaction[number - 1].sort { (place($0), $0) < (place($1), $1) }
    }
    transactions = byTransaction.enumerated().map {
      Transaction(number: $0.offset + 1, statements: $0.element)
    }
    changing = changes.found()
    self.created = created
    self.lockers = lockers.byTable
  }

  /// The statements that define the routines of the final catalog, and DO blocks.
  package var routines: [LoweredStatement] {
    let known = catalog.routineBodies
    return statements.filter { statement in
      guard let body = statement.statement.routine, !statement.isReverse else { return false }
      return statement.isBlock || known.contains(ObjectIdentifier(body))
    }
  }

  /// An acquisition by its place.
  package subscript(_ id: AcquisitionID) -> Acquisition {
    statements[id.statement].acquisitions[id.acquisition]
  }

  /// The transaction that an acquisition is part of.
  func transaction(of id: AcquisitionID) -> Transaction {
    transactions[statements[id.statement].transaction - 1]
  }
}

/// The place of an acquisition in a workload.
package struct AcquisitionID: Sendable, Hashable, Comparable {
  /// Index of the statement.
  package let statement: Int
  /// Index of the acquisition in the statement.
  package let acquisition: Int

  /// Orders by statement, then by the order of locking.
  package static func < (left: AcquisitionID, right: AcquisitionID) -> Bool {
    (left.statement, left.acquisition) < (right.statement, right.acquisition)
  }
}
