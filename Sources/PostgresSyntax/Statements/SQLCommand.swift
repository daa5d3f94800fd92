/// A statement by the command that it is, with a view of its parts.
///
/// Decided once; whoever goes over the kinds of statements does so in an exhaustive `switch`.
package enum SQLCommand: Sendable {
  // Queries
  case select(SelectStatement)
  case insert(InsertStatement)
  case update(UpdateStatement)
  case delete(DeleteStatement)
  case merge(MergeStatement)
  // Definitions
  case createTable(CreateTableStatement)
  case createTableAs(CreateTableAsStatement)
  case createView(CreateViewStatement)
  case createIndex(CreateIndexStatement)
  case createSequence(SequenceStatement)
  case createSchema(CreateSchemaStatement)
  case createStatistics(CreateStatisticsStatement)
  /// CREATE TYPE of a composite type.
  case createType(TableReference)
  case createFunction(CreateFunctionStatement)
  case createTrigger(CreateTriggerStatement)
  case createRule(CreateRuleStatement)
  /// CREATE POLICY and ALTER POLICY.
  case policy(PolicyStatement)
  /// CREATE PUBLICATION and ALTER PUBLICATION.
  case publication(PublicationStatement)
  case alterTable(AlterTableStatement)
  case alterSequence(SequenceStatement)
  case alterDomain(AlterDomainStatement)
  /// ALTER … SET SCHEMA.
  case setSchema(SetSchemaStatement)
  /// ALTER … DEPENDS ON EXTENSION, with the relation that the object belongs to.
  case dependOnExtension(TableReference?)
  case rename(RenameStatement)
  case drop(DropStatement)
  /// COMMENT and SECURITY LABEL.
  case comment(CommentStatement)
  // Maintenance
  case reindex(ReindexStatement)
  /// CLUSTER, with its table unless it is of all.
  case cluster(TableReference?)
  case vacuum(VacuumStatement)
  case refresh(RefreshStatement)
  case lock(LockStatement)
  case truncate(TruncateStatement)
  // What runs something else
  case copy(CopyStatement)
  case explain(ExplainStatement)
  case prepare(PrepareStatement)
  /// EXECUTE of what PREPARE has named.
  case execute(name: String?)
  case declareCursor(DeclareCursorStatement)
  case fetch(FetchStatement)
  /// CALL, with what is called.
  case call(FunctionCall?)
  case `do`
  /// RETURN of an expression, the body of an SQL function.
  case `return`(Node)
  // Session and transaction
  case transaction(TransactionStatement)
  case set(SetStatement)
  case setConstraints(SetConstraintsStatement)
  /// A statement without a view, by the name of its kind in PostgreSQL's source.
  case other(kind: String)

  /// Classifies a statement's node.
  package init(_ node: Node) {
    self =
      Self.query(node) ?? Self.definition(node) ?? Self.change(node) ?? Self.maintenance(node)
      ?? Self.running(node) ?? .other(kind: node.kindName)
  }

  private static func query(_ node: Node) -> SQLCommand? {
    switch SQLQuery(node) {
    case .select(let query)?: .select(query)
    case .insert(let query)?: .insert(query)
    case .update(let query)?: .update(query)
    case .delete(let query)?: .delete(query)
    case .merge(let query)?: .merge(query)
    case nil: nil
    }
  }

  private static func definition(_ node: Node) -> SQLCommand? {
    switch node.tag {
    case .CreateStmt, .CreateForeignTableStmt: .createTable(CreateTableStatement(node))
    case .CreateTableAsStmt: .createTableAs(CreateTableAsStatement(node))
    case .ViewStmt: .createView(CreateViewStatement(node))
    case .IndexStmt: .createIndex(CreateIndexStatement(node))
    case .CreateSeqStmt: .createSequence(SequenceStatement(node))
    case .CreateSchemaStmt: .createSchema(CreateSchemaStatement(node))
    case .CreateStatsStmt: .createStatistics(CreateStatisticsStatement(node))
    case .CompositeTypeStmt: node.child(.typevar).map { .createType(TableReference($0)) }
    case .CreateFunctionStmt: .createFunction(CreateFunctionStatement(node))
    case .CreateTrigStmt: .createTrigger(CreateTriggerStatement(node))
    case .RuleStmt: .createRule(CreateRuleStatement(node))
    case .CreatePolicyStmt, .AlterPolicyStmt: .policy(PolicyStatement(node))
    case .CreatePublicationStmt, .AlterPublicationStmt: .publication(PublicationStatement(node))
    default: nil
    }
  }

  private static func change(_ node: Node) -> SQLCommand? {
    switch node.tag {
    case .AlterTableStmt: .alterTable(AlterTableStatement(node))
    case .AlterSeqStmt: .alterSequence(SequenceStatement(node))
    case .AlterDomainStmt: .alterDomain(AlterDomainStatement(node))
    case .AlterObjectSchemaStmt: .setSchema(SetSchemaStatement(node))
    case .AlterObjectDependsStmt:
      .dependOnExtension(node.child(.relation).map(TableReference.init))
    case .RenameStmt: .rename(RenameStatement(node))
    case .DropStmt: .drop(DropStatement(node))
    case .CommentStmt, .SecLabelStmt: .comment(CommentStatement(node))
    default: nil
    }
  }

  private static func maintenance(_ node: Node) -> SQLCommand? {
    switch node.tag {
    case .ReindexStmt: .reindex(ReindexStatement(node))
    case .ClusterStmt: .cluster(node.child(.relation).map(TableReference.init))
    case .VacuumStmt: .vacuum(VacuumStatement(node))
    case .RefreshMatViewStmt: .refresh(RefreshStatement(node))
    case .LockStmt: .lock(LockStatement(node))
    case .TruncateStmt: .truncate(TruncateStatement(node))
    default: nil
    }
  }

  private static func running(_ node: Node) -> SQLCommand? {
    switch node.tag {
    case .CopyStmt: .copy(CopyStatement(node))
    case .ExplainStmt: .explain(ExplainStatement(node))
    case .PrepareStmt: .prepare(PrepareStatement(node))
    case .ExecuteStmt: .execute(name: node.string(.name))
    case .DeclareCursorStmt: .declareCursor(DeclareCursorStatement(node))
    case .FetchStmt: .fetch(FetchStatement(node))
    case .CallStmt: .call(node.child(.funccall).map(FunctionCall.init))
    case .DoStmt: .do
    case .ReturnStmt: .return(node)
    case .TransactionStmt: .transaction(TransactionStatement(node))
    case .VariableSetStmt: .set(SetStatement(node))
    case .ConstraintsSetStmt: .setConstraints(SetConstraintsStatement(node))
    default: nil
    }
  }
}

extension SQLCommand {
  /// The table or view that the statement makes, temporary ones included.
  package var createdTable: TableReference? {
    if case .createTable(let definition) = self, !definition.isForeign { return definition.table }
    if case .createTableAs(let definition) = self { return definition.table }
    if case .createView(let definition) = self { return definition.view }
    if case .select(let query) = self { return query.intoTable }
    return nil
  }
}
