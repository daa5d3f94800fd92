import PostgresSyntax

/// The schema that the given DDL makes: relations, keys, triggers, functions.
///
/// A value; applying a statement gives the catalog after it.
package struct Catalog: Sendable {
  /// By name: tables, views, materialized views and sequences.
  package private(set) var relations: [RelationName: Relation] = [:]
  /// The names of functions that triggers call or have called.
  private var triggerFunctions: Set<String> = []
  /// Those of triggers on tables that nothing shows.
  private var strayTriggerFunctions: Set<String> = []
  /// Those that were there and are not any more, under that name.
  private var dropped: Set<RelationName> = []
  /// By name, those of constraints that have a name of their own included.
  package private(set) var indexes: [RelationName: Index] = [:]
  /// Whether reading one of the views takes more than locks on relations.
  var hasLockingViews = false
  /// By name without schema, with all overloads.
  package internal(set) var functions: [String: [Function]] = [:]
  /// Those of files that come later in the order of all, for names that nothing has defined yet: whoever
  /// calls them has run these files before.
  package var laterFunctions: [String: [Function]] = [:]
  /// The tables that extended statistics are of, by the statistics' name.
  var statistics: [String: RelationName] = [:]
  /// Queries that PREPARE has named.
  var prepared: [String: RetainedNode] = [:]
  /// Queries that DECLARE has named.
  var cursors: [String: RetainedNode] = [:]
  /// The tables of publications.
  var publications: [String: [RelationName]] = [:]
  /// Whether CREATE FUNCTION analyses bodies (`check_function_bodies`).
  var checksBodies = true
  /// The ways back from what relations and indexes name.
  private var links = CatalogLinks()
  /// The lock classes of relations with parents, as long as no relation has changed since they were listed.
  private var lockClasses: [RelationName: RelationName] = [:]
  /// Schemas that hold a relation of a name, for names that are written without one.
  private var schemasOfName: [String: Set<String>] = [:]
  /// Numbers relations in the order of their creation, as PostgreSQL's object ids do.
  private var counter = 0

  /// Tells catalogs of one history apart: each definition makes another.
  package internal(set) var version = 0

  /// An empty catalog.
  package init() {}

  /// The relation that a written name means, with the search path of that place.
  package func resolve(schema: String?, name: String, searchPath: [String]) -> RelationName {
    if let schema {
      let written = RelationName(schema: schema, name: name)
      // What was made without a schema may be there, by a search path that the text does not show.
      let made = RelationName(schema: "public", name: name)
      return relations[written] == nil && relations[made] != nil && schema != "pg_catalog"
        ? made : written
    }
    for schema in searchPath {
      let candidate = RelationName(schema: schema, name: name)
      if relations[candidate] != nil { return candidate }
    }
    // A name that only one schema has is meant, wherever the search path is set.
    if let schemas = schemasOfName[name], schemas.count == 1, let schema = schemas.first {
      return RelationName(schema: schema, name: name)
    }
    return RelationName(schema: searchPath.first ?? "public", name: name)
  }

  /// The relation that a name in a view's query means: as when the view was made, which was not
  /// there yet.
  func resolve(schema: String?, name: String, inside view: Relation) -> RelationName {
    let found = resolve(schema: schema, name: name, searchPath: view.searchPath)
    guard found == view.name, schema == nil else { return found }
    let others = view.searchPath.filter { $0 != view.name.schema } + ["public"]
    return others.map { RelationName(schema: $0, name: name) }
      .first { $0 != view.name && relations[$0] != nil }
      ?? RelationName(schema: "public", name: name)
  }

  /// Whether triggers have called a function, which nothing else can call then.
  func isOfTriggers(_ function: String) -> Bool { triggerFunctions.contains(function) }

  /// A trigger calls a function.
  mutating func noteTriggerFunction(_ name: String) { triggerFunctions.insert(name) }

  /// Whether a body is that of a function of triggers on tables that nothing shows.
  package func isOfStrayTriggers(_ body: ObjectIdentifier, of function: String) -> Bool {
    strayTriggerFunctions.contains(function)
      && (functions[function] ?? []).contains {
        $0.body.map(ObjectIdentifier.init) == body && $0.mayBeOfTriggers
      }
  }

  /// A trigger of a table that nothing shows calls a function.
  mutating func noteStrayTriggerFunction(_ name: String) { strayTriggerFunctions.insert(name) }

  /// Whether a relation was there and is not any more, so that nothing can lock it.
  package func isDropped(_ name: RelationName) -> Bool { dropped.contains(name) }

  /// The topmost partitioned table that a relation belongs to: rows of a partition are rows of it.
  package func lockClass(_ name: RelationName) -> RelationName {
    var current = name
    while let parent = relations[current]?.parent {
      if let known = lockClasses[current] { return known }
      current = parent
    }
    return current
  }

  /// Lists the lock classes, for a catalog that many are asked of: relations may have as many above
  /// them as there are.
  package mutating func listLockClasses() {
    for name in relations.keys {
      var path: [RelationName] = []
      var current = name
      while lockClasses[current] == nil, let parent = relations[current]?.parent {
        path.append(current)
        current = parent
      }
      let top = lockClasses[current] ?? current
      for below in path { lockClasses[below] = top }
    }
  }

  /// The next number in the order of creation.
  mutating func nextNumber() -> Int {
    counter += 1
    return counter
  }

  // MARK: Changes

  /// Adds a relation, in the place of another of its name.
  mutating func insert(_ relation: Relation) {
    var relation = relation
    if relation.number == 0 { relation.number = nextNumber() }
    if let old = relations[relation.name] { links.remove(old, in: relations) }
    leaveCircles(&relation)
    relations[relation.name] = relation
    dropped.remove(relation.name)
    schemasOfName[relation.name.name, default: []].insert(relation.name.schema)
    links.add(relation, in: relations)
    lockClasses = [:]
  }

  @discardableResult
  mutating func remove(_ name: RelationName) -> Relation? {
    guard let relation = relations[name] else { return nil }
    links.remove(relation, in: relations)
    relations[name] = nil
    lockClasses = [:]
    dropped.insert(name)
    schemasOfName[name.name]?.remove(name.schema)
    return relation
  }

  /// Changes a relation if it exists; its name stays.
  mutating func update(_ name: RelationName, _ change: (inout Relation) -> Void) {
    guard let old = relations[name] else { return }
    var relation = old
    change(&relation)
    guard CatalogLinks.differ(old, relation) else {
      relations[name] = relation
      return
    }
    links.remove(old, in: relations)
    leaveCircles(&relation)
    relations[name] = relation
    links.add(relation, in: relations)
    lockClasses = [:]
  }

  /// A table has one row at most.
  package mutating func markAsOneRow(_ name: RelationName) { update(name) { $0.hasOneRow = true } }

  /// Takes away parents that are below the relation: PostgreSQL refuses to make such a circle
  /// (`ATExecAddInherit` in `tablecmds.c`), so everybody may rely on there being none.
  private func leaveCircles(_ relation: inout Relation) {
    let name = relation.name
    let count = relation.parents.count
    relation.parents.removeAll { $0 == name || (links.hasChildren(name) && isBelow($0, name)) }
    if relation.parents.isEmpty, count > 0 { relation.bound = nil }
  }

  private func isBelow(_ name: RelationName, _ top: RelationName) -> Bool {
    var seen: Set<RelationName> = [name]
    var next = [name]
    while let current = next.popLast() {
      if current == top { return true }
      next += (relations[current]?.parents ?? []).filter { seen.insert($0).inserted }
    }
    return false
  }

  mutating func removeSchema(_ schema: String) {
    for name in relations.keys.filter({ $0.schema == schema }) { remove(name) }
    for name in indexes.keys.filter({ $0.schema == schema }) { removeIndex(name) }
  }

  /// Adds an index, in the place of another of its name.
  mutating func insert(_ index: Index) {
    removeIndex(index.name)
    indexes[index.name] = index
    links.add(index)
  }

  @discardableResult
  mutating func removeIndex(_ name: RelationName) -> Index? {
    guard let index = indexes.removeValue(forKey: name) else { return nil }
    links.remove(index)
    return index
  }

  /// Changes an index if it exists.
  mutating func updateIndex(_ name: RelationName, _ change: (inout Index) -> Void) {
    guard var index = removeIndex(name) else { return }
    change(&index)
    insert(index)
  }

  // MARK: Ways back

  /// The direct children of a relation: partitions in the order of their bounds, other children in
  /// that of their creation.
  package func children(of name: RelationName) -> [Relation] {
    links.children(of: name).compactMap { relations[$0] }
  }

  /// The partitions that have what no other partition has; PostgreSQL allows one.
  func defaultPartitions(of name: RelationName) -> [Relation] {
    // They come last.
    links.children(of: name).reversed().lazy.compactMap { relations[$0] }
      .prefix { $0.bound == .default }.reversed()
  }

  /// All levels of children, each in the order of creation.
  package func inheritors(of name: RelationName) -> [RelationName] {
    var found: [RelationName] = []
    var seen: Set<RelationName> = [name]
    var level = [name]
    while !level.isEmpty {
      level = level.flatMap { links.children(of: $0) }.filter { seen.insert($0).inserted }
        .compactMap { relations[$0] }.sorted { $0.isOlder(than: $1) }.map(\.name)
      found += level
    }
    return found
  }

  /// The partitions of a table and theirs, depth first in the order of their bounds.
  func partitions(of name: RelationName) -> [RelationName] {
    var found: [RelationName] = []
    var seen: Set<RelationName> = [name]
    var next = [name]
    while let current = next.popLast() {
      if current != name { found.append(current) }
      guard relations[current]?.isPartitioned ?? false else { continue }
      next += links.children(of: current).filter { seen.insert($0).inserted }.reversed()
    }
    return found
  }

  /// The foreign keys that refer to a relation, in the order of their creation; those that
  /// partitions have from their parent count once, with the parent.
  package func foreignKeys(to parent: RelationName) -> [(child: RelationName, key: ForeignKey)] {
    let children = links.referencing(parent).compactMap { relations[$0] }
    let found = children.flatMap { child in
      child.foreignKeys.enumerated().filter { $1.parent == parent && !$1.isInherited }
        .map { (child: child.name, key: $1, position: $0) }
    }
    // Keys that a partition kept after DETACH have the number of its parent's.
    return found.sorted {
      ($0.key.number, $0.child, $0.position) < ($1.key.number, $1.child, $1.position)
    }.map { ($0.child, $0.key) }
  }

  /// The indexes of a table, in the order of their creation.
  func indexes(of table: RelationName) -> [Index] {
    links.indexes(of: table).compactMap { indexes[$0] }.sorted { $0.isOlder(than: $1) }
  }

  /// The indexes of partitions that belong to an index, in the order of their creation.
  func indexes(under parent: RelationName) -> [Index] {
    links.indexes(under: parent).compactMap { indexes[$0] }.sorted { $0.isOlder(than: $1) }
  }

  /// The schemas that have an index of a name.
  func schemas(ofIndex name: String) -> [String] { links.schemas(ofIndex: name).sorted() }

  // MARK: Look-ups

  /// A function by its name and number of arguments; the last one defined when several fit.
  package func function(_ name: String, schema: String?, arguments: Int?) -> Function? {
    guard let overloads = overloads(of: name) else { return nil }
    var possible = overloads.filter { schema == nil || $0.name.schema == schema }
    // What was made without a schema may be there, by a search path that the text does not show.
    if possible.isEmpty { possible = overloads.filter { !$0.isSchemaWritten } }
    guard let arguments else { return possible.last }
    return possible.last { $0.accepts(arguments) } ?? (possible.count == 1 ? possible[0] : nil)
  }

  /// All functions of a name without schema.
  func overloads(of name: String) -> [Function]? { functions[name] ?? laterFunctions[name] }

  /// The function that a call means; among overloads the one whose parameters fit the literals.
  func function(_ call: FunctionCall) -> Function? {
    guard let overloads = overloads(of: call.name) else { return nil }
    let arguments = call.arguments
    if overloads.count > 1 {
      let fitting = overloads.last { overload in
        (call.schema == nil || overload.name.schema == call.schema)
          && overload.accepts(arguments.count) && overload.fits(arguments)
      }
      if let fitting { return fitting }
    }
    return function(call.name, schema: call.schema, arguments: arguments.count)
  }

  /// All tables, in the order of their creation.
  func tables() -> [Relation] {
    relations.values.filter { if case .table = $0.kind { true } else { false } }
      .sorted { $0.isOlder(than: $1) }
  }

  /// Views and tables with rules whose queries name a relation, latest first: the order in which
  /// PostgreSQL finds what depends on it (`findDependentObjects` in `dependency.c`).
  func views(on name: RelationName) -> [Relation] {
    links.dependents(of: name).compactMap { relations[$0] }.sorted { $1.isOlder(than: $0) }
  }

  /// Relations with a check, default, policy or index that calls a function, latest first.
  func users(ofFunction name: String) -> [RelationName] {
    relations.values.flatMap { relation -> [(Int, RelationName)] in
      if relation.isView || relation.isMaterializedView {
        return relation.isCalling(name) ? [(relation.number, relation.name)] : []
      }
      return relation.calls.filter { $0.function == name }.map { ($0.number, relation.name) }
    }.sorted { $0 > $1 }.map(\.1)
  }
}
