import PostgresSyntax

extension TableLockWalk {
  mutating func drop(_ node: Node) {
    let cascades = node.symbol(.behavior, is: "DROP_CASCADE")
    let isConcurrent = node.flag(.concurrent)
    let objects = Array(node.list(.objects))
    let names = objects.map { object in object.list(.items).compactMap { $0.string(.sval) } }
    switch node.string(.removeType) {
    case "OBJECT_TABLE", "OBJECT_FOREIGN_TABLE":
      dropTables(names.map(name), cascades: cascades)
    case "OBJECT_VIEW", "OBJECT_MATVIEW":
      let views = names.map(name)
      for view in views { lock(view, .accessExclusive) }
      if cascades { for view in views { dropViews(on: view) } }
    case "OBJECT_SEQUENCE":
      let sequences = names.map(name)
      for sequence in sequences { lock(sequence, .accessExclusive) }
      if cascades { for sequence in sequences { dropDefaults(of: sequence) } }
    case "OBJECT_INDEX":
      for parts in names { dropIndex(parts, isConcurrent: isConcurrent) }
    case "OBJECT_TRIGGER", "OBJECT_RULE", "OBJECT_POLICY": dropParts(names, node)
    case "OBJECT_TYPE", "OBJECT_DOMAIN":
      for object in objects { dropType(object) }
    case "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE":
      if cascades { for object in objects { dropFunction(object) } }
    case "OBJECT_STATISTIC_EXT":
      for table in names.compactMap({ $0.last.flatMap { catalog.statistics[$0] } }) {
        lock(table, .shareUpdateExclusive, reason: [])
      }
    case "OBJECT_SCHEMA":
      guard cascades else { return }
      for schema in objects.compactMap({ $0.string(.sval) }) { dropSchema(schema) }
    default: return
    }
  }

  /// All names first, a partition's parent before the partition; then children, then what depends
  /// on them (`RemoveRelations` in `tablecmds.c`, `dependency.c`).
  private mutating func dropTables(_ names: [RelationName], cascades: Bool) {
    for name in names {
      guard let relation = catalog.relations[name] else {
        lock(name, .accessExclusive)
        continue
      }
      if relation.bound != nil, let parent = relation.parent {
        lock(parent, .accessExclusive, reason: [.parent(of: name)])
      }
      lock(name, .accessExclusive)
      if relation.bound != nil, let parent = relation.parent {
        for sibling in catalog.children(of: parent) {
          guard case .default? = sibling.bound else { continue }
          lock(
            sibling.name, .accessExclusive, reason: [.defaultPartition(of: parent)])
        }
      }
    }
    for name in names {
      for child in catalog.inheritors(of: name) where cascades || isPartition(child) {
        lock(child, .accessExclusive, reason: [.partition(of: name)])
      }
    }
    for name in names {
      if cascades { dropViews(on: name) }
      if cascades { dropReferencing(name) }
      if catalog.relations[name]?.bound == nil { dropForeignKeys(of: name) }
      if cascades { dropRules(on: name) }
      for column in catalog.relations[name]?.columns ?? [] {
        guard let sequence = column.sequence ?? column.ownedSequence,
          !isInherited(sequence, by: name)
        else { continue }
        lock(sequence, .accessExclusive, reason: [.sequence(of: name.short)])
      }
    }
  }

  private func isPartition(_ name: RelationName) -> Bool { catalog.relations[name]?.bound != nil }

  private mutating func dropForeignKeys(of name: RelationName) {
    for key in (catalog.relations[name]?.foreignKeys ?? []).reversed() where key.parent != name {
      lock(key.parent, .accessExclusive, reason: [.foreignKey(key.title)])
      guard catalog.relations[key.parent]?.isPartitioned ?? false else { continue }
      lockInheritors(of: key.parent, .accessExclusive, reason: [.foreignKey(key.title)])
    }
  }

  /// The foreign keys of other tables go, with them the triggers on what they refer to.
  private mutating func dropReferencing(_ name: RelationName) {
    let parents = [name] + (isPartition(name) ? catalog.relations[name]?.parents ?? [] : [])
    for parent in parents {
      for (child, key) in catalog.foreignKeys(to: parent).reversed() where child != name {
        lock(child, .accessExclusive, reason: [.foreignKey(key.title)])
        guard catalog.relations[child]?.isPartitioned ?? false else { continue }
        lockInheritors(of: child, .accessExclusive, reason: [.foreignKey(key.title)])
      }
    }
  }

