package import Diagnostics
package import PostgresSyntax

/// A statement with its place in a transaction and the locks that it takes.
///
/// An object, because it is passed around more often than anything else; it changes only while a
/// workload is put together.
package final class LoweredStatement: @unchecked Sendable {
  /// The file.
  package let file: ParsedFile
  /// The statement.
  package let statement: Statement
  /// How its source is run.
  package let role: SourceRole
  /// Whether it belongs to a migration's way back.
  package let isReverse: Bool
  /// The routine that it is part of, when its transaction is that routine's.
  package let routine: String?
  /// Whether it is a part of the DO block that comes before it, whose locks include its own.
  package let isPartOfBlock: Bool
  /// Whether its parts follow as statements of their own, as those of a DO block do.
  package internal(set) var isExpanded = false
  /// The number of its transaction in the run, from 1.
  package internal(set) var transaction: Int
  /// In the order in which they are taken.
  package internal(set) var acquisitions: [Acquisition]
  /// What could not be modelled.
  package let notes: [LockNote]
  /// What the query of PREPARE or DECLARE locks each time that it runs.
  let later: [Acquisition]
  /// The name that the file gives the query, as in `-- name: LockAccount :one`.
  package let name: String?
  /// Columns that it writes, by table.
  package let written: [RelationName: Set<String>]
  /// Tables that it creates.
  package let created: Set<RelationName>

  init(
    file: ParsedFile, statement: Statement, section: SourceSection, transaction: Int,
    locks: LoweredLocks, name: String?, created: Set<RelationName>
  ) {
    self.file = file
    self.statement = statement
    role = section.role
    isReverse = section.isReverse
    self.transaction = transaction
    acquisitions = locks.acquisitions
    notes = locks.notes
    later = locks.later
    written = locks.written
    self.name = name
    self.created = created
    routine = nil
    isPartOfBlock = false
  }

  /// A statement of a routine, which `definition` defines or runs.
  init(_ step: RoutineLowering.Step, of definition: LoweredStatement, routine: String?) {
    file = definition.file
    statement = step.statement
    role = routine == nil ? definition.role : .application
    isReverse = definition.isReverse
    transaction = definition.transaction
    acquisitions = step.locks.acquisitions
    notes = step.locks.notes
    later = []
    written = step.locks.written
    name = nil
    created = []
    self.routine = routine
    isPartOfBlock = routine == nil
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
