import PostgresSyntax

extension CatalogBuilder {
  mutating func drop(_ statement: DropStatement) {
    let type = statement.objectType
    for object in statement.objects {
      switch type {
      case .table, .view, .materializedView, .foreignTable, .sequence:
        if let name = object.name { dropRelation(self.name(name)) }
      case .index:
        if let name = object.name { dropIndex(name) }
      case .schema:
        if let name = object.parts.last { catalog.removeSchema(name) }
      case .function, .procedure, .routine: dropFunction(object)
      case .trigger, .rule, .policy:
        guard let part = object.parts.last, let table = object.owner else { continue }
        drop(part, of: name(table))
      case .column, .attribute, .constraint, .type, .domain, .statistics, .other: break
      }
    }
  }

  private mutating func drop(_ name: String, of table: RelationName) {
    for table in [table] + catalog.partitions(of: table) {
      catalog.update(table) { relation in
        relation.triggers.removeAll { $0.name == name }
        relation.rules.removeAll { $0.name == name }
        relation.policies.removeAll { $0.name == name }
      }
    }
  }

  /// Dropping a parent drops its partitions; foreign keys to it go as well.
  private mutating func dropRelation(_ name: RelationName) {
    guard catalog.relations[name] != nil else { return }
    for name in [name] + catalog.inheritors(of: name) {
      let referencing = catalog.foreignKeys(to: name).map(\.child)
      guard let relation = catalog.remove(name) else { continue }
      for column in relation.columns {
        if let owned = column.ownedSequence ?? column.sequence { catalog.remove(owned) }
      }
      for index in catalog.indexes(of: name) { catalog.removeIndex(index.name) }
      for child in referencing {
        catalog.update(child) { $0.foreignKeys.removeAll { $0.parent == name } }
      }
    }
  }

  private mutating func dropIndex(_ index: QualifiedName) {
    let schemas = index.schema.map { [$0] } ?? catalog.schemas(ofIndex: index.name)
    for schema in schemas {
      let name = RelationName(schema: schema, name: index.name)
      for index in [catalog.indexes[name]].compactMap({ $0 }) + catalog.indexes(under: name) {
        catalog.removeIndex(index.name)
        catalog.update(index.table) { $0.keys.removeAll { $0.name == index.name.name } }
      }
    }
  }
}
