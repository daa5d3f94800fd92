package import PostgresSyntax

/// Applies DDL to a catalog, statement by statement.
package struct CatalogBuilder {
  /// What the statements so far have made.
  package var catalog: Catalog
  /// The schemas that names without one are looked up in.
  package var searchPath: [String] = CatalogBuilder.defaultSearchPath

  /// The file of the statement that is applied.
  var file: ParsedFile?
  /// The statement that is applied.
  var statement: Statement?

  /// PostgreSQL's default, without the schema named like the user.
  package static let defaultSearchPath = ["public"]

  package init(catalog: Catalog = Catalog()) { self.catalog = catalog }

  /// Applies one statement; does nothing for statements that don't define anything.
  package mutating func apply(_ statement: Statement, in file: ParsedFile) {
    self.file = file
    if Self.mayDefine(statement.node) { catalog.version += 1 }
    apply(statement.node, statement)
  }

  /// Whether a statement is none of those that only read and write rows.
  private static func mayDefine(_ node: Node) -> Bool {
    switch node.tag {
    case .SelectStmt: node.has(.intoClause)
    case .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt, .CopyStmt, .TransactionStmt,
      .VariableSetStmt, .DoStmt, .CallStmt:
      false
    default: true
    }
  }

  private mutating func apply(_ node: Node, _ statement: Statement) {
    self.statement = statement
    switch node.tag {
    case .CreateStmt, .CreateForeignTableStmt: createTable(node, statement)
    case .AlterTableStmt: alterTable(node, statement)
    case .IndexStmt: createIndex(node)
    case .DropStmt: drop(node)
    case .RenameStmt: rename(node)
    case .AlterObjectSchemaStmt: setSchema(node)
    case .ViewStmt: createView(node, statement)
    case .CreateTableAsStmt: createTableAs(node, statement)
    case .CreateSeqStmt: createSequence(node)
    case .AlterSeqStmt: alterSequence(node)
    case .CreateFunctionStmt: createFunction(node, statement)
    case .CreateTrigStmt: createTrigger(node, statement)
    case .RuleStmt: createRule(node, statement)
    case .CreatePolicyStmt, .AlterPolicyStmt: createPolicy(node, statement)
    case .CreateStatsStmt: createStatistics(node)
    case .VariableSetStmt: set(node)
    case .CreateSchemaStmt: createSchema(node, statement)
    case .SelectStmt: selectInto(node)
    case .PrepareStmt: prepare(node, statement)
    case .DeclareCursorStmt:
      if let name = node.string(.portalname), let query = node.child(.query) {
        catalog.cursors[name] = RetainedNode(query, of: statement)
      }
    case .CompositeTypeStmt:
      guard let type = node.child(.typevar).flatMap({ newName($0) }) else { break }
      catalog.insert(Catalog.Relation(name: type, kind: .compositeType))
    case .CreatePublicationStmt, .AlterPublicationStmt: publish(node)
    case .ClusterStmt:
      if let table = name(node.child(.relation)) { catalog.update(table) { $0.isClustered = true } }
    default: break
    }
  }

  package func name(_ reference: Node?) -> RelationName? {
    guard let reference else { return nil }
    let table = TableReference(reference)
    return catalog.resolve(schema: table.schema, name: table.name, searchPath: searchPath)
  }

  /// The name of something new: it goes into the first schema of the path.
  func newName(_ reference: Node) -> RelationName {
    Self.newName(reference, searchPath: searchPath)
  }

  package static func newName(_ reference: Node, searchPath: [String]) -> RelationName {
    let table = TableReference(reference)
    if table.isTemporary { return RelationName(schema: "pg_temp", name: table.name) }
    return RelationName(
      schema: table.schema ?? searchPath.first ?? "public", name: table.name)
  }

  /// The name of something that is written as a list of strings.
  func name(_ parts: [String]) -> RelationName? {
    guard let last = parts.last else { return nil }
    return catalog.resolve(
      schema: parts.count > 1 ? parts[parts.count - 2] : nil, name: last, searchPath: searchPath)
  }

  private mutating func createSchema(_ node: Node, _ statement: Statement) {
    guard let schema = node.string(.schemaname) else { return }
    let path = searchPath
    searchPath = [schema] + path
    defer { searchPath = path }
    for element in node.list(.schemaElts) { apply(element, statement) }
  }

  private mutating func publish(_ node: Node) {
    guard let publication = node.string(.pubname) else { return }
    let tables = node.list(.pubobjects).compactMap { name($0.child(.pubtable)?.child(.relation)) }
    let old = node.symbol(.action, is: "AP_AddObjects") ? catalog.publications[publication] : nil
    catalog.publications[publication] = (old ?? []) + tables
  }

  private mutating func prepare(_ node: Node, _ statement: Statement) {
    guard let name = node.string(.name), let query = node.child(.query) else { return }
    catalog.prepared[name] = RetainedNode(query, of: statement)
  }

  /// `SET search_path` and `set_config('search_path', …)` as dumps write it.
  private mutating func set(_ node: Node) {
    if node.string(.name)?.lowercased() == "check_function_bodies" {
      let value = node.list(.args).first?.child(.sval)?.string(.sval)?.lowercased()
      catalog.checksBodies = !["off", "false", "no", "0"].contains(value ?? "on")
    }
    guard node.string(.name)?.lowercased() == "search_path" else { return }
    guard node.symbol(.kind, is: "VAR_SET_VALUE") else {
      searchPath = Self.defaultSearchPath
      return
    }
    let schemas = node.list(.args).compactMap { argument in
      argument.child(.sval)?.string(.sval) ?? argument.string(.sval)
    }
    setSearchPath(schemas)
  }

  mutating func setSearchPath(_ schemas: [String]) {
    let named = schemas.filter { $0 != "$user" && !$0.isEmpty && $0 != "pg_catalog" }
    searchPath = named.isEmpty ? Self.defaultSearchPath : named
  }
}
