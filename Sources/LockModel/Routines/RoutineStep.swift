package import PostgresSyntax

/// One SQL statement of a routine with what it locks.
package struct RoutineStep {
  package let statement: Statement
  package var locks: LoweredLocks

  /// A statement with its locks.
  package init(statement: Statement, locks: LoweredLocks) {
    self.statement = statement
    self.locks = locks
  }
}
