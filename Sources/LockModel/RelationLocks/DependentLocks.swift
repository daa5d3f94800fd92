import PostgresSyntax

/// What depends on a relation and goes with it.
///
/// PostgreSQL first looks for all that depends on what it drops and locks the relations among it
/// (`findDependentObjects` in `dependency.c`); then it drops one after another, and locks the tables
/// of foreign keys and rules as these go.
struct DependentLocks {
  private(set) var list: RelationLockList
  /// What has been found, in the order in which it goes.
  private var found: [RelationName] = []
  private var seen: Set<RelationName> = []

  private var catalog: Catalog { list.context.catalog }

  init(_ list: RelationLockList) { self.list = list }

  // MARK: Finding

  /// A relation with all that depends on it: its children and the sequences of its columns at once,
  /// then each child and view with what depends on that, the latest first.
  mutating func find(_ name: RelationName, cascades: Bool) {
    var next = [name]
    let first = found.count
    while let name = next.popLast() {
      guard seen.insert(name).inserted else { continue }
      found.append(name)
      let relation = catalog.relations[name]
      if let relation, relation.isView || relation.isMaterializedView {
        list.lock(name, .accessExclusive, reason: [.view(name)])
      }
      let children = catalog.children(of: name).filter { cascades || $0.bound != nil }
        .sorted { $0.isOlder(than: $1) }
      for child in children {
        list.lock(child.name, .accessExclusive, reason: [.partition(of: name)])
      }
      list.lockSequences(of: name)
      let views = cascades ? views(on: name) : []
      next += (children + views).sorted { $0.isOlder(than: $1) }.map(\.name)
    }
    found[first...].reverse()
  }

  /// Views over a relation, or over a column of it, and over those.
  mutating func findViews(on name: RelationName, column: String? = nil) {
    for view in views(on: name)
    where column.map({ view.mentions($0, of: name.name) }) ?? true {
      find(view.name, cascades: true)
    }
  }

  /// The views that name a relation, the latest first.
  private func views(on name: RelationName) -> [Catalog.Relation] {
    catalog.views(on: name).filter { $0.isView || $0.isMaterializedView }
  }

  // MARK: Dropping

  /// Drops what was found.
  mutating func drop(cascades: Bool) {
    for name in found {
      if cascades { dropRules(on: name) }
      dropForeignKeys(of: name, cascades: cascades)
      // What the default partition may have changes (`heap_drop_with_catalog` in `heap.c`).
      if let relation = catalog.relations[name], relation.bound != nil, let parent = relation.parent
      {
        list.lockDefault(of: parent)
      }
    }
    found = []
  }

  /// Rules of tables that name a relation; their tables are locked when the rules go.
  private mutating func dropRules(on name: RelationName) {
    for table in catalog.views(on: name) where !table.isView && !table.isMaterializedView {
      list.lock(table.name, .accessExclusive, reason: [.ruleOn(table.name)])
    }
  }

  /// The foreign keys of a table go, the latest first, and by CASCADE those that refer to it; with
  /// them the triggers on both tables. Those that a partition has from its parent stay with that.
  private mutating func dropForeignKeys(of name: RelationName, cascades: Bool) {
    guard let relation = catalog.relations[name] else { return }
    var keys = relation.bound == nil ? relation.foreignKeys.map { (child: name, key: $0) } : []
    if cascades { keys += catalog.foreignKeys(reaching: name) }
    for (child, key) in keys.sorted(by: { $0.key.number < $1.key.number }).reversed() {
      list.lockForDrop(of: key, of: child)
    }
  }

  /// The tables whose defaults take their values from a sequence, the latest first.
  mutating func dropDefaults(of sequence: RelationName) {
    for table in catalog.relations.values.filter({ relation in
      relation.columns.contains { $0.sequence == sequence }
    }).sorted(by: { $1.isOlder(than: $0) }) {
      list.lock(table.name, .accessExclusive, reason: [.defaultCalling(sequence)])
    }
  }

  // MARK: What uses something else

  /// What calls a function, and the views over that.
  mutating func dropUsers(ofFunction function: String) {
    for user in catalog.users(ofFunction: function) {
      list.lock(user, .accessExclusive, reason: [.function(function)])
      findViews(on: user)
    }
  }
}
