import Algorithms
import PostgresSyntax

/// The ways back: from what relations and indexes name to those that name it.
///
/// Kept with every change, so that nobody has to look through the whole catalog.
struct CatalogLinks: Sendable {
  /// Tables with foreign keys to a table.
  private var referencing: [RelationName: Set<RelationName>] = [:]
  /// Direct children, in the order of their bounds or of their creation.
  private var inheriting: [RelationName: [RelationName]] = [:]
  /// Views and tables with rules that name a relation.
  private var depending: [RelationName: Set<RelationName>] = [:]
  private var indexesByTable: [RelationName: Set<RelationName>] = [:]
  private var indexesByParent: [RelationName: Set<RelationName>] = [:]
  /// Schemas that hold an index of a name.
  private var indexSchemas: [String: Set<String>] = [:]

  func referencing(_ parent: RelationName) -> Set<RelationName> { referencing[parent] ?? [] }
  func children(of parent: RelationName) -> [RelationName] { inheriting[parent] ?? [] }
  func hasChildren(_ parent: RelationName) -> Bool { !(inheriting[parent] ?? []).isEmpty }
  func dependents(of name: RelationName) -> Set<RelationName> { depending[name] ?? [] }
  func indexes(of table: RelationName) -> Set<RelationName> { indexesByTable[table] ?? [] }
  func indexes(under parent: RelationName) -> Set<RelationName> { indexesByParent[parent] ?? [] }

  func schemas(ofIndex name: String) -> Set<String> { indexSchemas[name] ?? [] }

  /// Whether two versions of a relation name different ones, or have another place among the
  /// children of their parents.
  static func differ(_ left: Catalog.Relation, _ right: Catalog.Relation) -> Bool {
    left.parents != right.parents || left.bound != right.bound || left.number != right.number
      || left.dependencies != right.dependencies
      || left.foreignKeys.map(\.parent) != right.foreignKeys.map(\.parent)
  }

  // MARK: Relations

  /// Notes what a relation names; it is among `relations` itself.
  mutating func add(_ relation: Catalog.Relation, in relations: [RelationName: Catalog.Relation]) {
    for key in relation.foreignKeys { referencing[key.parent, default: []].insert(relation.name) }
    for name in relation.dependencies { depending[name, default: []].insert(relation.name) }
    for parent in Set(relation.parents) {
      let place = place(of: relation, under: parent, in: relations)
      inheriting[parent, default: []].insert(relation.name, at: place)
    }
  }

  /// Forgets what a relation names; it is still among `relations` as it was noted.
  mutating func remove(
    _ relation: Catalog.Relation, in relations: [RelationName: Catalog.Relation]
  ) {
    for key in relation.foreignKeys { referencing[key.parent]?.remove(relation.name) }
    for name in relation.dependencies { depending[name]?.remove(relation.name) }
    for parent in Set(relation.parents) {
      let place = place(of: relation, under: parent, in: relations)
      inheriting[parent]?.remove(at: place)
    }
  }

  /// Where a child is, or has to come, among its siblings.
  private func place(
    of child: Catalog.Relation, under parent: RelationName,
    in relations: [RelationName: Catalog.Relation]
  ) -> Int {
    (inheriting[parent] ?? []).partitioningIndex { sibling in
      !(relations[sibling].map { PartitionBound.precedes($0, child) } ?? false)
    }
  }

  // MARK: Indexes

  mutating func add(_ index: Catalog.Index) {
    indexSchemas[index.name.name, default: []].insert(index.name.schema)
    indexesByTable[index.table, default: []].insert(index.name)
    if let parent = index.parent { indexesByParent[parent, default: []].insert(index.name) }
  }

  mutating func remove(_ index: Catalog.Index) {
    indexSchemas[index.name.name]?.remove(index.name.schema)
    indexesByTable[index.table]?.remove(index.name)
    if let parent = index.parent { indexesByParent[parent]?.remove(index.name) }
  }
}

extension Catalog.Relation {
  /// Whether it was made before another one.
  func isOlder(than other: Catalog.Relation) -> Bool {
    (self.number, self.name) < (other.number, other.name)
  }
}

extension Catalog.Index {
  /// Whether it was made before another one.
  func isOlder(than other: Catalog.Index) -> Bool { (number, name) < (other.number, other.name) }
}
