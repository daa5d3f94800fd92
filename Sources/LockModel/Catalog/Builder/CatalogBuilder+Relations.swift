import PostgresSyntax

extension CatalogBuilder {
  // MARK: Indexes

  mutating func createIndex(_ statement: CreateIndexStatement) {
    guard let reference = statement.table else { return }
    let table = name(reference)
    let parts = Self.parts(of: statement)
    let index = statement.name ?? catalog.madeUpName(of: parts, table)
    let name = RelationName(schema: table.schema, name: index)
    if catalog.indexes[name] != nil { return }
    catalog.insert(
      Catalog.Index(
        name: name, table: table, parts: parts,
        findsAllRows: statement.findsEqual && statement.condition == nil,
        number: catalog.nextNumber()))
    if var relation = catalog.relations[table] {
      for part in statement.parts { noteCalls(in: part.node, of: &relation) }
      catalog.update(table) { $0.calls = relation.calls }
    }
    if reference.includesChildren { catalog.createPartitionIndexes(of: name, on: table, parts) }
    guard statement.isUnique else { return }
    let predicate = Expression.conjuncts(of: statement.condition).map(CanonicalExpression.condition)
    let key = Catalog.UniqueKey(
      name: index, parts: parts, predicate: predicate,
      nullsNotDistinct: statement.nullsNotDistinct)
    catalog.update(table) { relation in
      guard !relation.keys.contains(where: { $0.name == key.name }) else { return }
      relation.keys.append(key)
    }
  }

  static func parts(of index: CreateIndexStatement) -> [Catalog.UniqueKey.Part] {
    index.parts.map { part in
      if let column = part.column { return .column(column) }
      guard let expression = part.expression else { return .expression("") }
      return .expression(
        CanonicalExpression.text(expression),
        columns: isNullForNullOnly(expression)
          ? Set(expression.columnReferences.compactMap(\.last)) : [])
    }
  }

  /// Whether an expression over columns that are not NULL is not NULL either: else many rows can have
  /// NULL, which are no equal keys.
  private static func isNullForNullOnly(_ node: Node) -> Bool {
    switch Expression(Expression.withoutCasts(node)) {
    case .column: true
    case .constant(let constant): !constant.isNullConstant
    case .call(let call):
      ["lower", "upper", "md5", "btrim", "ltrim", "rtrim", "length", "hashtext", "date"]
        .contains(call.name) && call.arguments.allSatisfy(isNullForNullOnly)
    case .other(let other) where other.tag == .CoalesceExpr:
      other.list(.args).allSatisfy(isNullForNullOnly)
    default: false
    }
  }

  // MARK: Views

  mutating func createView(_ definition: CreateViewStatement, _ statement: Statement) {
    guard let reference = definition.view, let query = definition.query else { return }
    var relation = Catalog.Relation(
      name: newName(reference), kind: .view(RetainedNode(query, of: statement)))
    relation.columns = definition.columnNames.map {
      Catalog.Column(name: $0, type: "", isNotNull: false, hasDefault: false)
    }
    relation.isTemporary = reference.isTemporary
    relation.dependencies = query.tableReferences.map(name)
    relation.searchPath = searchPath
    if let old = catalog.relations[relation.name] {
      relation.triggers = old.triggers
      relation.rules = old.rules
      relation.number = old.number
    }
    relation.locksWhenRead =
      query.hasLockingClause
      || relation.dependencies.contains { catalog.relations[$0]?.locksWhenRead ?? false }
      || query.functionCalls.contains { CallLocks.matters($0, catalog) }
    if relation.locksWhenRead { catalog.hasLockingViews = true }
    catalog.insert(relation)
  }

  mutating func createTableAs(_ definition: CreateTableAsStatement, _ statement: Statement) {
    guard let reference = definition.table, let query = definition.query else { return }
    createResult(
      reference, of: query,
      kind: definition.isMaterializedView
        ? .materializedView(RetainedNode(query, of: statement)) : .table)
  }

  mutating func selectInto(_ query: SelectStatement) {
    guard let reference = query.intoTable else { return }
    createResult(reference, of: query.node, kind: .table)
  }

  private mutating func createResult(
    _ reference: TableReference, of query: Node, kind: Catalog.Relation.Kind
  ) {
    let name = newName(reference)
    guard catalog.relations[name] == nil else { return }
    var relation = Catalog.Relation(name: name, kind: kind)
    relation.isTemporary = reference.isTemporary
    if case .materializedView = kind {
      relation.dependencies = query.tableReferences.map { self.name($0) }
    }
    if case .select(let query) = SQLCommand(query) {
      relation.columns = query.targets.compactMap { target in
        guard let column = OutputColumn.name(of: target) else { return nil }
        return Catalog.Column(name: column, type: "", isNotNull: false, hasDefault: false)
      }
    }
    catalog.insert(relation)
  }

  // MARK: Sequences

  mutating func createSequence(_ definition: SequenceStatement) {
    guard let reference = definition.sequence else { return }
    let name = newName(reference)
    guard catalog.relations[name] == nil else { return }
    var relation = Catalog.Relation(name: name, kind: .sequence)
    relation.isTemporary = reference.isTemporary
    catalog.insert(relation)
    own(name, definition)
  }

  mutating func alterSequence(_ change: SequenceStatement) {
    guard let sequence = change.sequence else { return }
    own(name(sequence), change)
  }

  /// OWNED BY ties a sequence to a column, as serial does.
  private mutating func own(_ sequence: RelationName, _ statement: SequenceStatement) {
    for owner in statement.owners {
      catalog.update(name(owner.table)) { table in
        table.change(owner.column) { $0.ownedSequence = sequence }
      }
    }
  }

  /// The sequence that serial and identity columns get, named as PostgreSQL names it.
  mutating func createSequence(
    of column: String, _ relation: Catalog.Relation
  ) -> RelationName {
    let name = RelationName(
      schema: relation.name.schema, name: relation.sequenceName(of: column))
    var sequence = Catalog.Relation(name: name, kind: .sequence)
    sequence.isTemporary = relation.isTemporary
    if catalog.relations[name] == nil { catalog.insert(sequence) }
    return name
  }

  mutating func createStatistics(_ definition: CreateStatisticsStatement) {
    guard let table = definition.tables.first, let name = definition.name else { return }
    catalog.statistics[name] = self.name(table)
  }
}
