import PostgresSyntax

extension TableLockWalk {
  mutating func comment(_ node: Node) {
    let object = node.child(.object)
    let parts =
      object.map { $0.list(.items).compactMap { $0.string(.sval) } } ?? []
    switch node.string(.objtype) {
    case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE", "OBJECT_FOREIGN_TABLE":
      lock(name(parts), .shareUpdateExclusive)
    case "OBJECT_INDEX":
      guard let last = parts.last else { return }
      let schema = parts.count > 1 ? parts[parts.count - 2] : searchPath.first ?? "public"
      lock(RelationName(schema: schema, name: last), .shareUpdateExclusive)
    case "OBJECT_COLUMN": lock(name(Array(parts.dropLast())), .shareUpdateExclusive)
    case "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_RULE", "OBJECT_POLICY":
      lock(name(Array(parts.dropLast())), .accessShare)
    default: return
    }
  }

  mutating func reindex(_ node: Node) {
    let isConcurrent = node.list(.params).contains { $0.string(.defname) == "concurrently" }
    let isIndex = node.symbol(.kind, is: "REINDEX_OBJECT_INDEX")
    guard let relation = node.child(.relation) else {
      notes.append("REINDEX of a schema or database goes over tables that the text does not name")
      return
    }
    let reference = TableReference(relation)
    let mode: TableLockMode = isConcurrent ? .shareUpdateExclusive : .share
    if isIndex {
      let index = resolveIndex(reference)
      if let table = catalog.indexes[index]?.table { lock(table, mode) }
      lock(index, isConcurrent ? .shareUpdateExclusive : .accessExclusive)
      return
    }
    let table = resolve(reference)
    lock(table, mode)
    if !isConcurrent { lockIndexes(of: table) }
  }

  private mutating func lockIndexes(of table: RelationName) {
    let indexes = catalog.indexes.values.filter { $0.table == table }.map(\.name)
    for index in indexes.sorted(by: { $0.name < $1.name }) {
      lock(index, .accessExclusive, reason: ["index of \(table.short)"])
    }
  }

  mutating func cluster(_ node: Node) {
    guard let relation = node.child(.relation) else {
      notes.append("CLUSTER without a table goes over tables that the text does not name")
      return
    }
    let table = resolve(TableReference(relation))
    lock(table, .accessExclusive)
    if let index = node.string(.indexname) {
      lock(RelationName(schema: table.schema, name: index), .accessExclusive)
    }
  }

  mutating func vacuum(_ node: Node) {
    let isVacuum = node.flag(.is_vacuumcmd)
    func isSet(_ name: String) -> Bool {
      node.list(.options).contains { option in
        guard option.string(.defname) == name else { return false }
        let value = option.child(.arg)?.string(.sval)?.lowercased()
        return !["false", "off", "0"].contains(value ?? "true")
      }
    }
    let relations = node.list(.rels).compactMap { $0.child(.relation) }
    if relations.isEmpty {
      notes.append("without a table it goes over tables that the text does not name")
    }
    for relation in relations {
      let table = resolve(TableReference(relation))
      let isFull = isVacuum && isSet("full")
      if isFull {
        for name in [table] + descendants(of: table)
        where !(catalog.relations[name]?.isPartitioned ?? false) {
          lock(name, .accessExclusive)
        }
        continue
      }
      lock(table, .accessShare)
      lock(table, .shareUpdateExclusive)
      guard !isVacuum || isSet("analyze") || catalog.relations[table]?.isPartitioned ?? false
      else { continue }
      for child in descendants(of: table) {
        lock(child, .accessShare, reason: ["partition of \(table.short)"])
        lock(child, .shareUpdateExclusive, reason: ["partition of \(table.short)"])
      }
    }
  }

  mutating func refresh(_ node: Node) {
    guard let relation = node.child(.relation) else { return }
    let view = resolve(TableReference(relation))
    lock(view, node.flag(.concurrent) ? .exclusive : .accessExclusive)
    guard case .materializedView(let query?) = catalog.relations[view]?.kind,
      !node.flag(.skipData)
    else { return }
    statement(query.node)
  }
}
