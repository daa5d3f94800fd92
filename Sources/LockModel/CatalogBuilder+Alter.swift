import PostgresSyntax

extension CatalogBuilder {
  mutating func alterTable(_ node: Node, _ statement: Statement) {
    guard let table = name(node.child(.relation)) else { return }
    for command in node.list(.cmds) where command.tag == .AlterTableCmd {
      if alterPartition(table, command) { continue }
      alter(table, command, statement)
    }
  }

  private mutating func alter(_ table: RelationName, _ command: Node, _ statement: Statement) {
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
      addColumn(definition, to: &relation, statement)
    case "AT_DropColumn":
      relation.columns.removeAll { $0.name == column }
      relation.keys.removeAll { $0.parts.contains(.column(column)) }
      relation.foreignKeys.removeAll { $0.columns.contains(column) }
    case "AT_SetNotNull": change { $0.isNotNull = true }
    case "AT_DropNotNull": change { $0.isNotNull = false }
    case "AT_ColumnDefault": change { set(default: command.child(.def), of: &$0, statement) }
    case "AT_AddIdentity":
      let sequence = createSequence(of: column, relation)
      change {
        $0.hasDefault = true
        $0.isNotNull = true
        $0.sequence = sequence
      }
    case "AT_DropIdentity":
      change {
        $0.hasDefault = false
        $0.sequence = nil
      }
    case "AT_AlterColumnType":
      if let definition = command.child(.def) {
        change { $0.type = TypeName(definition.child(.typeName)).name }
      }
    case "AT_AddConstraint":
      if let definition = command.child(.def) {
        addConstraint(definition, column: nil, to: &relation)
      }
    case "AT_AlterConstraint":
      guard let definition = command.child(.def) else { return }
      for index in relation.foreignKeys.indices
      where relation.foreignKeys[index].name == definition.string(.conname) {
        relation.foreignKeys[index].isDeferrable = definition.flag(.deferrable)
        relation.foreignKeys[index].isInitiallyDeferred = definition.flag(.initdeferred)
      }
    case "AT_DropConstraint":
      relation.keys.removeAll { $0.name == column }
      relation.foreignKeys.removeAll { $0.name == column }
      catalog.indexes[RelationName(schema: table.schema, name: column)] = nil
    case "AT_AddInherit":
      if let parent = name(command.child(.def)) {
        relation.parents.append(parent)
        catalog.update(parent) { $0.hasChildren = true }
      }
    case "AT_DropInherit":
      let parent = name(command.child(.def))
      relation.parents.removeAll { $0 == parent }
    case "AT_ValidateConstraint": relation.unvalidated.remove(column)
    case "AT_ClusterOn": relation.isClustered = true
    case "AT_EnableRowSecurity": relation.hasRowSecurity = true
    case "AT_DisableRowSecurity": relation.hasRowSecurity = false
    case "AT_DisableTrig": setTriggers(of: &relation, enabled: false) { $0.name == column }
    case "AT_DisableTrigAll", "AT_DisableTrigUser":
      setTriggers(of: &relation, enabled: false) { _ in true }
    case "AT_EnableTrig", "AT_EnableAlwaysTrig":
      setTriggers(of: &relation, enabled: true) { $0.name == column }
    case "AT_EnableTrigAll", "AT_EnableTrigUser":
      setTriggers(of: &relation, enabled: true) { _ in true }
    default: return
    }
    catalog.update(table) { $0 = relation }
    noteIndexes(of: relation)
  }

  private func setTriggers(
    of relation: inout Catalog.Relation, enabled: Bool, where matches: (Catalog.Trigger) -> Bool
  ) {
    for index in relation.triggers.indices where matches(relation.triggers[index]) {
      relation.triggers[index].isEnabled = enabled
    }
  }

  /// ATTACH and DETACH; whether the command is one of them.
  private mutating func alterPartition(_ table: RelationName, _ command: Node) -> Bool {
    let kind = command.string(.subtype)
    guard kind == "AT_AttachPartition" || kind == "AT_DetachPartition" else { return false }
    guard let definition = command.child(.def), let child = name(definition.child(.name)) else {
      return true
    }
    if kind == "AT_DetachPartition" {
      catalog.update(child) { child in
        child.parents.removeAll { $0 == table }
        child.bound = nil
        for index in child.foreignKeys.indices { child.foreignKeys[index].isInherited = false }
      }
      return true
    }
    guard let parent = catalog.relations[table] else {
      attachIndex(child, to: table)
      return true
    }
    catalog.update(child) { child in
      child.parents = [table]
      child.bound = PartitionBound(definition.child(.bound))
      // ATTACH makes the parent's keys where the partition has none such.
      Self.inheritKeys(of: parent, into: &child)
    }
    return true
  }

  private mutating func attachIndex(_ child: RelationName, to parent: RelationName) {
    let name = RelationName(schema: parent.schema, name: child.name)
    guard catalog.indexes[name] != nil else { return }
    catalog.indexes[name]?.parent = parent
  }
}
