package import Diagnostics
package import LockModel
package import PostgresSyntax

/// A statement with its place in a transaction and the locks that it takes.
package struct LoweredStatement: Sendable {
  /// The file.
  package let file: ParsedFile
  /// The statement.
  package let statement: Statement
  /// How its source is run.
  package let role: SourceRole
  /// Whether it belongs to a migration's way back.
  package let isReverse: Bool
  /// Whether it belongs to a migration that has yet to be run, as far as that is known.
  let isPending: Bool
  /// Where its transaction begins and ends when the text does not say so.
  let boundary: TransactionBoundary
  /// What it is a part of, if it is one.
  package var part: Part?
  /// Whether its parts follow as statements of their own, as those of a DO block do.
  package var isExpanded = false
  /// The number of its transaction in the run, from 1.
  package var transaction: Int
  /// In the order in which they are taken.
  package var acquisitions: [Acquisition]
  /// What could not be modelled.
  package let notes: [LockNote]
  /// What the query of PREPARE or DECLARE locks each time that it runs.
  let later: [Acquisition]
  /// The name that the file gives the query, as in `-- name: LockAccount :one`.
  package let name: String?
  /// Columns that it writes, by table.
  package let written: [RelationName: WrittenColumns]
  /// The relation that it makes, if it makes a new one.
  package let created: RelationName?

  /// What a statement can be a part of.
  package enum Part: Sendable {
    /// A routine, by its name: the transaction is that routine's.
    case routine(String)
    /// The statement that comes before it: a DO block, or the query of PREPARE or DECLARE.
    case statement
  }

  init(
    file: ParsedFile, statement: Statement, section: SourceSection, transaction: Int,
    locks: LoweredLocks, name: String?, created: RelationName?, isPending: Bool
  ) {
    self.file = file
    self.statement = statement
    role = section.role
    isReverse = section.isReverse
    self.isPending = isPending
    boundary = section.boundary
    self.transaction = transaction
    acquisitions = locks.acquisitions
    notes = locks.notes
    later = locks.later
    written = locks.written
    self.name = name
    self.created = created
  }

  /// A statement of a routine, which `definition` defines or runs.
  init(_ step: RoutineStep, of definition: LoweredStatement, part: Part) {
    file = definition.file
    statement = step.statement
    if case .routine = part { role = .application } else { role = definition.role }
    isReverse = definition.isReverse
    isPending = definition.isPending
    boundary = definition.boundary
    self.part = part
    transaction = definition.transaction
    acquisitions = step.locks.acquisitions
    notes = step.locks.notes
    later = []
    written = step.locks.written
    name = nil
    created = nil
  }

  /// The routine that it is part of, when its transaction is that routine's.
  package var routine: String? {
    if case .routine(let name)? = part { name } else { nil }
  }
  /// Whether the locks of the statement before it include its own.
  package var isPartOfStatement: Bool {
    if case .statement? = part { true } else { false }
  }
  /// The routine that it defines, by its name.
  var definedRoutine: String? {
    statement.node.list(.funcname).compactMap { $0.string(.sval) }.last
  }
  /// The whole statement.
  package var range: SourceRange { SourceRange(file: file.source, bytes: statement.range) }
  /// How a report calls it.
  package var title: String {
    if let routine { return "\(routine)()" }
    return name
      ?? "\(file.source.path):\(file.source.position(of: statement.range.lowerBound).line)"
  }
  /// The kind of statement, as PostgreSQL's source names it.
  package var kind: String { statement.kind }
}

/// Statements that are committed together, in the order in which they run.
package struct Transaction: Sendable {
  /// From 1.
  package let number: Int
  /// Indices into the workload's statements.
  package let statements: [Int]
}
