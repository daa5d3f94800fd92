import LockModel
import PostgresSyntax

/// Tables that hold one row because the application reads them so: `(SELECT version FROM state)` and
/// `SELECT version INTO STRICT v FROM state` fail where there are two (`ExecSubPlan` in
/// `nodeSubplan.c`, the manual's chapter "Executing SQL Commands").
///
/// Looked for where an UPDATE has no WHERE: of other tables it makes no difference.
struct TablesOfOneRow {
  private let statements: [Statement]
  /// The names of tables of which an UPDATE changes all rows.
  private let candidates: Set<String>

  /// Goes through the statements of the application, and of its routines.
  init(in files: [ParsedFile]) {
    statements = files.flatMap(\.statements).flatMap { [$0] + ($0.routine?.statements ?? []) }
    candidates = Set(statements.compactMap(Self.wholeTable))
  }

  /// Tells a catalog.
  func mark(in catalog: inout Catalog) {
    guard !candidates.isEmpty else { return }
    for statement in statements {
      for node in statement.node.descendants where node.tag == .SubLink {
        guard let link = SubLink(node), link.kind == .scalar else { continue }
        mark(link.select, in: &catalog)
      }
      guard case .plpgsql(let block)? = statement.routine?.content else { continue }
      for case .sql(let query, _, isStrict: true) in block.kinds {
        if case .select(let select)? = query.statement?.command { mark(select, in: &catalog) }
      }
    }
  }

  private func mark(_ select: SelectStatement, in catalog: inout Catalog) {
    guard let table = Self.onlyTable(of: select), candidates.contains(table.name) else { return }
    let name = catalog.resolve(
      schema: table.schema, name: table.name, searchPath: CatalogBuilder.defaultSearchPath)
    catalog.markAsOneRow(name)
  }

  /// The table that an UPDATE changes all rows of.
  private static func wholeTable(_ statement: Statement) -> String? {
    guard case .update(let update) = statement.command, update.node.child(.whereClause) == nil,
      update.node.list(.fromClause).isEmpty
    else { return nil }
    return update.node.child(.relation)?.string(.relname)
  }

  /// The table all rows of which are read, each for itself.
  private static func onlyTable(of select: SelectStatement) -> TableReference? {
    let node = select.node
    let narrowing: [Field] = [
      .whereClause, .groupClause, .havingClause, .distinctClause, .limitCount, .larg, .withClause,
    ]
    guard !narrowing.contains(where: node.has), let source = node.list(.fromClause).first,
      node.list(.fromClause).count == 1, source.tag == .RangeVar,
      !node.list(.targetList).flatMap(\.subtree).contains(where: { $0.tag == .FuncCall })
    else { return nil }
    return TableReference(source)
  }
}
