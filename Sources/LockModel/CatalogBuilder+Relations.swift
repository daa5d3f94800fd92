import PostgresSyntax

extension CatalogBuilder {
  // MARK: Indexes

  mutating func createIndex(_ node: Node) {
    guard let table = name(node.child(.relation)) else { return }
    let parts = Self.parts(of: node)
    let index = node.string(.idxname) ?? madeUpName(of: parts, table)
    let name = RelationName(schema: table.schema, name: index)
    if catalog.indexes[name] != nil { return }
    catalog.indexes[name] = Catalog.Index(
      name: name, table: table, parts: parts, number: catalog.nextNumber())
    if var relation = catalog.relations[table] {
      for part in node.list(.indexParams) { noteCalls(in: part, of: &relation) }
      catalog.update(table) { $0.calls = relation.calls }
    }
    if TableReference(node.child(.relation) ?? node).includesChildren {
      createPartitionIndexes(of: name, on: table, parts)
    }
    guard node.flag(.unique) else { return }
    let predicate = Expression.conjuncts(of: node.child(.whereClause)).map(Structure.condition)
    let key = Catalog.UniqueKey(
      name: index, parts: parts, predicate: predicate,
      nullsNotDistinct: node.flag(.nulls_not_distinct))
    catalog.update(table) { relation in
      guard !relation.keys.contains(where: { $0.name == key.name }) else { return }
      relation.keys.append(key)
    }
  }

  static func parts(of index: Node) -> [Catalog.UniqueKey.Part] {
    index.list(.indexParams).map { part in
      let part = IndexPart(part)
      if let column = part.column { return .column(column) }
      return .expression(part.expression.map(Structure.text) ?? "")
    }
  }

  /// An index of a partitioned table has one on each partition.
  private mutating func createPartitionIndexes(
    of parent: RelationName, on table: RelationName, _ parts: [Catalog.UniqueKey.Part]
  ) {
    guard catalog.relations[table]?.isPartitioned ?? false else { return }
    for child in catalog.children(of: table) {
      let name = RelationName(schema: child.name.schema, name: madeUpName(of: parts, child.name))
      guard catalog.indexes[name] == nil else { continue }
      if let own = catalog.indexes.values.first(where: {
        $0.table == child.name && $0.parts == parts && $0.parent == nil
      }) {
        catalog.indexes[own.name]?.parent = parent
        continue
      }
      catalog.indexes[name] = Catalog.Index(
        name: name, table: child.name, parent: parent, parts: parts,
        number: catalog.nextNumber())
      createPartitionIndexes(of: name, on: child.name, parts)
    }
  }

  /// `ChooseIndexName` in PostgreSQL's `indexcmds.c`.
  private func madeUpName(of parts: [Catalog.UniqueKey.Part], _ table: RelationName) -> String {
    let columns = parts.map { part in
      if case .column(let name) = part { return name }
      return "expr"
    }
    let base = "\(table.name)_\(columns.joined(separator: "_"))_idx"
    var name = base
    var count = 0
    while catalog.indexes[RelationName(schema: table.schema, name: name)] != nil {
      count += 1
      name = "\(base)\(count)"
    }
    return name
  }

  /// Constraints have indexes of their name.
  mutating func noteIndexes(of relation: Catalog.Relation) {
    for name in relation.keys.compactMap(\.name) {
      let index = RelationName(schema: relation.name.schema, name: name)
      guard catalog.indexes[index] == nil else { continue }
      catalog.indexes[index] = Catalog.Index(
        name: index, table: relation.name, number: catalog.nextNumber())
    }
  }

  // MARK: Views

