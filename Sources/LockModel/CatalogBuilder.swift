package import PostgresSyntax

/// Applies DDL to a catalog, statement by statement.
package struct CatalogBuilder {
  /// What the statements so far have made.
  package var catalog: Catalog
  /// The schemas that names without one are looked up in.
  package var searchPath: [String] = CatalogBuilder.defaultSearchPath

  /// PostgreSQL's default, without the schema named like the user.
  package static let defaultSearchPath = ["public"]

  package init(catalog: Catalog = Catalog()) { self.catalog = catalog }

  /// Applies one statement; does nothing for statements that don't define anything.
  package mutating func apply(_ statement: Statement) {
    let node = statement.node
    switch node.tag {
    case .CreateStmt: createTable(node, statement)
    case .AlterTableStmt: alterTable(node)
    case .IndexStmt: createIndex(node)
    case .DropStmt: drop(node)
    case .RenameStmt: rename(node)
    case .AlterObjectSchemaStmt: setSchema(node)
    case .ViewStmt: createView(node, statement)
    case .CreateTableAsStmt: createTableAs(node)
    case .CreateFunctionStmt: createFunction(node, statement)
    case .CreateTrigStmt: createTrigger(node)
    case .VariableSetStmt: set(node)
    case .CreateSchemaStmt: createSchema(node, statement)
    case .SelectStmt: selectInto(node)
    default: break
    }
  }

  func name(_ reference: Node?) -> RelationName? {
    guard let reference else { return nil }
    let table = TableReference(reference)
    return catalog.resolve(schema: table.schema, name: table.name, searchPath: searchPath)
  }

  /// The name of something new: it goes into the first schema of the path.
  private func newName(_ reference: Node) -> RelationName {
    let table = TableReference(reference)
    if table.isTemporary { return RelationName(schema: "pg_temp", name: table.name) }
    return RelationName(
      schema: table.schema ?? searchPath.first ?? "public", name: table.name)
  }

  // MARK: Creating

  private mutating func createTable(_ node: Node, _ statement: Statement) {
    guard let reference = node.child(.relation) else { return }
    let name = newName(reference)
    if node.flag(.if_not_exists), catalog.relations[name] != nil { return }
    var relation = Catalog.Relation(name: name, kind: .table)
    relation.isTemporary = TableReference(reference).isTemporary
    relation.isPartitioned = node.child(.partspec) != nil
    for parent in node.list(.inhRelations) { inherit(from: parent, into: &relation, node: node) }
    for element in node.list(.tableElts) {
      switch element.tag {
      case .ColumnDef: addColumn(element, to: &relation)
      case .Constraint: addConstraint(element, column: nil, to: &relation)
      case .TableLikeClause: copy(like: element, into: &relation)
      default: break
      }
    }
    catalog.insert(relation)
    guard node.child(.partbound) == nil else { return }
    for parent in node.list(.inhRelations) {
      if let parent = self.name(parent) { catalog.update(parent) { $0.hasChildren = true } }
    }
  }

  private func inherit(from parent: Node, into relation: inout Catalog.Relation, node: Node) {
    guard let parentName = name(parent), let parent = catalog.relations[parentName] else { return }
    relation.columns += parent.columns.filter { !relation.hasColumn($0.name) }
    relation.parent = parentName
    if node.child(.partbound) != nil {
      relation.keys += parent.keys.map(Self.withoutName)
      relation.foreignKeys += parent.foreignKeys
    }
  }

  /// LIKE copies columns and NOT NULL; keys only where INCLUDING INDEXES or ALL says so.
  private func copy(like clause: Node, into relation: inout Catalog.Relation) {
    guard let sourceName = name(clause.child(.relation)),
      let source = catalog.relations[sourceName]
    else { return }
    relation.columns += source.columns
    // CREATE_TABLE_LIKE_INDEXES of PostgreSQL's parsenodes.h.
    if clause.int(.options) & (1 << 6) != 0 { relation.keys += source.keys.map(Self.withoutName) }
  }

  /// A copied key gets a name that PostgreSQL makes up.
  private static func withoutName(_ key: Catalog.UniqueKey) -> Catalog.UniqueKey {
    var key = key
    key.name = nil
    return key
  }

  func addColumn(_ node: Node, to relation: inout Catalog.Relation) {
    guard let name = node.string(.colname) else { return }
    let type = TypeName(node.child(.typeName))
    let isSerial = ["serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"]
      .contains(type.name)
    let column = Catalog.Column(
      name: name, type: type.isArray ? type.name + "[]" : type.name,
      isNotNull: isSerial || node.flag(.is_not_null), hasDefault: isSerial)
    if let index = relation.columns.firstIndex(where: { $0.name == name }) {
      relation.columns[index] = column
    } else {
      relation.columns.append(column)
    }
    for constraint in node.list(.constraints) {
      addConstraint(constraint, column: name, to: &relation)
    }
  }

  func addConstraint(_ node: Node, column: String?, to relation: inout Catalog.Relation) {
    func change(_ name: String?, _ body: (inout Catalog.Column) -> Void) {
      guard let index = relation.columns.firstIndex(where: { $0.name == name }) else { return }
      body(&relation.columns[index])
    }
    switch node.string(.contype) {
    case "CONSTR_NOTNULL": change(column) { $0.isNotNull = true }
    case "CONSTR_NULL": change(column) { $0.isNotNull = false }
    case "CONSTR_DEFAULT", "CONSTR_GENERATED": change(column) { $0.hasDefault = true }
    case "CONSTR_IDENTITY":
      change(column) {
        $0.hasDefault = true
        $0.isNotNull = true
      }
    case "CONSTR_PRIMARY": addKey(node, column: column, isPrimary: true, to: &relation)
    case "CONSTR_UNIQUE": addKey(node, column: column, isPrimary: false, to: &relation)
    case "CONSTR_FOREIGN": addForeignKey(node, column: column, to: &relation)
    case "CONSTR_ATTR_DEFERRABLE":
      if let last = relation.keys.indices.last { relation.keys[last].isDeferrable = true }
    default: break
    }
  }

  private func addKey(
    _ node: Node, column: String?, isPrimary: Bool, to relation: inout Catalog.Relation
  ) {
    var columns = node.list(.keys).compactMap { $0.string(.sval) }
    if let index = node.string(.indexname) {
      // ADD … USING INDEX: the index becomes the constraint's and takes its name.
      guard let position = relation.keys.firstIndex(where: { $0.name == index }) else { return }
      relation.keys[position].name = node.string(.conname) ?? index
      relation.keys[position].isPrimary = isPrimary
      relation.keys[position].isDeferrable = node.flag(.deferrable)
      columns = relation.keys[position].columns ?? []
    } else {
      if columns.isEmpty, let column { columns = [column] }
      guard !columns.isEmpty else { return }
      let suffix = isPrimary ? "pkey" : "\(columns.joined(separator: "_"))_key"
      relation.keys.append(
        Catalog.UniqueKey(
          name: node.string(.conname) ?? "\(relation.name.name)_\(suffix)",
          parts: columns.map { .column($0) }, predicate: [], isPrimary: isPrimary,
          nullsNotDistinct: node.flag(.nulls_not_distinct), isDeferrable: node.flag(.deferrable)))
    }
    guard isPrimary else { return }
    for index in relation.columns.indices where columns.contains(relation.columns[index].name) {
      relation.columns[index].isNotNull = true
    }
  }

  private func addForeignKey(
    _ node: Node, column: String?, to relation: inout Catalog.Relation
  ) {
    guard let parent = name(node.child(.pktable)) else { return }
    var columns = node.list(.fk_attrs).compactMap { $0.string(.sval) }
    if columns.isEmpty, let column { columns = [column] }
    let isSelf = parent == relation.name
    let parentKey =
      isSelf ? relation.primaryKey?.columns : catalog.relations[parent]?.primaryKey?.columns
    let parentColumns = node.list(.pk_attrs).compactMap { $0.string(.sval) }
    relation.foreignKeys.append(
      Catalog.ForeignKey(
        name: node.string(.conname)
          ?? "\(relation.name.name)_\(columns.joined(separator: "_"))_fkey",
        columns: columns, parent: parent,
        parentColumns: parentColumns.isEmpty ? parentKey ?? [] : parentColumns,
        onDelete: node.string(.fk_del_action) ?? "a", onUpdate: node.string(.fk_upd_action) ?? "a",
        isDeferrable: node.flag(.deferrable)))
  }

  private mutating func createIndex(_ node: Node) {
    guard node.flag(.unique), let table = name(node.child(.relation)) else { return }
    let index = node.string(.idxname)
    let parts: [Catalog.UniqueKey.Part] = node.list(.indexParams).map { part in
      let part = IndexPart(part)
      if let column = part.column { return .column(column) }
      return .expression(part.expression.map(Structure.text) ?? "")
    }
    let predicate = Expression.conjuncts(of: node.child(.whereClause)).map(Structure.condition)
    let key = Catalog.UniqueKey(
      name: index ?? "\(table.name)_idx", parts: parts, predicate: predicate,
      nullsNotDistinct: node.flag(.nulls_not_distinct))
    catalog.update(table) { relation in
      guard !relation.keys.contains(where: { $0.name == key.name }) else { return }
      relation.keys.append(key)
    }
  }

  private mutating func createView(_ node: Node, _ statement: Statement) {
    guard let reference = node.child(.view), let query = node.child(.query) else { return }
    var relation = Catalog.Relation(
      name: newName(reference), kind: .view(RetainedNode(query, of: statement)))
    let aliases = node.list(.aliases).compactMap { $0.string(.sval) }
    relation.columns = aliases.map {
      Catalog.Column(name: $0, type: "", isNotNull: false, hasDefault: false)
    }
    relation.isTemporary = TableReference(reference).isTemporary
    catalog.insert(relation)
    let locks = query.descendants.contains { node in
      node.tag == .LockingClause
        || (node.tag == .RangeVar && catalog.lockingViews.contains(TableReference(node).name))
    }
    if locks { catalog.lockingViews.insert(relation.name.name) }
  }

  private mutating func createTableAs(_ node: Node) {
    guard let into = node.child(.into), let reference = into.child(.rel) else { return }
    let isView = node.symbol(.objtype, is: "OBJECT_MATVIEW")
    createResult(
      reference, of: node.child(.query), kind: isView ? .materializedView : .table)
  }

  private mutating func selectInto(_ node: Node) {
    guard let into = node.child(.intoClause), let reference = into.child(.rel) else { return }
    createResult(reference, of: node, kind: .table)
  }

  private mutating func createResult(
    _ reference: Node, of query: Node?, kind: Catalog.Relation.Kind
  ) {
    let name = newName(reference)
    guard catalog.relations[name] == nil else { return }
    var relation = Catalog.Relation(name: name, kind: kind)
    relation.isTemporary = TableReference(reference).isTemporary
    if let query, query.tag == .SelectStmt {
      relation.columns = SelectStatement(node: query).targets.compactMap { target in
        guard let column = OutputColumn.name(of: target) else { return nil }
        return Catalog.Column(name: column, type: "", isNotNull: false, hasDefault: false)
      }
    }
    catalog.insert(relation)
  }

  private mutating func createSchema(_ node: Node, _ statement: Statement) {
    guard let schema = node.string(.schemaname) else { return }
    let path = searchPath
    searchPath = [schema] + path
    defer { searchPath = path }
    for element in node.list(.schemaElts) {
      switch element.tag {
      case .CreateStmt: createTable(element, statement)
      case .IndexStmt: createIndex(element)
      case .ViewStmt: createView(element, statement)
      default: break
      }
    }
  }

  private mutating func createFunction(_ node: Node, _ statement: Statement) {
    let names = node.list(.funcname).compactMap { $0.string(.sval) }
    guard let last = names.last else { return }
    var language = "sql"
    var volatility = Catalog.Function.Volatility.volatile
    for option in node.list(.options) {
      switch option.string(.defname) {
      case "language": language = option.child(.arg)?.string(.sval) ?? language
      case "volatility":
        switch option.child(.arg)?.string(.sval) {
        case "immutable": volatility = .immutable
        case "stable": volatility = .stable
        default: break
        }
      default: break
      }
    }
    catalog.functions[last] = Catalog.Function(
      name: RelationName(
        schema: names.count > 1 ? names[0] : searchPath.first ?? "public", name: last),
      language: language.lowercased(), volatility: volatility,
      definition: RetainedNode(node, of: statement))
  }

  private mutating func createTrigger(_ node: Node) {
    guard let table = name(node.child(.relation)), let name = node.string(.trigname) else { return }
    let trigger = Catalog.Trigger(
      name: name, function: Array(node.list(.funcname)).last?.string(.sval) ?? "",
      isRow: node.flag(.row), timing: node.int(.timing), events: node.int(.events))
    catalog.update(table) { relation in
      relation.triggers.removeAll { $0.name == name }
      relation.triggers.append(trigger)
    }
  }
}
