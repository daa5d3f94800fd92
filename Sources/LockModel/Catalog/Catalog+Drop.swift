import PostgresSyntax

extension Catalog {
  /// Drops a trigger, rule or policy of a table, and of its partitions.
  mutating func drop(_ name: String, of table: RelationName) {
    for table in [table] + partitions(of: table) {
      update(table) { relation in
        relation.triggers.removeAll { $0.name == name }
        relation.rules.removeAll { $0.name == name }
        relation.policies.removeAll { $0.name == name }
      }
    }
  }

  /// Dropping a parent drops its partitions; foreign keys to it go as well.
  mutating func drop(_ name: RelationName) {
    guard relations[name] != nil else { return }
    for name in [name] + inheritors(of: name) {
      let referencing = foreignKeys(to: name).map(\.child)
      guard let relation = remove(name) else { continue }
      for column in relation.columns {
        if let owned = column.ownedSequence { remove(owned) }
      }
      for index in indexes(of: name) { removeIndex(index.name) }
      for child in referencing {
        update(child) { $0.foreignKeys.removeAll { $0.parent == name } }
      }
    }
  }

  /// Drops an index with the indexes below it, and the keys that they stand for.
  mutating func dropIndex(_ index: QualifiedName) {
    let schemas = index.schema.map { [$0] } ?? schemas(ofIndex: index.name)
    for schema in schemas {
      let name = RelationName(schema: schema, name: index.name)
      for index in [indexes[name]].compactMap({ $0 }) + indexes(under: name) {
        removeIndex(index.name)
        update(index.table) { $0.keys.removeAll { $0.name == index.name.name } }
      }
    }
  }
}
