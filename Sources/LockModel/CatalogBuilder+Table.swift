import PostgresSyntax

extension CatalogBuilder {
  mutating func createTable(_ node: Node, _ statement: Statement) {
    guard let reference = node.child(.relation) ?? node.child(.base)?.child(.relation) else {
      return
    }
    let body = node.child(.base) ?? node
    let name = newName(reference)
    if body.flag(.if_not_exists), catalog.relations[name] != nil { return }
    var relation = Catalog.Relation(name: name, kind: .table)
    relation.number = catalog.nextNumber()
    relation.isTemporary = TableReference(reference).isTemporary
    relation.partitioning = body.child(.partspec).map(Partitioning.init)
    relation.bound = PartitionBound(body.child(.partbound))
    relation.rowType = body.child(.ofTypename).map { TypeName($0).name }
    for parent in body.list(.inhRelations) {
      inherit(from: parent, into: &relation, isPartition: body.has(.partbound))
    }
    for element in body.list(.tableElts) {
      switch element.tag {
      case .ColumnDef: addColumn(element, to: &relation, statement)
      case .Constraint: addConstraint(element, column: nil, to: &relation)
      case .TableLikeClause: copy(like: element, into: &relation)
      default: break
      }
    }
    catalog.insert(relation)
    noteIndexes(of: relation)
    guard body.child(.partbound) == nil else { return }
    for parent in relation.parents { catalog.update(parent) { $0.hasChildren = true } }
  }

  private func inherit(
    from parent: Node, into relation: inout Catalog.Relation, isPartition: Bool
  ) {
    guard let parentName = name(parent) else { return }
    relation.parents.append(parentName)
    guard let parent = catalog.relations[parentName] else { return }
    relation.columns += parent.columns.filter { !relation.hasColumn($0.name) }
    if isPartition { Self.inheritKeys(of: parent, into: &relation) }
  }

  /// A partition has its parent's keys, foreign keys and row triggers.
  static func inheritKeys(of parent: Catalog.Relation, into child: inout Catalog.Relation) {
    for key in parent.keys where !child.keys.contains(where: { $0.parts == key.parts }) {
      child.keys.append(withoutName(key))
    }
    child.foreignKeys += parent.foreignKeys.map { key in
      var key = key
      key.isInherited = true
      return key
    }
    let names = Set(child.triggers.map(\.name))
    child.triggers += parent.triggers.filter { $0.isRow && !names.contains($0.name) }
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

  mutating func addColumn(
    _ node: Node, to relation: inout Catalog.Relation, _ statement: Statement
  ) {
    guard let name = node.string(.colname) else { return }
    let type = TypeName(node.child(.typeName))
    let isSerial = ["serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"]
      .contains(type.name)
    var column = Catalog.Column(
      name: name, type: type.isArray ? type.name + "[]" : type.name,
      isNotNull: isSerial || node.flag(.is_not_null), hasDefault: isSerial)
    let isIdentity = node.list(.constraints).contains { $0.symbol(.contype, is: "CONSTR_IDENTITY") }
    if isSerial || isIdentity {
      column.sequence = createSequence(of: name, relation)
      column.hasDefault = true
    }
    for constraint in node.list(.constraints)
    where constraint.symbol(.contype, is: "CONSTR_DEFAULT") {
      set(default: constraint.child(.raw_expr), of: &column, statement)
      if let value = constraint.child(.raw_expr) { noteCalls(in: value, of: &relation) }
    }
    if let index = relation.columns.firstIndex(where: { $0.name == name }) {
      relation.columns[index] = column
    } else {
      relation.columns.append(column)
    }
    for constraint in node.list(.constraints) {
      addConstraint(constraint, column: name, to: &relation)
    }
  }

  /// Notes a default; `nextval` of a literal names a sequence.
  func set(
    default value: Node?, of column: inout Catalog.Column, _ statement: Statement
  ) {
    column.hasDefault = value != nil
    column.sequence = nil
    column.defaultValue = nil
    guard let value else { return }
    if case .call(let call) = Expression(Expression.withoutCasts(value)), call.name == "nextval",
      let argument = call.arguments.first, case .string(let text)? = Literal(argument)
    {
      column.sequence = name(SequenceFunction.parts(of: text))
    } else if value.tag == .FuncCall || value.descendants.contains(where: { $0.tag == .FuncCall }) {
      column.defaultValue = RetainedNode(value, of: statement)
    }
  }

  /// Keeps a check that calls functions.
  private mutating func noteCheck(_ expression: Node?, of relation: inout Catalog.Relation) {
    guard let expression, let statement else { return }
    noteCalls(in: expression, of: &relation)
    if Self.calls(in: expression).isEmpty { return }
    relation.checks.append(RetainedNode(expression, of: statement))
  }

  /// Notes the functions that a part of a relation calls.
  mutating func noteCalls(in node: Node, of relation: inout Catalog.Relation) {
    for name in Self.calls(in: node) {
      relation.calls.append(.init(function: name, number: catalog.nextNumber()))
    }
  }

  private static func calls(in node: Node) -> [String] {
    ([node] + node.descendants).filter { $0.tag == .FuncCall }
      .map { FunctionCall(node: $0).name }
  }

  mutating func addConstraint(
    _ node: Node, column: String?, to relation: inout Catalog.Relation
  ) {
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
    case "CONSTR_CHECK":
      if node.flag(.skip_validation), let name = node.string(.conname) {
        relation.unvalidated.insert(name)
      }
      noteCheck(node.child(.raw_expr), of: &relation)
    case "CONSTR_PRIMARY": addKey(node, column: column, isPrimary: true, to: &relation)
    case "CONSTR_UNIQUE": addKey(node, column: column, isPrimary: false, to: &relation)
    case "CONSTR_FOREIGN": addForeignKey(node, column: column, to: &relation)
    case "CONSTR_ATTR_DEFERRABLE":
      if let last = relation.keys.indices.last, relation.foreignKeys.isEmpty {
        relation.keys[last].isDeferrable = true
      }
      if let last = relation.foreignKeys.indices.last {
        relation.foreignKeys[last].isDeferrable = true
      }
    case "CONSTR_ATTR_DEFERRED":
      if let last = relation.foreignKeys.indices.last {
        relation.foreignKeys[last].isDeferrable = true
        relation.foreignKeys[last].isInitiallyDeferred = true
      }
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

  private mutating func addForeignKey(
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
        isDeferrable: node.flag(.deferrable), isInitiallyDeferred: node.flag(.initdeferred),
        number: catalog.nextNumber()))
    relation.foreignKeys[relation.foreignKeys.count - 1].setColumns =
      node.list(.fk_del_set_cols).compactMap { $0.string(.sval) }
    if node.flag(.skip_validation), let name = relation.foreignKeys.last?.name {
      relation.unvalidated.insert(name)
    }
  }
}