  /// Rules of tables that name a relation; their tables are locked when the rules go.
  private mutating func dropRules(on name: RelationName) {
    for table in catalog.views(on: name) where !table.isView && !table.isMaterializedView {
      lock(table.name, .accessExclusive, reason: [.ruleOn(table.name)])
    }
  }

  /// Views over a relation, and over those.
  mutating func dropViews(on name: RelationName, column: String? = nil) {
    for view in catalog.views(on: name) where view.isView || view.isMaterializedView {
      if let column, !view.mentions(column, of: name.name) { continue }
      let isKnown = acquisitions.contains {
        $0.target == .table(view.name) && $0.mode == .table(.accessExclusive)
      }
      lock(view.name, .accessExclusive, reason: [.view(view.name)])
      if !isKnown { dropViews(on: view.name) }
    }
  }

  private mutating func dropDefaults(of sequence: RelationName) {
    let users = catalog.relations.values.filter { relation in
      relation.columns.contains { $0.sequence == sequence }
    }
    for table in users.sorted(by: { $0.number < $1.number }) {
      lock(table.name, .accessExclusive, reason: [.defaultCalling(sequence)])
    }
  }

  private mutating func dropIndex(_ parts: [String], isConcurrent: Bool) {
    guard let last = parts.last else { return }
    let candidates = parts.count > 1 ? [parts[parts.count - 2]] : searchPath
    let found =
      candidates.map { RelationName(schema: $0, name: last) }
      .first { catalog.indexes[$0] != nil }
    let mode: TableLockMode = isConcurrent ? .shareUpdateExclusive : .accessExclusive
    guard let found, let index = catalog.indexes[found] else {
      notes.append("the table of index \(last) is not known; it is locked \(mode.rawValue)")
      lock(RelationName(schema: candidates.first ?? "public", name: last), mode)
      return
    }
    lock(index.table, mode)
    lock(found, mode)
    if catalog.relations[index.table]?.isPartitioned ?? false {
      lockInheritors(of: index.table, mode, reason: [])
    }
    for child in catalog.indexes.values.filter({ $0.parent == found })
      .sorted(by: { $0.number < $1.number })
    {
      lock(child.name, mode, reason: [.partition(of: index.table)])
    }
  }

  /// Triggers, rules and policies: the table is read first, then locked for good.
  private mutating func dropParts(_ names: [[String]], _ node: Node) {
    for parts in names where parts.count > 1 {
      let table = name(Array(parts.dropLast()))
      if node.flag(.missing_ok), let relation = catalog.relations[table],
        !relation.hasPart(parts[parts.count - 1])
      {
        continue
      }
      lock(table, .accessShare)
      if node.symbol(.removeType, is: "OBJECT_TRIGGER"),
        let relation = catalog.relations[table], relation.isPartitioned,
        relation.triggers.contains(where: { $0.isRow && $0.name == parts[parts.count - 1] })
      {
        for child in catalog.inheritors(of: table).reversed() {
          lock(child, .accessExclusive, reason: [.partition(of: table)])
        }
      }
      lock(table, .accessExclusive)
    }
  }

  private mutating func dropType(_ object: Node) {
    let parts = object.list(.names).compactMap { $0.string(.sval) }
    guard let type = parts.last else { return }
    if case .compositeType? = catalog.relations[name(parts)]?.kind {
      lock(name(parts), .accessExclusive)
    }
    for table in tables(using: type).reversed() {
      lock(table, .accessExclusive, reason: [.columnOfType(type)])
    }
    lockTyped(type)
  }

  private mutating func dropFunction(_ object: Node) {
    guard let function = object.list(.objname).compactMap({ $0.string(.sval) }).last else { return }
    for user in catalog.users(ofFunction: function) {
      lock(user, .accessExclusive, reason: [.function(function)])
      dropViews(on: user)
    }
  }

  private mutating func dropSchema(_ schema: String) {
    let relations = catalog.relations.values.filter { $0.name.schema == schema }
      .sorted { $0.number < $1.number }
    for relation in relations {
      lock(relation.name, .accessExclusive, reason: [.schema(schema)])
    }
    for relation in relations {
      dropViews(on: relation.name)
      dropReferencing(relation.name)
    }
  }
}
