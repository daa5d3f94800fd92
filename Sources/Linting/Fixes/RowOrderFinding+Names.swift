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
}
