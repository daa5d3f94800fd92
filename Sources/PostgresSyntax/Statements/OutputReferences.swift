/// The items of ORDER BY, GROUP BY and DISTINCT ON that name an output column.
enum OutputReferences {
  /// The indices of their `ColumnRef` nodes; output columns come before variables there
  /// (`findTargetlistEntrySQL92` in PostgreSQL's `parse_clause.c`).
  static func find(in root: Node) -> Set<Int32> {
    var result: Set<Int32> = []
    for node in root.subtree where node.tag == .SelectStmt {
      let select = SelectStatement(node: node)
      let items =
        node.list(.sortClause).compactMap { $0.child(.node) }
        + Array(node.list(.groupClause)) + Array(node.list(.distinctClause))
      let columns = items.filter { $0.tag == .ColumnRef && $0.list(.fields).count == 1 }
      guard !columns.isEmpty else { continue }
      let names = Set(select.targets.compactMap(outputName))
      for column in columns where names.contains(column.list(.fields).first?.string(.sval) ?? "") {
        result.insert(column.index)
      }
    }
    return result
  }

  private static func outputName(of target: ResultTarget) -> String? {
    target.name ?? target.value.flatMap(implicitName)
  }

  /// As `FigureColname` in PostgreSQL's `parse_target.c`, for what is common.
  private static func implicitName(of value: Node) -> String? {
    let value = Expression.withoutCasts(value)
    if value.tag == .FuncCall { return FunctionCall(node: value).name }
    guard value.tag == .ColumnRef else { return nil }
    let fields = Array(value.list(.fields))
    // A bare name that is a variable is one here, too.
    return fields.count > 1 ? fields.last?.string(.sval) : nil
  }
}
