import PostgresSyntax

extension CatalogBuilder {
  mutating func rename(_ node: Node) {
    guard let new = node.string(.newname) else { return }
    let old = node.string(.subname) ?? ""
    guard let table = name(node.child(.relation)) else { return }
    switch node.string(.renameType) {
    case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE":
      move(table, to: RelationName(schema: table.schema, name: new))
      renameIndex(table, to: new)
    case "OBJECT_COLUMN": renameColumn(old, to: new, of: table)
    case "OBJECT_TABCONSTRAINT":
      renameIndex(RelationName(schema: table.schema, name: old), to: new)
      catalog.update(table) { relation in
        for index in relation.foreignKeys.indices where relation.foreignKeys[index].name == old {
          relation.foreignKeys[index].name = new
        }
      }
    case "OBJECT_INDEX": renameIndex(table, to: new)
    case "OBJECT_TRIGGER":
      catalog.update(table) { relation in
        for index in relation.triggers.indices where relation.triggers[index].name == old {
          relation.triggers[index].name = new
        }
      }
    case "OBJECT_RULE":
      catalog.update(table) { relation in
        for index in relation.rules.indices where relation.rules[index].name == old {
          relation.rules[index].name = new
        }
        relation.rules.sort { $0.name < $1.name }
      }
    default: break
    }
  }

  private mutating func renameIndex(_ old: RelationName, to new: String) {
    guard var index = catalog.indexes.removeValue(forKey: old) else { return }
    index.name = RelationName(schema: old.schema, name: new)
    catalog.indexes[index.name] = index
    catalog.update(index.table) { relation in
      for position in relation.keys.indices where relation.keys[position].name == old.name {
        relation.keys[position].name = new
      }
    }
  }

  private mutating func renameColumn(_ old: String, to new: String, of table: RelationName) {
    catalog.update(table) { relation in
      for index in relation.columns.indices where relation.columns[index].name == old {
        relation.columns[index].name = new
      }
      for index in relation.keys.indices {
        relation.keys[index].parts = relation.keys[index].parts.map {
          $0 == .column(old) ? .column(new) : $0
        }
      }
      for index in relation.foreignKeys.indices {
        relation.foreignKeys[index].columns = relation.foreignKeys[index].columns.map {
          $0 == old ? new : $0
        }
      }
    }
    for (child, _) in catalog.foreignKeys(to: table) {
      catalog.update(child) { relation in
        for index in relation.foreignKeys.indices
        where relation.foreignKeys[index].parent == table {
          relation.foreignKeys[index].parentColumns = relation.foreignKeys[index].parentColumns
            .map { $0 == old ? new : $0 }
        }
      }
    }
    for child in catalog.children(of: table) { renameColumn(old, to: new, of: child.name) }
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
    for index in catalog.indexes.values where index.table == old {
      catalog.indexes[index.name]?.table = new
    }
  }

  mutating func setSchema(_ node: Node) {
    guard let schema = node.string(.newschema), let old = name(node.child(.relation)) else {
      return
    }
    move(old, to: RelationName(schema: schema, name: old.name))
  }
}
