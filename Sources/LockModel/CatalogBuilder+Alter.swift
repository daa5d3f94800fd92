import PostgresSyntax

extension CatalogBuilder {
  mutating func alterTable(_ node: Node) {
    guard let table = name(node.child(.relation)) else { return }
    for command in node.list(.cmds) where command.tag == .AlterTableCmd {
      alter(table, command)
    }
  }

  private mutating func alter(_ table: RelationName, _ command: Node) {
    guard var relation = catalog.relations[table] else { return }
    let column = command.string(.name) ?? ""
    func change(_ body: (inout Catalog.Column) -> Void) {
      guard let index = relation.columns.firstIndex(where: { $0.name == column }) else { return }
      body(&relation.columns[index])
    }
    switch command.string(.subtype) {
    case "AT_AddColumn":
      guard let definition = command.child(.def), let name = definition.string(.colname) else {
        return
      }
      if command.flag(.missing_ok), relation.hasColumn(name) { return }
      addColumn(definition, to: &relation)
    case "AT_DropColumn":
      relation.columns.removeAll { $0.name == column }
      relation.keys.removeAll { $0.parts.contains(.column(column)) }
      relation.foreignKeys.removeAll { $0.columns.contains(column) }
    case "AT_SetNotNull": change { $0.isNotNull = true }
    case "AT_DropNotNull": change { $0.isNotNull = false }
    case "AT_ColumnDefault": change { $0.hasDefault = command.child(.def) != nil }
    case "AT_AddIdentity":
      change {
        $0.hasDefault = true
        $0.isNotNull = true
      }
    case "AT_DropIdentity": change { $0.hasDefault = false }
    case "AT_AlterColumnType":
      if let definition = command.child(.def) {
        change { $0.type = TypeName(definition.child(.typeName)).name }
      }
    case "AT_AddConstraint":
      if let definition = command.child(.def) {
        addConstraint(definition, column: nil, to: &relation)
      }
    case "AT_DropConstraint":
      relation.keys.removeAll { $0.name == column }
      relation.foreignKeys.removeAll { $0.name == column }
    case "AT_AttachPartition":
      if let child = name(command.child(.def)?.child(.name)) {
        catalog.update(child) { child in
          child.parent = table
          // ATTACH makes the parent's keys where the partition has none such.
          for key in relation.keys where !child.keys.contains(where: { $0.parts == key.parts }) {
            child.keys.append(key)
          }
        }
      }
    case "AT_DetachPartition":
      if let child = name(command.child(.def)?.child(.name)) {
        catalog.update(child) { $0.parent = nil }
      }
    case "AT_AddInherit":
      if let parent = name(command.child(.def)) {
        relation.parent = parent
        catalog.update(parent) { $0.hasChildren = true }
      }
    case "AT_DropInherit": relation.parent = nil
    default: return
    }
    catalog.update(table) { $0 = relation }
  }

  mutating func drop(_ node: Node) {
    let type = node.string(.removeType)
    for object in node.list(.objects) {
      let names = object.list(.items).compactMap { $0.string(.sval) }
      let schema = names.count > 1 ? names[names.count - 2] : nil
      switch type {
      case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE":
        guard let last = names.last else { continue }
        dropRelation(catalog.resolve(schema: schema, name: last, searchPath: searchPath))
      case "OBJECT_INDEX":
        guard let last = names.last else { continue }
        dropIndex(last, schema: schema)
      case "OBJECT_SCHEMA":
        if let name = object.string(.sval) ?? names.last { catalog.removeSchema(name) }
      case "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE":
        let names = object.list(.objname).compactMap { $0.string(.sval) }
        if let last = names.last { catalog.functions[last] = nil }
      case "OBJECT_TRIGGER":
        guard names.count > 1, let trigger = names.last else { continue }
        let table = catalog.resolve(
          schema: names.count > 2 ? names[names.count - 3] : nil, name: names[names.count - 2],
          searchPath: searchPath)
        catalog.update(table) { $0.triggers.removeAll { $0.name == trigger } }
      default: break
      }
    }
  }

  /// Dropping a parent drops its partitions; foreign keys to it go as well.
  private mutating func dropRelation(_ name: RelationName) {
    guard catalog.remove(name) != nil else { return }
    for child in catalog.relations.values where child.parent == name { dropRelation(child.name) }
    for other in catalog.relations.values
    where other.foreignKeys.contains(where: { $0.parent == name }) {
      catalog.update(other.name) { $0.foreignKeys.removeAll { $0.parent == name } }
    }
  }

  private mutating func dropIndex(_ index: String, schema: String?) {
    for relation in catalog.relations.values
    where relation.keys.contains(where: { $0.name == index })
      && (schema == nil || schema == relation.name.schema)
    {
      catalog.update(relation.name) { $0.keys.removeAll { $0.name == index } }
    }
  }

  mutating func rename(_ node: Node) {
    guard let new = node.string(.newname) else { return }
    let old = node.string(.subname) ?? ""
    guard let table = name(node.child(.relation)) else { return }
    switch node.string(.renameType) {
    case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW":
      move(table, to: RelationName(schema: table.schema, name: new))
    case "OBJECT_COLUMN": renameColumn(old, to: new, of: table)
    case "OBJECT_TABCONSTRAINT":
      catalog.update(table) { relation in
        for index in relation.keys.indices where relation.keys[index].name == old {
          relation.keys[index].name = new
        }
      }
    case "OBJECT_INDEX":
      for relation in catalog.relations.values {
        guard let index = relation.keys.firstIndex(where: { $0.name == table.name }) else {
          continue
        }
        catalog.update(relation.name) { $0.keys[index].name = new }
      }
    default: break
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
    for child in catalog.relations.values where child.parent == table {
      renameColumn(old, to: new, of: child.name)
    }
  }

  private mutating func move(_ old: RelationName, to new: RelationName) {
    guard var relation = catalog.remove(old) else { return }
    relation.name = new
    catalog.insert(relation)
    for other in catalog.relations.values {
      let refers = other.parent == old || other.foreignKeys.contains { $0.parent == old }
      guard refers else { continue }
      catalog.update(other.name) { other in
        if other.parent == old { other.parent = new }
        for index in other.foreignKeys.indices where other.foreignKeys[index].parent == old {
          other.foreignKeys[index].parent = new
        }
      }
    }
  }

  mutating func setSchema(_ node: Node) {
    guard let schema = node.string(.newschema), let old = name(node.child(.relation)) else {
      return
    }
    move(old, to: RelationName(schema: schema, name: old.name))
  }

  /// `SET search_path` and `set_config('search_path', …)` as dumps write it.
  mutating func set(_ node: Node) {
    guard node.string(.name)?.lowercased() == "search_path" else { return }
    guard node.symbol(.kind, is: "VAR_SET_VALUE") else {
      searchPath = Self.defaultSearchPath
      return
    }
    let schemas = node.list(.args).compactMap { argument in
      argument.child(.sval)?.string(.sval) ?? argument.string(.sval)
    }
    setSearchPath(schemas)
  }

  mutating func setSearchPath(_ schemas: [String]) {
    let named = schemas.filter { $0 != "$user" && !$0.isEmpty && $0 != "pg_catalog" }
    searchPath = named.isEmpty ? Self.defaultSearchPath : named
  }
}
