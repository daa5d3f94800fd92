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
      if cascades { for view in views { dropDependents(of: view) } }
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
        lock(table, .shareUpdateExclusive, reason: ["direct"])
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
        lock(parent, .accessExclusive, reason: ["partition \(name.short)"])
      }
      lock(name, .accessExclusive)
      if relation.bound != nil, let parent = relation.parent {
        for sibling in catalog.children(of: parent) {
          guard case .default? = sibling.bound else { continue }
          lock(
            sibling.name, .accessExclusive, reason: ["default partition of \(parent.short)"])
        }
      }
    }
    for name in names {
      for child in descendants(of: name) where cascades || isPartition(child) {
        lock(child, .accessExclusive, reason: ["partition of \(name.short)"])
      }
    }
    for name in names {
      dropForeignKeys(of: name, cascades: cascades)
      if cascades { dropDependents(of: name) }
      for column in catalog.relations[name]?.columns ?? [] {
        guard let sequence = column.sequence ?? column.ownedSequence else { continue }
        lock(sequence, .accessExclusive, reason: ["sequence of \(name.short)"])
      }
    }
  }

  private func isPartition(_ name: RelationName) -> Bool { catalog.relations[name]?.bound != nil }

  private mutating func dropForeignKeys(of name: RelationName, cascades: Bool) {
    for key in (catalog.relations[name]?.foreignKeys ?? []).reversed() where key.parent != name {
      lock(key.parent, .accessExclusive, reason: [ForeignKeyReason.text(key)])
    }
    guard cascades else { return }
    for (child, key) in catalog.foreignKeys(to: name) where child != name {
      lock(child, .accessExclusive, reason: [ForeignKeyReason.text(key)])
    }
  }

  /// Views over a relation, and over those.
  private mutating func dropDependents(of name: RelationName) {
    var seen: Set<RelationName> = [name]
    var open = [name]
    while let next = open.popLast() {
      for view in catalog.views(on: next) where seen.insert(view.name).inserted {
        lock(view.name, .accessExclusive, reason: ["view \(view.name.short)"])
        open.append(view.name)
      }
    }
  }

  private mutating func dropDefaults(of sequence: RelationName) {
    let users = catalog.relations.values.filter { relation in
      relation.columns.contains { $0.sequence == sequence }
    }
    for table in users.sorted(by: { $0.number < $1.number }) {
      lock(table.name, .accessExclusive, reason: ["default that calls \(sequence.short)"])
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
    for child in catalog.indexes.values.filter({ $0.parent == found })
      .sorted(by: { $0.name.name < $1.name.name })
    {
      lock(child.table, mode, reason: ["partition of \(index.table.short)"])
      lock(child.name, mode, reason: ["partition of \(index.table.short)"])
    }
  }

  /// Triggers, rules and policies: the table is read first, then locked for good.
  private mutating func dropParts(_ names: [[String]], _ node: Node) {
    for parts in names where parts.count > 1 {
      let table = name(Array(parts.dropLast()))
      lock(table, .accessShare)
      lock(table, .accessExclusive)
      guard node.symbol(.removeType, is: "OBJECT_TRIGGER"),
        catalog.relations[table]?.isPartitioned ?? false
      else { continue }
      lockChildren(of: table, .accessExclusive, reason: ["direct"])
    }
  }

  private mutating func dropType(_ object: Node) {
    guard let type = object.list(.names).compactMap({ $0.string(.sval) }).last else { return }
    for table in tables(using: type) {
      lock(table, .accessExclusive, reason: ["column of type \(type)"])
    }
  }

  private mutating func dropFunction(_ object: Node) {
    guard let function = object.list(.objname).compactMap({ $0.string(.sval) }).last else { return }
    for relation in catalog.relations.values.sorted(by: { $0.number < $1.number }) {
      let isUsed =
        relation.triggers.contains { $0.function == function }
        || relation.columns.contains { column in
          column.defaultValue.map { calls($0.node, function) } ?? false
        }
      if isUsed { lock(relation.name, .accessExclusive, reason: ["function \(function)"]) }
    }
  }

  private func calls(_ node: Node, _ function: String) -> Bool {
    if node.tag == .FuncCall, FunctionCall(node: node).name == function { return true }
    return node.descendants.contains {
      $0.tag == .FuncCall && FunctionCall(node: $0).name == function
    }
  }

  private mutating func dropSchema(_ schema: String) {
    let relations = catalog.relations.values.filter { $0.name.schema == schema }
      .sorted { $0.number < $1.number }
    for relation in relations {
      lock(relation.name, .accessExclusive, reason: ["schema \(schema)"])
    }
  }
}
