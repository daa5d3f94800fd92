extension Catalog {
  /// An index of a partitioned table has one on each partition.
  mutating func createPartitionIndexes(
    of index: RelationName, on table: RelationName, _ parts: [UniqueKey.Part]
  ) {
    var parents = [table: index]
    for partition in partitions(of: table) {
      // Where a partition brings its own index, those of its partitions are there as well.
      let above = relations[partition]?.parents ?? []
      guard let parent = above.lazy.compactMap({ parents[$0] }).first else { continue }
      let own = indexes(of: partition).first { $0.parts == parts && $0.parent == nil }
      if let own {
        updateIndex(own.name) { $0.parent = parent }
        continue
      }
      let name = RelationName(schema: partition.schema, name: madeUpName(of: parts, partition))
      insert(
        Index(
          name: name, table: partition, parent: parent, parts: parts,
          number: nextNumber()))
      parents[partition] = name
    }
  }

  /// `ChooseIndexName` in PostgreSQL's `indexcmds.c`.
  func madeUpName(of parts: [UniqueKey.Part], _ table: RelationName) -> String {
    let columns = parts.map { part in
      if case .column(let name) = part { return name }
      return "expr"
    }
    let base = "\(table.name)_\(columns.joined(separator: "_"))_idx"
    var name = base
    var count = 0
    while indexes[RelationName(schema: table.schema, name: name)] != nil {
      count += 1
      name = "\(base)\(count)"
    }
    return name
  }

  /// Constraints have indexes of their name.
  mutating func noteIndexes(of relation: Relation) {
    for name in relation.keys.compactMap(\.name) {
      let index = RelationName(schema: relation.name.schema, name: name)
      guard indexes[index] == nil else { continue }
      insert(
        Index(name: index, table: relation.name, number: nextNumber()))
    }
  }

  /// The columns of the indexes that all rows of a table can be found in by equality, and of its
  /// keys; an expression is a column of no name.
  func wholeIndexes(of table: RelationName) -> [[String]] {
    let keys = relations[table]?.keys.filter(\.predicate.isEmpty).map(\.parts) ?? []
    return (keys + indexes(of: table).filter(\.findsAllRows).map(\.parts)).map { parts in
      parts.map { if case .column(let name) = $0 { name } else { "" } }
    }
  }
}
