import PostgresSyntax

/// What a write of a table's rows sets off, told from the catalog alone.
extension Catalog {
  /// The foreign keys of a table, with those that the tables got that it is a partition of.
  func foreignKeys(of relation: Relation) -> [ForeignKey] {
    var found = relation.foreignKeys
    var part = relation
    while part.bound != nil, let parent = part.parent.flatMap({ relations[$0] }) {
      found += parent.foreignKeys.filter { key in
        !found.contains { $0.columns == key.columns && $0.parent == key.parent }
      }
      part = parent
    }
    return found
  }

  /// The foreign keys that refer to a table or to one that it is a partition of.
  func referencing(_ table: RelationName) -> [(child: RelationName, key: ForeignKey)] {
    var found = foreignKeys(to: table)
    var name = table
    while let relation = relations[name], relation.bound != nil, let parent = relation.parent {
      found += foreignKeys(to: parent)
      name = parent
    }
    return found.sorted { $0.key.number < $1.key.number }
  }

  /// Whether anything happens beside a write, so that its values need to be known.
  func hasEffects(_ table: RelationName, _ kind: WriteKind) -> Bool {
    guard let relation = relations[table] else { return false }
    return !relation.triggers.isEmpty || !relation.rules.isEmpty || !relation.foreignKeys.isEmpty
      || relation.bound != nil || kind != .insert && !foreignKeys(to: table).isEmpty
  }

  /// The columns of unique keys that could be referenced.
  func keyColumns(of name: RelationName) -> Set<String> {
    guard let definition = relations[name] else { return ["id"] }
    return Set(definition.keys.filter(\.predicate.isEmpty).compactMap(\.columns).joined())
  }

  /// The mode of an UPDATE: FOR UPDATE when it changes a column of a unique key that could be
  /// referenced, else FOR NO KEY UPDATE (`HeapDetermineColumnsInfo` in PostgreSQL's `heapam.c`;
  /// the key attributes are those of unique, immediate or deferrable indexes without predicate and
  /// expressions).
  func updateMode(of name: RelationName, _ changed: some Sequence<String>) -> RowLockMode {
    guard let definition = relations[name] else {
      return changed.contains("id") ? .forUpdate : .forNoKeyUpdate
    }
    let keys = definition.keys.filter { $0.predicate.isEmpty && $0.hasOnlyColumns }
    return changed.contains { name in keys.contains { $0.parts.contains(.column(name)) } }
      ? .forUpdate : .forNoKeyUpdate
  }
}

extension ResultTarget {
  /// `SET id = id` changes nothing.
  var isSameValue: Bool {
    guard let value, case .column(let names) = Expression(value) else { return false }
    return names.last == name && names.first != "excluded"
  }
}
