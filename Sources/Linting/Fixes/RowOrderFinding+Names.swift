import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

extension RowOrderFinding {
  private var root: Node { statement.statement.node }

  /// Whether the statement gives columns of a table other names, as in `accounts AS a (x, y)`.
  var renamesColumns: Bool {
    root.subtree.contains { node in
      node.tag == .RangeVar && !TableReference(node).columnAliases.isEmpty
    }
  }

  /// Whether a common table has the name of the table, so that the name means that one.
  var hidesTable: Bool {
    root.subtree.contains { $0.tag == .CommonTableExpr && $0.string(.ctename) == table.name }
  }

  /// Whether a name alone may mean a variable or a parameter of a routine.
  var isInRoutine: Bool { statement.part != nil }

  /// The statement that defines the routine, or runs the block, that the statement is part of.
  var routineDefinition: LoweredStatement? {
    guard statement.part != nil else { return nil }
    let path = statement.file.source.path
    return workload.statements.prefix(deadlock.request.statement).last { other in
      other.part == nil && other.file.source.path == path
        && other.statement.routine != nil
        && other.statement.range.encloses(statement.statement.range)
    }
  }
}

extension LoweredStatement {
  /// The body of the PL/pgSQL routine that it defines or runs.
  var plpgsql: PLBlock? {
    if case .plpgsql(let block)? = statement.routine?.content { block } else { nil }
  }
}
