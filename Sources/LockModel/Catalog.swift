import PostgresSyntax

/// The schema that the given DDL makes: relations, keys, triggers, functions.
///
/// A value; applying a statement gives the catalog after it.
package struct Catalog: Sendable {
  /// By name: tables, views, materialized views and sequences.
  package internal(set) var relations: [RelationName: Relation] = [:]
  /// By name, those of constraints that have a name of their own included.
  package internal(set) var indexes: [RelationName: Index] = [:]
  /// Names of views with a locking clause in them: reading such a view locks rows.
  package internal(set) var lockingViews: Set<String> = []
  /// By name without schema, with all overloads.
  package internal(set) var functions: [String: [Function]] = [:]
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
  /// Tables with foreign keys to a table; some may have none any more.
  private var referencing: [RelationName: Set<RelationName>] = [:]
  /// Direct children by parent; some may have left it.
  private var inheriting: [RelationName: Set<RelationName>] = [:]
  /// Schemas that hold a relation of a name, for names that are written without one.
  private var schemasOfName: [String: Set<String>] = [:]
  /// Numbers relations in the order of their creation, as PostgreSQL's object ids do.
  private var counter = 0

  /// Tells catalogs of one history apart: each definition makes another.
  package internal(set) var version = 0

  package init() {}

  /// The relation that a written name means, with the search path of that place.
  package func resolve(schema: String?, name: String, searchPath: [String]) -> RelationName {
    if let schema { return RelationName(schema: schema, name: name) }
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

  /// The topmost partitioned table that a relation belongs to: rows of a partition are rows of it.
  package func lockClass(_ name: RelationName) -> RelationName {
    var current = name
    var seen: Set<RelationName> = [name]
    while let parent = relations[current]?.parent, seen.insert(parent).inserted { current = parent }
    return current
  }

  /// The next number in the order of creation.
  mutating func nextNumber() -> Int {
    counter += 1
    return counter
  }

  mutating func insert(_ relation: Relation) {
    var relation = relation
    if relation.number == 0 { relation.number = nextNumber() }
    relations[relation.name] = relation
    schemasOfName[relation.name.name, default: []].insert(relation.name.schema)
    note(relation.name)
  }

  /// Keeps the ways back from parents to children.
  private mutating func note(_ name: RelationName) {
    for key in relations[name]?.foreignKeys ?? [] {
      referencing[key.parent, default: []].insert(name)
    }
    for parent in relations[name]?.parents ?? [] { inheriting[parent, default: []].insert(name) }
  }

  @discardableResult
  mutating func remove(_ name: RelationName) -> Relation? {
    guard let relation = relations.removeValue(forKey: name) else { return nil }
    schemasOfName[name.name]?.remove(name.schema)
    return relation
  }

  /// Changes a relation if it exists.
  mutating func update(_ name: RelationName, _ change: (inout Relation) -> Void) {
    guard relations[name] != nil else { return }
    change(&relations[name]!)
    note(name)
  }

  mutating func removeSchema(_ schema: String) {
    for name in relations.keys where name.schema == schema { remove(name) }
  }

  // MARK: Ways back

  /// The direct children of a relation: partitions in the order of their bounds, other children in
  /// that of their creation.
  package func children(of name: RelationName) -> [Relation] {
    let children = (inheriting[name] ?? []).compactMap { relations[$0] }
      .filter { $0.parents.contains(name) }
    guard relations[name]?.isPartitioned ?? false else {
      return children.sorted { $0.number < $1.number }
    }
    return children.sorted { PartitionBound.precedes($0, $1) }
  }

  /// All levels of children, each in the order of creation.
  package func inheritors(of name: RelationName) -> [RelationName] {
    var found: [RelationName] = []
    var level = [name]
    while !level.isEmpty {
      level = level.flatMap { parent in
        (inheriting[parent] ?? []).compactMap { relations[$0] }
          .filter { $0.parents.contains(parent) }
      }.sorted { $0.number < $1.number }.map(\.name).filter { !found.contains($0) }
      found += level
    }
    return found
  }

  /// The foreign keys that refer to a relation, in the order of their creation; those that
  /// partitions have from their parent count once, with the parent.
  package func foreignKeys(to parent: RelationName) -> [(child: RelationName, key: ForeignKey)] {
    var found: [(child: RelationName, key: ForeignKey)] = []
    for child in referencing[parent] ?? [] {
      for key in relations[child]?.foreignKeys ?? [] where key.parent == parent && !key.isInherited
      {
        found.append((child, key))
      }
    }
    return found.sorted { $0.key.number < $1.key.number }
  }

  /// Whether writing a relation can write the rows of others.
  func cascades(from parent: RelationName) -> Bool {
    referencing[parent]?.contains { child in
      relations[child]?.foreignKeys.contains { key in
        key.parent == parent
          && (["c", "n", "d"].contains(key.onDelete) || ["c", "n", "d"].contains(key.onUpdate))
      } ?? false
    } ?? false
  }

  /// A function by its name and number of arguments; the last one defined when several fit.
  package func function(_ name: String, schema: String?, arguments: Int?) -> Function? {
    guard let overloads = functions[name] else { return nil }
    let possible = overloads.filter { schema == nil || $0.name.schema == schema }
    guard let arguments else { return possible.last }
    return possible.last { $0.accepts(arguments) } ?? (possible.count == 1 ? possible[0] : nil)
  }

  /// The function that a call means; among overloads the one whose parameters fit the literals.
  func function(_ call: FunctionCall) -> Function? {
    guard let overloads = functions[call.name] else { return nil }
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
      .sorted { $0.number < $1.number }
  }

  /// Views and tables with rules whose queries name a relation, latest first: the order in which
  /// PostgreSQL finds what depends on it (`findDependentObjects` in `dependency.c`).
  func views(on name: RelationName) -> [Relation] {
    relations.values.filter { $0.dependencies.contains(name) }.sorted { $0.number > $1.number }
  }

  /// Relations with a check, default, policy or index that calls a function, latest first.
  func users(ofFunction name: String) -> [RelationName] {
    relations.values.flatMap { relation -> [(Int, RelationName)] in
      if relation.isView || relation.isMaterializedView {
        return relation.isCalling(name) ? [(relation.number, relation.name)] : []
      }
      return relation.calls.filter { $0.function == name }.map { ($0.number, relation.name) }
    }.sorted { $0.0 > $1.0 }.map(\.1)
  }
}
