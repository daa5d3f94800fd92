extension Catalog {
  /// Gives an index, and the key that it is of, another name.
  mutating func renameIndex(_ old: RelationName, to new: String) {
    guard var index = removeIndex(old) else { return }
    index.name = RelationName(schema: old.schema, name: new)
    insert(index)
    update(index.table) { relation in
      for position in relation.keys.indices where relation.keys[position].name == old.name {
        relation.keys[position].name = new
      }
    }
  }

  /// Children have the columns of their parents.
  mutating func renameColumn(_ old: String, to new: String, of table: RelationName) {
    for table in [table] + inheritors(of: table) {
      update(table) { $0.rename(old, to: new) }
      for child in Set(foreignKeys(to: table).map(\.child)) {
        update(child) { relation in
          for index in relation.foreignKeys.indices
          where relation.foreignKeys[index].parent == table {
            relation.foreignKeys[index].parentColumns = relation.foreignKeys[index].parentColumns
              .map { $0 == old ? new : $0 }
          }
        }
      }
    }
  }

  /// Gives a relation another name, wherever it is named.
  mutating func move(_ old: RelationName, to new: RelationName) {
    let children = children(of: old).map(\.name)
    let referencing = foreignKeys(to: old).map(\.child)
    guard var relation = remove(old) else { return }
    relation.name = new
    insert(relation)
    for child in children {
      update(child) { $0.parents = $0.parents.map { $0 == old ? new : $0 } }
    }
    for child in referencing + children {
      let child = child == old ? new : child
      update(child) { other in
        for index in other.foreignKeys.indices where other.foreignKeys[index].parent == old {
          other.foreignKeys[index].parent = new
        }
      }
    }
    for view in views(on: old) {
      update(view.name) {
        $0.dependencies = $0.dependencies.map { $0 == old ? new : $0 }
      }
    }
    for index in indexes(of: old) { updateIndex(index.name) { $0.table = new } }
    if relation.isSequence { moveUses(ofSequence: old, to: new) }
  }

  /// Triggers call a function by its new name.
  mutating func renameTriggerFunction(_ old: RelationName, to new: RelationName) {
    for table in tables(withTriggersCalling: old) {
      noteTriggerFunction(new.name)
      update(table) { relation in
        for index in relation.triggers.indices where relation.triggers[index].calls(old) {
          relation.triggers[index].function = new.name
          if relation.triggers[index].functionSchema != nil {
            relation.triggers[index].functionSchema = new.schema
          }
        }
      }
    }
  }

  /// Removes the triggers that call a function.
  mutating func dropTriggers(calling function: RelationName) {
    for table in tables(withTriggersCalling: function) {
      update(table) { $0.triggers.removeAll { $0.calls(function) } }
    }
  }

  private func tables(withTriggersCalling function: RelationName) -> [RelationName] {
    relations.values.filter { $0.triggers.contains { $0.calls(function) } }.map(\.name)
  }

  private mutating func moveUses(ofSequence old: RelationName, to new: RelationName) {
    let isUse = { (column: Catalog.Column) in column.sequence == old || column.ownedSequence == old
    }
    for table in relations.values where table.columns.contains(where: isUse) {
      update(table.name) { relation in
        for index in relation.columns.indices {
          if relation.columns[index].sequence == old { relation.columns[index].sequence = new }
          if relation.columns[index].ownedSequence == old {
            relation.columns[index].ownedSequence = new
          }
        }
      }
    }
  }
}

extension Catalog.Trigger {
  /// Whether it calls a function, as far as names tell.
  fileprivate func calls(_ function: RelationName) -> Bool {
    self.function == function.name
      && (functionSchema == nil || functionSchema == function.schema)
  }
}

extension Catalog.Relation {
  /// Renames a column, also in keys and foreign keys.
  fileprivate mutating func rename(_ old: String, to new: String) {
    for index in self.columns.indices where self.columns[index].name == old {
      self.columns[index].name = new
    }
    for index in self.keys.indices {
      self.keys[index].parts = self.keys[index].parts.map { $0 == .column(old) ? .column(new) : $0 }
    }
    for index in self.foreignKeys.indices {
      self.foreignKeys[index].columns = self.foreignKeys[index].columns.map { $0 == old ? new : $0 }
    }
  }
}
