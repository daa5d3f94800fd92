import PostgresSyntax

extension CatalogBuilder {
  mutating func alterTable(_ statement: AlterTableStatement, _ whole: Statement) {
    guard let table = statement.relation.map(name) else { return }
    for command in statement.commands { alter(table, command.action, whole) }
  }

  private mutating func alter(
    _ table: RelationName, _ action: AlterTableCommand.Action, _ statement: Statement
  ) {
    switch action {
    case .addColumn(let definition, let allowsExisting):
      change(table) { builder, relation in
        if allowsExisting, relation.hasColumn(definition.name ?? "") { return }
        builder.addColumn(definition, to: &relation, statement)
      }
      guard let changed = catalog.relations[table] else { return }
      for child in catalog.inheritors(of: table) {
        change(child) { _, relation in relation.addColumns(of: changed) }
      }
    case .dropColumn(let column):
      for table in [table] + catalog.inheritors(of: table) {
        change(table) { _, relation in
          relation.columns.removeAll { $0.name == column }
          relation.keys.removeAll { $0.parts.contains(.column(column)) }
          relation.foreignKeys.removeAll { $0.columns.contains(column) }
        }
      }
    case .alterType(let column, let type): changeAll(column, of: table) { $0.type = type.name }
    case .setDefault(let column, let value):
      for table in [table] + catalog.inheritors(of: table) {
        change(table) { builder, relation in
          relation.change(column) { builder.set(default: value, of: &$0, statement) }
        }
      }
    case .setNotNull(let column): changeAll(column, of: table) { $0.isNotNull = true }
    case .dropNotNull(let column): changeAll(column, of: table) { $0.isNotNull = false }
    case .addIdentity(let column): addIdentity(column, table)
    case .dropIdentity(let column):
      change(column, of: table) {
        $0.hasDefault = false
        $0.isIdentity = false
        $0.sequence = nil
        $0.ownedSequence = nil
      }
    case .addConstraint(let definition):
      change(table) { $0.addConstraint(definition, column: nil, to: &$1) }
    case .alterConstraint(let definition): alter(definition, of: table)
    case .validateConstraint(let name):
      change(table) { _, relation in relation.unvalidated.remove(name) }
    case .dropConstraint(let name): dropConstraint(name, of: table)
    case .attachPartition(let child, let bound): attach(child, to: table, bound)
    case .detachPartition(let child, _): detach(child, from: table)
    case .addInherit(let parent): addParent(name(parent), to: table)
    case .dropInherit(let parent):
      let parent = name(parent)
      change(table) { _, relation in relation.parents.removeAll { $0 == parent } }
    case .clusterOn: change(table) { $1.isClustered = true }
    case .setRowSecurity(let isEnabled): change(table) { $1.hasRowSecurity = isEnabled }
    case .setTrigger(let trigger, let state): setTrigger(trigger, state, of: table)
    case .setIdentity, .tuneColumn, .finalizeDetach, .addType, .dropType, .dropCluster,
      .replicaIdentity, .changeOwner, .forceRowSecurity, .setRule, .setOptions, .replaceOptions,
      .setStorage, .other:
      break
    }
  }

  // MARK: Columns and constraints

  /// Changes a table if it is known, and makes the indexes that its keys then need.
  private mutating func change(
    _ table: RelationName, _ body: (inout CatalogBuilder, inout Catalog.Relation) -> Void
  ) {
    guard var relation = catalog.relations[table] else { return }
    body(&self, &relation)
    catalog.update(table) { $0 = relation }
    catalog.noteIndexes(of: relation)
  }

  private mutating func change(
    _ column: String, of table: RelationName, _ body: (inout Catalog.Column) -> Void
  ) {
    change(table) { _, relation in relation.change(column, body) }
  }

  /// Changes a column of a table and of its children, which have it as well.
  private mutating func changeAll(
    _ column: String, of table: RelationName, _ body: (inout Catalog.Column) -> Void
  ) {
    for table in [table] + catalog.inheritors(of: table) { change(column, of: table, body) }
  }

  private mutating func addIdentity(_ column: String, _ table: RelationName) {
    change(table) { builder, relation in
      let sequence = builder.createSequence(of: column, relation)
      relation.change(column) {
        $0.hasDefault = true
        $0.isNotNull = true
        $0.sequence = sequence
        $0.ownedSequence = sequence
        $0.isIdentity = true
      }
    }
  }

  private mutating func alter(_ definition: ConstraintDefinition, of table: RelationName) {
    change(table) { _, relation in
      for index in relation.foreignKeys.indices
      where relation.foreignKeys[index].name == definition.name {
        relation.foreignKeys[index].isDeferrable = definition.isDeferrable
        relation.foreignKeys[index].isInitiallyDeferred = definition.isInitiallyDeferred
      }
    }
  }

  private mutating func dropConstraint(_ name: String, of table: RelationName) {
    change(table) { builder, relation in
      relation.keys.removeAll { $0.name == name }
      relation.exclusions.removeAll { $0.name == name }
      relation.foreignKeys.removeAll { $0.name == name }
      relation.fixedColumns[name] = nil
      builder.catalog.removeIndex(RelationName(schema: table.schema, name: name))
    }
  }

  private mutating func setTrigger(
    _ name: String?, _ state: AlterTableCommand.TriggerState, of table: RelationName
  ) {
    let isEnabled: Bool
    switch state {
    case .enabled, .always: isEnabled = true
    case .disabled: isEnabled = false
    case .replica: return
    }
    change(table) { _, relation in
      for index in relation.triggers.indices
      where name == nil || relation.triggers[index].name == name {
        relation.triggers[index].isEnabled = isEnabled
      }
    }
  }

  // MARK: Parents

  private mutating func addParent(_ parent: RelationName, to table: RelationName) {
    change(table) { builder, relation in
      relation.parents.append(parent)
      builder.catalog.update(parent) { $0.hasChildren = true }
    }
  }

  private mutating func attach(
    _ reference: TableReference, to table: RelationName, _ bound: PartitionBoundSpecification?
  ) {
    let child = name(reference)
    guard let parent = catalog.relations[table] else {
      let index = RelationName(schema: table.schema, name: child.name)
      catalog.updateIndex(index) { $0.parent = table }
      return
    }
    guard child != table else { return }
    catalog.update(child) { child in
      child.parents = [table]
      child.bound = bound.map { PartitionBound($0) }
      // ATTACH makes the parent's keys where the partition has none such.
      child.inheritKeys(of: parent)
    }
  }

  private mutating func detach(_ reference: TableReference, from table: RelationName) {
    catalog.update(name(reference)) { child in
      child.parents.removeAll { $0 == table }
      child.bound = nil
      for index in child.foreignKeys.indices { child.foreignKeys[index].isInherited = false }
    }
  }
}

extension Catalog.Relation {
  /// Changes a column if there is one of that name.
  mutating func change(_ column: String?, _ body: (inout Catalog.Column) -> Void) {
    guard let index = self.columns.firstIndex(where: { $0.name == column }) else { return }
    body(&self.columns[index])
  }
}
