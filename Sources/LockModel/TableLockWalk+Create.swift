import PostgresSyntax

extension TableLockWalk {
  mutating func createTable(_ node: Node) {
    let body = node.child(.base) ?? node
    guard let relation = body.child(.relation) else { return }
    let name = CatalogBuilder.newName(relation, searchPath: searchPath)
    if body.flag(.if_not_exists), catalog.relations[name] != nil { return }
    let elements = Array(body.list(.tableElts))
    if body.child(.partbound) != nil {
      createPartition(body)
      return
    }
    for element in elements where element.tag == .TableLikeClause {
      lock(element.child(.relation), .accessShare)
    }
    for parent in body.list(.inhRelations) { lock(parent, .shareUpdateExclusive) }
    if let type = body.child(.ofTypename) {
      lock(CatalogName.of(type, catalog, searchPath), .accessShare, reason: [])
    }
    create(relation)
    for element in elements {
      let constraints =
        element.tag == .ColumnDef ? Array(element.list(.constraints)) : [element]
      for constraint in constraints where constraint.symbol(.contype, is: "CONSTR_FOREIGN") {
        guard let parent = constraint.child(.pktable).map({ resolve(TableReference($0)) }),
          parent != name
        else { continue }
        lock(parent, .shareRowExclusive, reason: [])
        if catalog.relations[parent]?.isPartitioned ?? false {
          lockChildren(of: parent, .shareRowExclusive, reason: [])
        }
      }
    }
  }

  /// CREATE TABLE … PARTITION OF.
  private mutating func createPartition(_ node: Node) {
    guard let reference = node.list(.inhRelations).first, let relation = node.child(.relation)
    else { return }
    let parent = resolve(TableReference(reference))
    lock(parent, .accessExclusive)
    create(relation)
    for child in catalog.children(of: parent) {
      if case .default? = child.bound {
        lock(child.name, .accessExclusive, reason: [.defaultPartition(of: parent)])
      }
    }
    lockParents(of: parent, .shareRowExclusive)
    for (other, key) in catalog.foreignKeys(to: parent) {
      lock(other, .shareRowExclusive, reason: [.foreignKey(key.title)])
    }
  }

  /// The tables that the foreign keys of a table refer to.
  mutating func lockParents(of name: RelationName, _ mode: TableLockMode) {
    for key in catalog.relations[name]?.foreignKeys ?? [] {
      lock(key.parent, mode, reason: [.foreignKey(key.title)])
    }
  }

  mutating func createTableAs(_ node: Node) {
    guard let query = node.child(.query) else { return }
    statement(query)
    if let into = node.child(.into)?.child(.rel) { create(into) }
  }

  /// The names of a view's query are locked, what is below them is not.
  mutating func createView(_ node: Node) {
    if let query = node.child(.query) { nested(query) }
    views = []
    parents = []
    guard let view = node.child(.view) else { return }
    let name = CatalogBuilder.newName(view, searchPath: searchPath)
    if catalog.relations[name] != nil { lock(name, .accessExclusive) } else { create(view) }
  }

  mutating func createIndex(_ node: Node) {
    guard let relation = node.child(.relation) else { return }
    let reference = TableReference(relation)
    let mode: TableLockMode = node.flag(.concurrent) ? .shareUpdateExclusive : .share
    let name = resolve(reference)
    lock(name, mode)
    if reference.includesChildren, catalog.relations[name]?.isPartitioned ?? false {
      lockInheritors(of: name, mode, reason: [])
      lockMatchingIndexes(of: name, node)
    }
  }

  /// Indexes of partitions that fit become part of the new one (`DefineIndex`).
  private mutating func lockMatchingIndexes(of table: RelationName, _ node: Node) {
    let parts = CatalogBuilder.parts(of: node)
    let partitions = Set(catalog.inheritors(of: table))
    for index in catalog.indexes.values.sorted(by: { $0.number < $1.number })
    where partitions.contains(index.table) && index.parts == parts && index.parent == nil {
      lock(index.name, .share, reason: [.partitionIndex(of: index.table)])
    }
  }

  mutating func createTrigger(_ node: Node) {
    guard let relation = node.child(.relation) else { return }
    let name = resolve(TableReference(relation))
    lock(name, .shareRowExclusive)
    lock(node.child(.constrrel), .accessShare)
    if catalog.relations[name]?.isPartitioned ?? false, node.flag(.row) {
      lockInheritors(of: name, .shareRowExclusive, reason: [])
    }
  }

  mutating func createRule(_ node: Node) {
    lock(node.child(.relation), .accessExclusive)
    for action in node.list(.actions) { nested(action) }
  }

  mutating func createPolicy(_ node: Node) {
    lock(node.child(.table), .accessExclusive)
    for field in [Field.qual, .with_check] {
      if let condition = node.child(field) { expression(condition) }
    }
  }

  /// Bodies in SQL are analysed when the function is made; those in PL/pgSQL are not.
  mutating func createFunction() {
    guard catalog.checksBodies, case .sql(let statements)? = routine?.content else { return }
    for statement in statements where statement.isQuery {
      self.statement(statement.node)
      acquisitions.removeAll { $0.isPrivate }
    }
  }

  mutating func createSchema(_ node: Node) {
    let path = searchPath
    if let schema = node.string(.schemaname) { searchPath = [schema] + path }
    for element in node.list(.schemaElts) { statement(element) }
    searchPath = path
  }

  mutating func alterSequence(_ node: Node) {
    lock(node.child(.sequence), .shareRowExclusive)
    createSequence(node)
  }

  mutating func createSequence(_ node: Node) {
    for option in node.list(.options) where option.string(.defname) == "owned_by" {
      let parts = option.child(.arg)?.list(.items).compactMap { $0.string(.sval) } ?? []
      guard parts.count > 1 else { continue }
      lock(name(Array(parts.dropLast())), .accessShare, reason: [])
    }
  }

  mutating func publication(_ node: Node) {
    defer { lockDropped(from: node) }
    for object in node.list(.pubobjects) {
      guard let table = object.child(.pubtable)?.child(.relation) else { continue }
      let reference = TableReference(table)
      let name = resolve(reference)
      lock(name, .shareUpdateExclusive)
      if reference.includesChildren, !(catalog.relations[name]?.isPartitioned ?? false) {
        lockInheritors(of: name, .shareUpdateExclusive, reason: [])
      }
    }
  }

  /// SET TABLE takes tables out of the publication.
  private mutating func lockDropped(from node: Node) {
    guard node.symbol(.action, is: "AP_SetObjects"), let name = node.string(.pubname) else {
      return
    }
    for table in catalog.publications[name] ?? [] { lock(table, .shareUpdateExclusive) }
  }

  /// A name that is written as a list of strings.
  func name(_ parts: [String]) -> RelationName {
    catalog.resolve(
      schema: parts.count > 1 ? parts[parts.count - 2] : nil, name: parts.last ?? "",
      searchPath: searchPath)
  }
}

/// Names of types, which for composite types are those of relations.
enum CatalogName {
  static func of(_ type: Node, _ catalog: Catalog, _ searchPath: [String]) -> RelationName {
    let parts = type.list(.names).compactMap { $0.string(.sval) }
    return catalog.resolve(
      schema: parts.count > 1 ? parts[parts.count - 2] : nil, name: parts.last ?? "",
      searchPath: searchPath)
  }
}

extension Catalog.ForeignKey {
  /// How a report names it.
  var title: String { name ?? columns.joined(separator: ", ") }
}
