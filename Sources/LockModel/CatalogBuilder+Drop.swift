import PostgresSyntax

extension CatalogBuilder {
  mutating func drop(_ node: Node) {
    let type = node.string(.removeType)
    for object in node.list(.objects) {
      let names = object.list(.items).compactMap { $0.string(.sval) }
      switch type {
      case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE",
        "OBJECT_SEQUENCE":
        if let name = name(names) { dropRelation(name) }
      case "OBJECT_INDEX":
        guard let last = names.last else { continue }
        dropIndex(last, schema: names.count > 1 ? names[names.count - 2] : nil)
      case "OBJECT_SCHEMA":
        if let name = object.string(.sval) ?? names.last { catalog.removeSchema(name) }
      case "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE": dropFunction(object)
      case "OBJECT_TRIGGER", "OBJECT_RULE", "OBJECT_POLICY":
        guard names.count > 1, let last = names.last, let table = name(Array(names.dropLast()))
        else { continue }
        drop(last, of: table)
      default: break
      }
    }
  }

  private mutating func drop(_ name: String, of table: RelationName) {
    catalog.update(table) { relation in
      relation.triggers.removeAll { $0.name == name }
      relation.rules.removeAll { $0.name == name }
      relation.policies.removeAll { $0.name == name }
    }
    guard catalog.relations[table]?.isPartitioned ?? false else { return }
    for child in catalog.children(of: table) { drop(name, of: child.name) }
  }

  /// Dropping a parent drops its partitions; foreign keys to it go as well.
  private mutating func dropRelation(_ name: RelationName) {
    let children = catalog.children(of: name)
    let referencing = catalog.foreignKeys(to: name).map(\.child)
    guard let relation = catalog.remove(name) else { return }
    for column in relation.columns {
      if let owned = column.ownedSequence ?? column.sequence { catalog.remove(owned) }
    }
    for index in catalog.indexes.values where index.table == name {
      catalog.indexes[index.name] = nil
    }
    for child in children { dropRelation(child.name) }
    for child in referencing {
      catalog.update(child) { $0.foreignKeys.removeAll { $0.parent == name } }
    }
  }

  private mutating func dropIndex(_ index: String, schema: String?) {
    for (name, entry) in catalog.indexes
    where name.name == index && (schema == nil || schema == name.schema) {
      catalog.indexes[name] = nil
      catalog.update(entry.table) { $0.keys.removeAll { $0.name == index } }
      for child in catalog.indexes.values where child.parent == name {
        catalog.indexes[child.name] = nil
        catalog.update(child.table) { $0.keys.removeAll { $0.name == child.name.name } }
      }
    }
  }
}
