import Diagnostics
import PostgresSyntax

/// The place of a query in a statement: what its names can mean.
struct QueryScope {
  let context: StatementContext
  /// The CTEs that are visible.
  private(set) var commonTables: [String: DerivedTable] = [:]
  /// The view whose query is looked into.
  private(set) var view: Catalog.Relation?
  /// How many views are being looked into, one inside the other.
  private(set) var viewDepth = 0

  init(_ context: StatementContext) { self.context = context }

  /// The CTE that a name means, if it means one.
  func commonTable(_ reference: TableReference) -> DerivedTable? {
    reference.schema == nil ? commonTables[reference.name] : nil
  }

  /// The scope in which a CTE can be seen as well.
  mutating func declare(_ name: String, _ table: DerivedTable) { commonTables[name] = table }

  /// The scope of a view's query.
  func inside(_ view: Catalog.Relation) -> QueryScope {
    var inner = self
    inner.commonTables = [:]
    inner.view = view
    inner.viewDepth += 1
    return inner
  }

  /// The relation that a name means in this place.
  func resolve(_ reference: TableReference) -> RelationName {
    guard let view else {
      return context.catalog.resolve(
        schema: reference.schema, name: reference.name, searchPath: context.searchPath)
    }
    return context.catalog.resolve(
      schema: reference.schema, name: reference.name, inside: view)
  }
}

/// A part of the model that looks at one kind of thing in one place of a statement.
protocol InScope {
  var scope: QueryScope { get }
}

extension InScope {
  var context: StatementContext { scope.context }
  var catalog: Catalog { context.catalog }

  /// What nobody else can lock: temporary tables and what belongs to the system.
  func isPrivate(_ name: RelationName) -> Bool {
    catalog.isTemporary(name) || catalog.isOfSystem(name)
  }
}
