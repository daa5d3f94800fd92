import PostgresSyntax

extension CatalogBuilder {
  mutating func drop(_ statement: DropStatement) {
    let type = statement.objectType
    for object in statement.objects {
      switch type {
      case .table, .view, .materializedView, .foreignTable, .sequence:
        if let name = object.name { catalog.drop(self.name(name)) }
      case .index:
        if let name = object.name { catalog.dropIndex(name) }
      case .schema:
        if let name = object.parts.last { catalog.removeSchema(name) }
      case .function, .procedure, .routine: dropFunction(object)
      case .trigger, .rule, .policy:
        guard let part = object.parts.last, let table = object.owner else { continue }
        catalog.drop(part, of: name(table))
      case .column, .attribute, .constraint, .type, .domain, .statistics, .extension, .other: break
      }
    }
  }
}
