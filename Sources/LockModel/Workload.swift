package import Diagnostics
import PostgresSyntax

/// All statements that were read, with their locks and transactions.
package struct Workload: Sendable {
  /// By file as given, in the order of the text.
  package let statements: [LoweredStatement]
  /// What the application sees.
  package let catalog: Catalog
  /// In the order of their numbers.
  package let transactions: [Transaction]
  /// Columns that application SQL changes, by lock class, each with the first statement that does.
  package let changing: [RelationName: [String: Int]]
  /// Tables that a file creates, by its path.
  package let created: [String: Set<RelationName>]
  /// The statements of the application that lock several rows of a table, by lock class.
  package let lockers: [RelationName: [Locker]]

  /// Comments that assert an order and can't be believed, with the reason.
  package let unfoundedAssertions: [(range: SourceRange, reason: String)]

  /// What could not be modelled in routines.
  package let routineNotes: [RoutineNote]

  /// A statement's acquisition of several rows.
  package struct Locker: Sendable {
    /// Index of the statement.
    package let statement: Int
    /// Index of the acquisition.
    package let acquisition: Int
  }

  /// Numbers the transactions over all files and applies what comments assert.
  init(statements: [LoweredStatement], catalog: Catalog, routineNotes: [RoutineNote]) {
    self.routineNotes = routineNotes
    Self.number(statements)
    unfoundedAssertions = AssertedOrder.apply(to: statements)
    self.statements = statements
    self.catalog = catalog
    var byTransaction: [[Int]] = []
    var changing: [RelationName: [String: Int]] = [:]
    var created: [String: Set<RelationName>] = [:]
    var lockers: [RelationName: [Locker]] = [:]
    for (index, statement) in statements.enumerated() {
      while byTransaction.count < statement.transaction { byTransaction.append([]) }
      byTransaction[statement.transaction - 1].append(index)
      if !statement.created.isEmpty {
        created[statement.file.source.path, default: []].formUnion(statement.created)
      }
      guard statement.role == .application, !statement.isExpanded else { continue }
      for (table, columns) in statement.written {
        for column in columns {
          changing[catalog.lockClass(table), default: [:]][column] =
            changing[catalog.lockClass(table)]?[column] ?? index
        }
      }
      for (position, acquisition) in statement.acquisitions.enumerated()
      where acquisition.locksSeveralRows && acquisition.isOwn && !acquisition.isKeyCheck {
        guard let table = acquisition.target.relation else { continue }
        lockers[catalog.lockClass(table), default: []]
          .append(Locker(statement: index, acquisition: position))
      }
    }
    transactions = byTransaction.enumerated().map {
      Transaction(number: $0.offset + 1, statements: $0.element)
    }
    self.changing = changing
    self.created = created
    self.lockers = lockers
  }

  /// Transactions are counted within a file until here.
  private static func number(_ statements: [LoweredStatement]) {
    var base = 0
    var last = 0
    var file: SourceFile?
    for statement in statements {
      if statement.file.source !== file {
        base = last
        file = statement.file.source
      }
      statement.transaction += base
      last = max(last, statement.transaction)
    }
  }

  /// The statements that define the routines of the final catalog, and DO blocks.
  package var routines: [LoweredStatement] {
    let known = Set(
      catalog.functions.values.joined().compactMap { $0.body.map(ObjectIdentifier.init) })
    return statements.filter { statement in
      guard let body = statement.statement.routine, !statement.isReverse else { return false }
      return statement.statement.node.tag == .DoStmt || known.contains(ObjectIdentifier(body))
    }
  }

  /// An acquisition by its indices.
  package func acquisition(_ locker: Locker) -> Acquisition {
    statements[locker.statement].acquisitions[locker.acquisition]
  }
}

extension Acquisition {
  /// Whether it is the check of a foreign key, which keeps nobody but key changes out.
  package var isKeyCheck: Bool { form == .hidden && mode == .row(.forKeyShare) }

  /// Whether it locks several rows that others can lock as well, and waits for them.
  package var locksSeveralRows: Bool {
    guard let rows, rows.count.isMany, !isPrivate, waits == .blocks else { return false }
    switch rows.order {
    case .alreadyLocked, .unknown: return false
    case .total, .partial, .unordered: return true
    }
  }
}
