import PostgresSyntax

extension CatalogBuilder {
  mutating func rename(_ statement: RenameStatement) {
    guard let new = statement.newName, let table = statement.relation.map(name) else { return }
    let old = statement.oldName
    switch statement.objectType {
    case .table, .view, .materializedView, .sequence:
      move(table, to: RelationName(schema: table.schema, name: new))
      renameIndex(table, to: new)
    case .column: renameColumn(old, to: new, of: table)
    case .constraint:
      renameIndex(RelationName(schema: table.schema, name: old), to: new)
      catalog.update(table) { relation in
        for index in relation.foreignKeys.indices where relation.foreignKeys[index].name == old {
          relation.foreignKeys[index].name = new
        }
      }
    case .index: renameIndex(table, to: new)
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
      .domain, .statistics, .other:
      break
    }
  }

  private mutating func renameIndex(_ old: RelationName, to new: String) {
    guard var index = catalog.removeIndex(old) else { return }
    index.name = RelationName(schema: old.schema, name: new)
    catalog.insert(index)
    catalog.update(index.table) { relation in
      for position in relation.keys.indices where relation.keys[position].name == old.name {
        relation.keys[position].name = new
      }
    }
  }

  /// Children have the columns of their parents.
  private mutating func renameColumn(_ old: String, to new: String, of table: RelationName) {
    for table in [table] + catalog.inheritors(of: table) {
      catalog.update(table) { $0.rename(old, to: new) }
      for child in Set(catalog.foreignKeys(to: table).map(\.child)) {
        catalog.update(child) { relation in
          for index in relation.foreignKeys.indices
          where relation.foreignKeys[index].parent == table {
            relation.foreignKeys[index].parentColumns = relation.foreignKeys[index].parentColumns
              .map { $0 == old ? new : $0 }
          }
        }
      }
    }
  }

  private mutating func move(_ old: RelationName, to new: RelationName) {
    let children = catalog.children(of: old).map(\.name)
    let referencing = catalog.foreignKeys(to: old).map(\.child)
    guard var relation = catalog.remove(old) else { return }
    relation.name = new
    catalog.insert(relation)
    for child in children {
      catalog.update(child) { $0.parents = $0.parents.map { $0 == old ? new : $0 } }
    }
    for child in referencing + children {
      let child = child == old ? new : child
      catalog.update(child) { other in
        for index in other.foreignKeys.indices where other.foreignKeys[index].parent == old {
          other.foreignKeys[index].parent = new
        }
      }
    }
    for view in catalog.views(on: old) {
      catalog.update(view.name) {
        $0.dependencies = $0.dependencies.map { $0 == old ? new : $0 }
      }
    }
    for index in catalog.indexes(of: old) { catalog.updateIndex(index.name) { $0.table = new } }
  }

  mutating func setSchema(_ statement: SetSchemaStatement) {
    guard let schema = statement.schema, let old = statement.relation.map(name) else { return }
    move(old, to: RelationName(schema: schema, name: old.name))
  }
}

extension Catalog.Relation {
  /// Renames a column, also in keys and foreign keys.
  fileprivate mutating func rename(_ old: String, to new: String) {
    for index in columns.indices where columns[index].name == old { columns[index].name = new }
    for index in keys.indices {
      keys[index].parts = keys[index].parts.map { $0 == .column(old) ? .column(new) : $0 }
    }
    for index in foreignKeys.indices {
      foreignKeys[index].columns = foreignKeys[index].columns.map { $0 == old ? new : $0 }
    }
  }
}