  mutating func createView(_ node: Node, _ statement: Statement) {
    guard let reference = node.child(.view), let query = node.child(.query) else { return }
    var relation = Catalog.Relation(
      name: newName(reference), kind: .view(RetainedNode(query, of: statement)))
    let aliases = node.list(.aliases).compactMap { $0.string(.sval) }
    relation.columns = aliases.map {
      Catalog.Column(name: $0, type: "", isNotNull: false, hasDefault: false)
    }
    relation.isTemporary = TableReference(reference).isTemporary
    relation.dependencies = dependencies(of: query)
    relation.searchPath = searchPath
    if let old = catalog.relations[relation.name] {
      relation.triggers = old.triggers
      relation.rules = old.rules
      relation.number = old.number
    }
    catalog.insert(relation)
    let locks = query.descendants.contains { node in
      node.tag == .LockingClause
        || (node.tag == .RangeVar && catalog.lockingViews.contains(TableReference(node).name))
        || (node.tag == .FuncCall && Lowering.matters(FunctionCall(node: node), catalog))
    }
    if locks { catalog.lockingViews.insert(relation.name.name) }
  }

  private func dependencies(of query: Node) -> [RelationName] {
    query.descendants.filter { $0.tag == .RangeVar }.compactMap { name($0) }
  }

  mutating func createTableAs(_ node: Node, _ statement: Statement) {
    guard let into = node.child(.into), let reference = into.child(.rel),
      let query = node.child(.query)
    else { return }
    let isView = node.symbol(.objtype, is: "OBJECT_MATVIEW")
    createResult(
      reference, of: query,
      kind: isView ? .materializedView(RetainedNode(query, of: statement)) : .table)
  }

  mutating func selectInto(_ node: Node) {
    guard let into = node.child(.intoClause), let reference = into.child(.rel) else { return }
    createResult(reference, of: node, kind: .table)
  }

  private mutating func createResult(
    _ reference: Node, of query: Node, kind: Catalog.Relation.Kind
  ) {
    let name = newName(reference)
    guard catalog.relations[name] == nil else { return }
    var relation = Catalog.Relation(name: name, kind: kind)
    relation.isTemporary = TableReference(reference).isTemporary
    if case .materializedView = kind { relation.dependencies = dependencies(of: query) }
    if query.tag == .SelectStmt {
      relation.columns = SelectStatement(node: query).targets.compactMap { target in
        guard let column = OutputColumn.name(of: target) else { return nil }
        return Catalog.Column(name: column, type: "", isNotNull: false, hasDefault: false)
      }
    }
    catalog.insert(relation)
  }

  // MARK: Sequences

  mutating func createSequence(_ node: Node) {
    guard let reference = node.child(.sequence) else { return }
    let name = newName(reference)
    guard catalog.relations[name] == nil else { return }
    var relation = Catalog.Relation(name: name, kind: .sequence)
    relation.isTemporary = TableReference(reference).isTemporary
    catalog.insert(relation)
    own(name, node)
  }

  mutating func alterSequence(_ node: Node) {
    guard let name = name(node.child(.sequence)) else { return }
    own(name, node)
  }

  /// OWNED BY ties a sequence to a column, as serial does.
  private mutating func own(_ sequence: RelationName, _ node: Node) {
    for option in node.list(.options) where option.string(.defname) == "owned_by" {
      let parts = option.child(.arg)?.list(.items).compactMap { $0.string(.sval) } ?? []
      guard parts.count > 1, let column = parts.last, let table = name(Array(parts.dropLast()))
      else { continue }
      catalog.update(table) { table in
        guard let index = table.columns.firstIndex(where: { $0.name == column }),
          table.columns[index].sequence == nil
        else { return }
        table.columns[index].ownedSequence = sequence
      }
    }
  }

  /// The sequence that serial and identity columns get, named as PostgreSQL names it.
  mutating func createSequence(
    of column: String, _ relation: Catalog.Relation
  ) -> RelationName {
    let name = RelationName(
      schema: relation.name.schema, name: "\(relation.name.name)_\(column)_seq")
    var sequence = Catalog.Relation(name: name, kind: .sequence)
    sequence.isTemporary = relation.isTemporary
    if catalog.relations[name] == nil { catalog.insert(sequence) }
    return name
  }

  mutating func createStatistics(_ node: Node) {
    guard let table = node.list(.relations).first.flatMap({ name($0) }),
      let name = node.list(.defnames).compactMap({ $0.string(.sval) }).last
    else { return }
    catalog.statistics[name] = table
  }
}
