extension RelationLockList {
  /// A foreign key goes, and with it the triggers on both of its tables: those of partitions have
  /// a key of their own, and go first.
  mutating func lockForDrop(of key: Catalog.ForeignKey, of child: RelationName) {
    lockForDrop(of: key, on: child)
    lockForDrop(of: key, on: key.parent)
  }

  /// One side of a foreign key that goes.
  mutating func lockForDrop(of key: Catalog.ForeignKey, on table: RelationName) {
    lockForDrop(below: table, number: key.number, reason: [.foreignKey(key.title)])
    lock(table, .accessExclusive, reason: [.foreignKey(key.title)])
  }

  /// Partitions whose part of something goes with that of their parent, the latest part first.
  mutating func lockForDrop(below table: RelationName, number: Int, reason: [Reason]) {
    for partition in context.catalog.partitions(of: table, havingPartOf: number).reversed() {
      lock(partition, .accessExclusive, reason: reason + [.partition(of: table)])
    }
  }
}

extension Catalog {
  /// The partitions of a table in the order in which they got their part of a key or trigger: those
  /// that were there when it was made in the order of their bounds, later ones as they were made.
  fileprivate func partitions(of table: RelationName, havingPartOf number: Int) -> [RelationName] {
    var found: [RelationName] = []
    var seen: Set<RelationName> = [table]
    var next = [table]
    while let current = next.popLast() {
      if current != table { found.append(current) }
      guard relations[current]?.isPartitioned ?? false else { continue }
      let children = children(of: current).filter { seen.insert($0.name).inserted }
      let older = children.filter { $0.number < number }
      let later = children.filter { $0.number >= number }.sorted { $0.isOlder(than: $1) }
      next += (older + later).map(\.name).reversed()
    }
    return found
  }

  /// The foreign keys whose rows can refer to those of a relation: to it, and to the tables that it
  /// is a partition of.
  func foreignKeys(reaching name: RelationName) -> [(child: RelationName, key: ForeignKey)] {
    var found = foreignKeys(to: name)
    var seen: Set<RelationName> = [name]
    var current = relations[name]
    while let partition = current, partition.bound != nil, let parent = partition.parent,
      seen.insert(parent).inserted
    {
      found += foreignKeys(to: parent)
      current = relations[parent]
    }
    return found
  }
}
