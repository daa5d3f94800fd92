import PostgresSyntax

/// The relations that a statement locks, by the kind of statement.
struct CommandLocks {
  let context: TableLockContext

  init(_ context: TableLockContext) { self.context = context }

  private var catalog: Catalog { context.catalog }

  /// The locks of a command.
  func of(_ command: SQLCommand) -> RelationLockList {
    switch command {
    case .select(let query): QueryLocks.of(.select(query), context)
    case .insert(let query): QueryLocks.of(.insert(query), context)
    case .update(let query): QueryLocks.of(.update(query), context)
    case .delete(let query): QueryLocks.of(.delete(query), context)
    case .merge(let query): QueryLocks.of(.merge(query), context)
    case .return(let expression): QueryLocks.ofReturned(expression, context)
    case .createTable(let definition): CreateLocks(context).createTable(definition)
    case .createIndex(let definition): CreateLocks(context).createIndex(definition)
    case .createSequence(let definition): CreateLocks(context).createSequence(definition)
    case .alterSequence(let change): CreateLocks(context).alterSequence(change)
    case .createStatistics(let definition): CreateLocks(context).createStatistics(definition)
    case .createTrigger(let definition): CreateLocks(context).createTrigger(definition)
    case .publication(let definition): CreateLocks(context).publication(definition)
    case .createView(let definition): QueryDefinitionLocks(context).createView(definition)
    case .createRule(let definition): QueryDefinitionLocks(context).createRule(definition)
    case .policy(let definition): QueryDefinitionLocks(context).createPolicy(definition)
    case .createTableAs(let definition): createTableAs(definition)
    case .createSchema(let definition): createSchema(definition)
    case .createFunction: createFunction()
    case .alterTable(let change): AlterTableLocks.of(change, context)
    case .alterDomain(let change): AlterTypeLocks(context).alterDomain(change)
    case .setSchema(let change): RenameLocks(context).setSchema(change)
    case .rename(let change): RenameLocks(context).rename(change)
    case .dependOnExtension(let relation): one(relation, .accessExclusive)
    case .drop(let change): DropLocks.of(change, context)
    case .comment(let comment): MaintenanceLocks(context).comment(comment)
    case .reindex(let command): MaintenanceLocks(context).reindex(command)
    case .cluster(let table): MaintenanceLocks(context).cluster(table)
    case .vacuum(let command): MaintenanceLocks(context).vacuum(command)
    case .refresh(let command): refresh(command)
    case .lock(let command): ExplicitLocks(context).lock(command)
    case .truncate(let command): ExplicitLocks(context).truncate(command)
    case .copy(let command): copy(command)
    case .explain(let command): explain(command)
    case .prepare(let command): prepared(command.query)
    case .declareCursor(let command): prepared(command.query)
    case .execute(let name): of(name.flatMap { catalog.prepared[$0] }?.node)
    case .createType: unlocked("CompositeTypeStmt")
    case .fetch: unlocked("FetchStmt")
    case .call: unlocked("CallStmt")
    case .do: unlocked("DoStmt")
    case .transaction: unlocked("TransactionStmt")
    case .set: unlocked("VariableSetStmt")
    case .setConstraints: unlocked("ConstraintsSetStmt")
    case .other(let kind): unlocked(kind)
    }
  }

  /// What takes no lock on a relation that others wait for, and what is not known.
  private func unlocked(_ kind: String) -> RelationLockList {
    var list = RelationLockList(context)
    if !UnlockedStatement.kinds.contains(kind) {
      list.note("the table locks of \(kind) are not modelled")
    }
    return list
  }

  private func one(_ reference: TableReference?, _ mode: TableLockMode) -> RelationLockList {
    var list = RelationLockList(context)
    if let reference { list.lock(reference, mode) }
    return list
  }

  // MARK: What runs something else

  private func of(_ node: Node?) -> RelationLockList {
    node.map { of(SQLCommand($0)) } ?? RelationLockList(context)
  }

  private func createTableAs(_ definition: CreateTableAsStatement) -> RelationLockList {
    guard let query = definition.query else { return RelationLockList(context) }
    var list = of(query)
    if let table = definition.table { list.create(table) }
    return list
  }

  private func createSchema(_ definition: CreateSchemaStatement) -> RelationLockList {
    var inner = context
    if let schema = definition.name { inner.searchPath = [schema] + inner.searchPath }
    var list = RelationLockList(context)
    for element in definition.elements { list.add(CommandLocks(inner).of(element)) }
    return list
  }

  /// Bodies in SQL are analysed when the function is made; those in PL/pgSQL are not.
  private func createFunction() -> RelationLockList {
    var list = RelationLockList(context)
    guard catalog.checksBodies, case .sql(let statements)? = context.routine?.content else {
      return list
    }
    for statement in statements where statement.isQuery {
      list.add(of(statement.command)) { !$0.isPrivate }
    }
    return list
  }

  private func refresh(_ command: RefreshStatement) -> RelationLockList {
    guard let reference = command.view else { return RelationLockList(context) }
    let view = context.resolve(reference)
    var list = RelationLockList(context)
    list.lock(view, command.isConcurrent ? .exclusive : .accessExclusive)
    if case .materializedView(let query?) = catalog.relations[view]?.kind, !command.skipsData {
      list.add(of(query.node))
    }
    return list
  }

  private func copy(_ command: CopyStatement) -> RelationLockList {
    if let query = command.query { return of(query) }
    return one(command.table, command.isFrom ? .rowExclusive : .accessShare)
  }

  /// PREPARE analyses a query and makes no plan yet.
  private func prepared(_ query: Node?) -> RelationLockList {
    guard let query = query.flatMap({ SQLQuery($0) }) else { return RelationLockList(context) }
    return QueryLocks.of(query, context, isPlanned: !query.isSelect || catalog.relations.isEmpty)
  }

  private func explain(_ command: ExplainStatement) -> RelationLockList {
    guard let query = command.query else { return RelationLockList(context) }
    // CREATE TABLE AS is not carried out.
    if case .createTableAs(let definition) = SQLCommand(query), !command.isAnalyze {
      return of(definition.query)
    }
    return of(query)
  }
}
