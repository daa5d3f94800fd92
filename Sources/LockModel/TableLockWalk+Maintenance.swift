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
    let mode: TableLockMode = isConcurrent ? .shareUpdateExclusive : .share
    let indexMode: TableLockMode = isConcurrent ? .shareUpdateExclusive : .accessExclusive
    guard let relation = node.child(.relation) else {
      reindexAll(node, mode, indexMode)
      return
    }
    let reference = TableReference(relation)
    guard node.symbol(.kind, is: "REINDEX_OBJECT_INDEX") else {
      reindex(resolve(reference), mode, indexMode)
      return
    }
    let index = resolveIndex(reference)
    let children = catalog.indexes.values.filter { $0.parent == index }
      .sorted { $0.number < $1.number }
    if let table = catalog.indexes[index]?.table { lock(table, mode) }
    lock(index, indexMode)
    // Those of partitions are looked up first and then built one by one.
    for child in children { lock(child.name, mode) }
    for child in children { lock(child.table, mode) }
  }

  private mutating func reindexAll(_ node: Node, _ mode: TableLockMode, _ indexMode: TableLockMode)
  {
    let schema =
      node.symbol(.kind, is: "REINDEX_OBJECT_SCHEMA") ? node.string(.name) : nil
    for table in catalog.tables() where schema == nil || table.name.schema == schema {
      guard !table.isPartitioned else { continue }
      reindex(table.name, mode, indexMode)
    }
  }

  private mutating func reindex(
    _ table: RelationName, _ mode: TableLockMode, _ indexMode: TableLockMode
  ) {
    lock(table, mode)
    guard !(catalog.relations[table]?.isPartitioned ?? false) else {
      for child in catalog.inheritors(of: table) { reindex(child, mode, indexMode) }
      return
    }
    for index in catalog.indexes.values.filter({ $0.table == table })
      .sorted(by: { $0.number < $1.number })
    {
      lock(index.name, indexMode, reason: [.index(of: table)])
    }
  }

  mutating func cluster(_ node: Node) {
    guard let relation = node.child(.relation) else {
      for table in catalog.tables() where table.isClustered { lock(table.name, .accessExclusive) }
      notes.append("CLUSTER without a table goes over all tables that were clustered before")
      return
    }
    let table = resolve(TableReference(relation))
    lock(table, .accessExclusive)
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
        for name in [table] + catalog.inheritors(of: table)
        where !(catalog.relations[name]?.isPartitioned ?? false) {
          lock(name, .accessExclusive)
        }
        continue
      }
      lockForMoment(table)
      lock(table, .shareUpdateExclusive)
      let children = catalog.inheritors(of: table)
      let isPartitioned = catalog.relations[table]?.isPartitioned ?? false
      let reason: [Reason] = [isPartitioned ? .partition(of: table) : .child(of: table)]
      if !isVacuum || isSet("analyze") {
        for child in children { lock(child, .accessShare, reason: reason) }
      }
      guard isPartitioned else { continue }
      for child in children { lock(child, .shareUpdateExclusive, reason: reason) }
    }
  }

  /// The table is looked up under a lock that is given back (`expand_vacuum_rel` in `vacuum.c`).
  private mutating func lockForMoment(_ table: RelationName) {
    guard !CatalogSchema.contains(table) else { return }
    var lock = Acquisition.table(table, .accessShare, reason: [], range: range)
    lock.duration = .statement
    acquisitions.append(lock)
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
