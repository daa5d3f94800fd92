import Diagnostics
import PostgresSyntax

/// What the locks of a statement on relations depend on beside its text.
struct TableLockContext {
  /// The statement's place.
  let range: SourceRange
  let catalog: Catalog
  /// The schemas that names without one are looked up in.
  var searchPath: [String]
  /// The body of the routine that the statement makes.
  var routine: RoutineBody?
  /// Names that stand for something else than a table.
  var shadowed: Set<String> = []

  /// The relation that a name means.
  func resolve(_ reference: TableReference) -> RelationName {
    catalog.resolve(schema: reference.schema, name: reference.name, searchPath: searchPath)
  }

  /// The relation that a name means, which is written as a list of strings.
  func resolve(_ name: QualifiedName) -> RelationName {
    catalog.resolve(schema: name.schema, name: name.name, searchPath: searchPath)
  }

  /// The index that a name means.
  func resolveIndex(_ name: QualifiedName) -> RelationName {
    resolveIndex(schema: name.schema, name: name.name)
  }

  /// The index that a name means.
  func resolveIndex(_ reference: TableReference) -> RelationName {
    resolveIndex(schema: reference.schema, name: reference.name)
  }

  private func resolveIndex(schema: String?, name: String) -> RelationName {
    let candidates = (schema.map { [$0] } ?? searchPath).map {
      RelationName(schema: $0, name: name)
    }
    return candidates.first { catalog.indexes[$0] != nil } ?? candidates.first
      ?? RelationName(schema: "public", name: name)
  }

  /// Whether a relation is a partitioned table.
  func isPartitioned(_ name: RelationName) -> Bool {
    catalog.relations[name]?.isPartitioned ?? false
  }
}
