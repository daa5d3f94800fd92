import PostgresSyntax

/// The relations that definitions lock which are made of queries: these are analysed, what is below
/// the relations that they name is not looked at.
struct QueryDefinitionLocks {
  let context: TableLockContext

  init(_ context: TableLockContext) { self.context = context }

  func createView(_ definition: CreateViewStatement) -> RelationLockList {
    var list = RelationLockList(context)
    if let query = definition.query { list.add(QueryLocks.ofNames(in: query, context)) }
    guard let view = definition.view else { return list }
    let name = CatalogBuilder.newName(view, searchPath: context.searchPath)
    if context.catalog.relations[name] != nil {
      list.lock(name, .accessExclusive)
    } else {
      list.create(view)
    }
    return list
  }

  func createRule(_ definition: CreateRuleStatement) -> RelationLockList {
    var list = RelationLockList(context)
    if let table = definition.table { list.lock(table, .accessExclusive) }
    for action in definition.actions { list.add(QueryLocks.ofNames(in: action, context)) }
    return list
  }

  func createPolicy(_ definition: PolicyStatement) -> RelationLockList {
    var list = RelationLockList(context)
    if let table = definition.table { list.lock(table, .accessExclusive) }
    for condition in definition.expressions {
      list.add(QueryLocks.ofNames(in: condition, context))
    }
    return list
  }
}
