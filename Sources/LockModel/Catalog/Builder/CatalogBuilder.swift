package import PostgresSyntax

/// Applies DDL to a catalog, statement by statement.
package struct CatalogBuilder {
  /// What the statements so far have made.
  package var catalog: Catalog
  /// The schemas that names without one are looked up in.
  package var searchPath: [String] = CatalogBuilder.defaultSearchPath

  /// Whether what follows leads from one version to another, so that routines which other files define
  /// stay as these have them: they are kept for who begins with the newest version.
  package var isUpgrade = false

  /// The file of the statement that is applied.
  var file: ParsedFile?
  /// The statement that is applied.
  var statement: Statement?

  /// How many calls of routines are still gone into for the statement that is applied.
  var callsLeft = 0
  private static let callLimit = 64

  /// PostgreSQL's default, without the schema named like the user.
  package static let defaultSearchPath = ["public"]

  /// Goes on from a catalog.
  package init(catalog: Catalog = Catalog()) { self.catalog = catalog }

  /// Applies one statement; does nothing for statements that don't define anything.
  package mutating func apply(_ statement: Statement, in file: ParsedFile) {
    self.file = file
    self.statement = statement
    callsLeft = Self.callLimit
    if Self.mayDefine(statement.command) { catalog.version += 1 }
    apply(statement.command, statement)
  }

  /// Whether a statement is none of those that only read and write rows.
  static func mayDefine(_ command: SQLCommand) -> Bool {
    switch command {
    case .select(let query): query.intoTable != nil
    case .insert, .update, .delete, .merge, .copy, .transaction, .set, .do, .call: false
    case .createTable, .createTableAs, .createView, .createIndex, .createSequence, .createSchema,
      .createStatistics, .createType, .createFunction, .createTrigger, .createRule, .policy,
      .publication, .alterTable, .alterSequence, .alterDomain, .setSchema, .dependOnExtension,
      .rename, .drop, .comment, .reindex, .cluster, .vacuum, .refresh, .lock, .truncate, .explain,
      .prepare, .execute, .declareCursor, .fetch, .return, .setConstraints, .other:
      true
    }
  }

  mutating func apply(_ command: SQLCommand, _ statement: Statement) {
    switch command {
    case .createTable(let definition): createTable(definition, statement)
    case .createTableAs(let definition): createTableAs(definition, statement)
    case .select(let query):
      selectInto(query)
      runCalls(in: statement)
    case .call: runCalls(in: statement)
    case .createView(let definition): createView(definition, statement)
    case .createIndex(let definition): createIndex(definition)
    case .createSequence(let definition): createSequence(definition)
    case .createSchema(let definition): createSchema(definition, statement)
    case .createStatistics(let definition): createStatistics(definition)
    case .createType(let type):
      catalog.insert(Catalog.Relation(name: newName(type), kind: .compositeType))
    case .createFunction(let definition): createFunction(definition, statement)
    case .createTrigger(let definition): createTrigger(definition, statement)
    case .createRule(let definition): createRule(definition, statement)
    case .policy(let definition): createPolicy(definition, statement)
    case .publication(let definition): publish(definition)
    case .alterTable(let change): alterTable(change, statement)
    case .alterSequence(let change): alterSequence(change)
    case .setSchema(let change): setSchema(change)
    case .rename(let change): rename(change)
    case .drop(let change): drop(change)
    case .cluster(let table):
      if let table { catalog.update(name(table)) { $0.isClustered = true } }
    case .prepare(let query): prepare(query.query, as: query.name, statement)
    case .declareCursor(let cursor):
      if let name = cursor.name, let query = cursor.query {
        catalog.cursors[name] = RetainedNode(query, of: statement)
      }
    case .set(let setting): set(setting)
    case .do: runBlock(statement)
    case .insert, .update, .delete, .merge, .alterDomain, .dependOnExtension, .comment, .reindex,
      .vacuum, .refresh, .lock, .truncate, .copy, .explain, .execute, .fetch, .return,
      .transaction, .setConstraints, .other:
      break
    }
  }

  // MARK: Names

  /// The relation that a name means.
  package func name(_ reference: TableReference) -> RelationName {
    catalog.resolve(schema: reference.schema, name: reference.name, searchPath: searchPath)
  }

  /// The relation that a name means, which is written as a list of strings.
  func name(_ name: QualifiedName) -> RelationName {
    catalog.resolve(schema: name.schema, name: name.name, searchPath: searchPath)
  }

  /// The name of something new: it goes into the first schema of the path.
  func newName(_ reference: TableReference) -> RelationName {
    Self.newName(reference, searchPath: searchPath)
  }

  package static func newName(_ table: TableReference, searchPath: [String]) -> RelationName {
    if table.isTemporary { return RelationName(schema: "pg_temp", name: table.name) }
    return RelationName(
      schema: table.schema ?? searchPath.first ?? "public", name: table.name)
  }

  // MARK: Schemas, publications, settings

  private mutating func createSchema(
    _ definition: CreateSchemaStatement, _ statement: Statement
  ) {
    guard let schema = definition.name else { return }
    let path = searchPath
    searchPath = [schema] + path
    defer { searchPath = path }
    for element in definition.elements { apply(element, statement) }
  }

  private mutating func publish(_ definition: PublicationStatement) {
    guard let publication = definition.name else { return }
    let old = definition.action == .add ? catalog.publications[publication] : nil
    catalog.publications[publication] = (old ?? []) + definition.tables.map(name)
  }

  private mutating func prepare(_ query: Node?, as name: String?, _ statement: Statement) {
    guard let name, let query else { return }
    catalog.prepared[name] = RetainedNode(query, of: statement)
  }

  /// `SET search_path` and `set_config('search_path', …)` as dumps write it.
  private mutating func set(_ setting: SetStatement) {
    if setting.name == "check_function_bodies" {
      let value = setting.values.first?.lowercased()
      catalog.checksBodies = !["off", "false", "no", "0"].contains(value ?? "on")
    }
    guard setting.name == "search_path" else { return }
    guard setting.hasValue else {
      searchPath = Self.defaultSearchPath
      return
    }
    setSearchPath(setting.values)
  }

  mutating func setSearchPath(_ schemas: [String]) {
    let named = schemas.filter { $0 != "$user" && !$0.isEmpty && $0 != "pg_catalog" }
    searchPath = named.isEmpty ? Self.defaultSearchPath : named
  }
}
