import PostgresSyntax

/// The columns that a statement changes in existing rows.
enum WrittenColumns {
  static func of(
    _ statement: Statement, catalog: Catalog, searchPath: [String]
  ) -> [RelationName: Set<String>] {
    var result: [RelationName: Set<String>] = [:]
    func note(_ target: TableReference?, _ assignments: [ResultTarget]) {
      guard let target, !assignments.isEmpty else { return }
      let name = catalog.resolve(schema: target.schema, name: target.name, searchPath: searchPath)
      result[name, default: []].formUnion(assignments.compactMap(\.name))
    }
    guard Lowering.mayLockRows(statement.node) else { return [:] }
    for node in [statement.node] + statement.node.descendants {
      switch node.tag {
      case .UpdateStmt:
        let update = UpdateStatement(node: node)
        note(update.target, update.assignments)
      case .InsertStmt:
        let insert = InsertStatement(node: node)
        note(insert.target, insert.onConflict?.assignments ?? [])
      case .MergeStmt:
        let merge = MergeStatement(node: node)
        note(merge.target, merge.clauses.filter { $0.action == .update }.flatMap(\.assignments))
      default: break
      }
    }
    return result
  }
}
