package import PostgresSyntax

/// The schema that the given DDL makes: relations, keys, functions.
///
/// A value; applying a statement gives the catalog after it.
package struct Catalog: Sendable {
  /// By name.
  package internal(set) var relations: [RelationName: Relation] = [:]
  /// Names of views with a locking clause in them: reading such a view locks rows.
  package internal(set) var lockingViews: Set<String> = []
  /// By name without schema; overloads share an entry, the last one wins.
  package internal(set) var functions: [String: Function] = [:]
  /// Schemas that hold a relation of a name, for names that are written without one.
  private var schemasOfName: [String: Set<String>] = [:]

  package init() {}

  /// A table, view or materialized view.
  package struct Relation: Sendable {
    package enum Kind: Sendable {
      case table
      case view(RetainedNode)
      case materializedView
    }
    package var name: RelationName
    package var kind: Kind
    package var columns: [Column] = []
    package var keys: [UniqueKey] = []
    package var foreignKeys: [ForeignKey] = []
    package var triggers: [Trigger] = []
    package var isTemporary = false
    /// The partitioned table or inheritance parent that it belongs to.
    package var parent: RelationName?
    package var isPartitioned = false
    /// Whether other tables inherit from it, whose rows its keys say nothing of.
    package var hasChildren = false

    package func column(_ name: String) -> Column? { columns.first { $0.name == name } }
    package func hasColumn(_ name: String) -> Bool { columns.contains { $0.name == name } }
    package var primaryKey: UniqueKey? { keys.first(where: \.isPrimary) }
  }

  package struct Column: Sendable {
    package var name: String
    package var type: String
    package var isNotNull: Bool
    /// The default, where there is one; serial and identity columns have one.
    package var hasDefault: Bool
  }

  /// A primary key, unique constraint or unique index.
  package struct UniqueKey: Sendable {
    package enum Part: Sendable, Hashable {
      case column(String)
      /// In canonical text.
      case expression(String)
    }
    package var name: String?
    package var parts: [Part]
    /// The predicate's parts, in canonical text; empty when the index is not partial.
    package var predicate: [String]
    package var isPrimary = false
    package var nullsNotDistinct = false
    package var isDeferrable = false

    /// Its columns, or nil when it has expressions.
    package var columns: [String]? {
      var result: [String] = []
      for part in parts {
        guard case .column(let name) = part else { return nil }
        result.append(name)
      }
      return result
    }
  }

  package struct ForeignKey: Sendable {
    package var name: String?
    package var columns: [String]
    package var parent: RelationName
    package var parentColumns: [String]
    package var onDelete: String
    package var onUpdate: String
    package var isDeferrable: Bool
  }

  package struct Trigger: Sendable {
    package var name: String
    package var function: String
    package var isRow: Bool
    package var timing: Int
    package var events: Int
  }

  package struct Function: Sendable {
    package enum Volatility: Sendable { case immutable, stable, volatile }
    package var name: RelationName
    package var language: String
    package var volatility: Volatility
    package var definition: RetainedNode
  }

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

  /// The topmost partitioned table that a relation belongs to: rows of a partition are rows of it.
  package func lockClass(_ name: RelationName) -> RelationName {
    var current = name
    var seen: Set<RelationName> = [name]
    while let parent = relations[current]?.parent, seen.insert(parent).inserted { current = parent }
    return current
  }

  mutating func insert(_ relation: Relation) {
    relations[relation.name] = relation
    schemasOfName[relation.name.name, default: []].insert(relation.name.schema)
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
  }

  mutating func removeSchema(_ schema: String) {
    for name in relations.keys where name.schema == schema { remove(name) }
  }
}
