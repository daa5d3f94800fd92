import PostgresSyntax

/// What depends on a relation and goes with it by CASCADE.
struct DependentLocks {
  private(set) var list: RelationLockList
  /// Views whose own views have been looked for.
  private var seen: Set<RelationName> = []

  private var catalog: Catalog { list.context.catalog }

  init(_ list: RelationLockList) { self.list = list }

  /// Views over a relation, and over those, depth first.
  mutating func dropViews(on name: RelationName, column: String? = nil) {
    var next = views(on: name)
    if let column { next.removeAll { !$0.mentions(column, of: name.name) } }
    while let view = next.popLast() {
      let isKnown = list.contains(view.name, .accessExclusive)
      list.lock(view.name, .accessExclusive, reason: [.view(view.name)])
      if !isKnown, seen.insert(view.name).inserted { next += views(on: view.name) }
    }
  }

  /// The views that name a relation, last one first.
  private func views(on name: RelationName) -> [Catalog.Relation] {
    catalog.views(on: name).filter { $0.isView || $0.isMaterializedView }.reversed()
  }

  /// Rules of tables that name a relation; their tables are locked when the rules go.
  mutating func dropRules(on name: RelationName) {
    for table in catalog.views(on: name) where !table.isView && !table.isMaterializedView {
      list.lock(table.name, .accessExclusive, reason: [.ruleOn(table.name)])
    }
  }

  /// The foreign keys of other tables go, with them the triggers on what they refer to.
  mutating func dropReferencing(_ name: RelationName) {
    let relation = catalog.relations[name]
    for parent in [name] + (relation?.bound != nil ? relation?.parents ?? [] : []) {
      for (child, key) in catalog.foreignKeys(to: parent).reversed() where child != name {
        list.lock(child, .accessExclusive, reason: [.foreignKey(key.title)])
        guard list.context.isPartitioned(child) else { continue }
        list.lockInheritors(of: child, .accessExclusive, reason: [.foreignKey(key.title)])
      }
    }
  }

  /// The foreign keys of a relation go, with them the triggers on the tables they refer to.
  mutating func dropForeignKeys(of name: RelationName) {
    for key in (catalog.relations[name]?.foreignKeys ?? []).reversed() where key.parent != name {
      list.lock(key.parent, .accessExclusive, reason: [.foreignKey(key.title)])
      guard list.context.isPartitioned(key.parent) else { continue }
      list.lockInheritors(of: key.parent, .accessExclusive, reason: [.foreignKey(key.title)])
    }
  }

  /// The sequences of a table's columns.
  mutating func dropSequences(of name: RelationName) { list.lockSequences(of: name) }

  /// The tables whose defaults take their values from a sequence.
  mutating func dropDefaults(of sequence: RelationName) {
    for table in catalog.relations.values.filter({ relation in
      relation.columns.contains { $0.sequence == sequence }
    }).sorted(by: { $0.isOlder(than: $1) }) {
      list.lock(table.name, .accessExclusive, reason: [.defaultCalling(sequence)])
    }
  }

  /// What calls a function, and the views over that.
  mutating func dropUsers(ofFunction function: String) {
    for user in catalog.users(ofFunction: function) {
      list.lock(user, .accessExclusive, reason: [.function(function)])
      dropViews(on: user)
    }
  }
}
