import PostgresSyntax

extension CatalogBuilder {
  mutating func rename(_ statement: RenameStatement) {
    if statement.objectType.isRoutine {
      guard let object = statement.object, let new = statement.newName else { return }
      return moveFunction(object) { RelationName(schema: $0.schema, name: new) }
    }
    guard let new = statement.newName, let table = statement.relation.map(name) else { return }
    let old = statement.oldName
    switch statement.objectType {
    case .table, .view, .materializedView, .sequence:
      catalog.move(table, to: RelationName(schema: table.schema, name: new))
      catalog.renameIndex(table, to: new)
    case .column: catalog.renameColumn(old, to: new, of: table)
    case .constraint:
      catalog.renameIndex(RelationName(schema: table.schema, name: old), to: new)
      catalog.update(table) { relation in
        for index in relation.foreignKeys.indices where relation.foreignKeys[index].name == old {
          relation.foreignKeys[index].name = new
        }
      }
    case .index: catalog.renameIndex(table, to: new)
    case .trigger:
      catalog.update(table) { relation in
        for index in relation.triggers.indices where relation.triggers[index].name == old {
          relation.triggers[index].name = new
        }
      }
    case .rule:
      catalog.update(table) { relation in
        for index in relation.rules.indices where relation.rules[index].name == old {
          relation.rules[index].name = new
        }
        relation.rules.sort { $0.name < $1.name }
      }
    case .foreignTable, .schema, .function, .procedure, .routine, .policy, .attribute, .type,
      .domain, .statistics, .extension, .other:
      break
    }
  }

  mutating func setSchema(_ statement: SetSchemaStatement) {
    if statement.objectType.isRoutine {
      guard let object = statement.object, let schema = statement.schema else { return }
      return moveFunction(object) { RelationName(schema: schema, name: $0.name) }
    }
    guard let schema = statement.schema, let old = statement.relation.map(name) else { return }
    catalog.move(old, to: RelationName(schema: schema, name: old.name))
  }
}
