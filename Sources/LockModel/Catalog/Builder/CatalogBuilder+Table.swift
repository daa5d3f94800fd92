import PostgresSyntax

extension CatalogBuilder {
  mutating func createTable(_ definition: CreateTableStatement, _ statement: Statement) {
    guard let reference = definition.table else { return }
    let name = newName(reference)
    if definition.allowsExisting, catalog.relations[name] != nil { return }
    let bound = definition.bound
    var relation = Catalog.Relation(name: name, kind: .table)
    relation.isTemporary = reference.isTemporary
    relation.partitioning = definition.partitioning
    relation.bound = bound.map { PartitionBound($0) }
    relation.rowType = definition.rowType?.name?.name
    for parent in definition.parents {
      inherit(from: self.name(parent), into: &relation, isPartition: bound != nil)
    }
    for element in definition.elements {
      switch element {
      case .column(let column): addColumn(column, to: &relation, statement)
      case .constraint(let constraint): addConstraint(constraint, column: nil, to: &relation)
      case .like(let source, let parts): copy(parts, of: self.name(source), into: &relation)
      case .other: break
      }
    }
    // A migration and a dump, say: the server would refuse the second.
    if let old = catalog.relations[name], case .table = old.kind { relation.merge(old) }
    // The sequences of its columns are made before it.
    relation.number = catalog.nextNumber()
    catalog.insert(relation)
    catalog.noteIndexes(of: relation)
    guard bound == nil else { return }
    for parent in relation.parents { catalog.update(parent) { $0.hasChildren = true } }
  }

  private func inherit(
    from parentName: RelationName, into relation: inout Catalog.Relation, isPartition: Bool
  ) {
    relation.parents.append(parentName)
    guard let parent = catalog.relations[parentName] else { return }
    relation.addColumns(of: parent)
    if isPartition { relation.inheritKeys(of: parent) }
  }

  /// LIKE copies columns and NOT NULL; defaults and keys only where INCLUDING says so.
  private mutating func copy(
    _ parts: CreateTableStatement.CopiedParts, of name: RelationName,
    into relation: inout Catalog.Relation
  ) {
    guard let source = catalog.relations[name] else { return }
    for var column in source.columns where !relation.hasColumn(column.name) {
      column.ownedSequence = nil
      if column.isIdentity, parts.contains(.identity) {
        column.sequence = createSequence(of: column.name, relation)
        column.ownedSequence = column.sequence
      } else if column.isIdentity || !parts.contains(.defaults) {
        column.isIdentity = false
        column.sequence = nil
        column.hasDefault = false
        column.defaultValue = nil
      }
      relation.columns.append(column)
    }
    if parts.contains(.indexes) { relation.copyKeys(of: source) }
  }

  mutating func addColumn(
    _ definition: ColumnDefinition, to relation: inout Catalog.Relation, _ statement: Statement
  ) {
    guard let name = definition.name else { return }
    let type = definition.type
    let isSerial = ["serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"]
      .contains(type.name)
    let constraints = definition.constraints
    var column = Catalog.Column(
      name: name, type: type.written, isNotNull: isSerial || definition.isNotNull,
      hasDefault: isSerial)
    column.isIdentity = constraints.contains { $0.kind == .identity }
    if isSerial || column.isIdentity {
      column.sequence = createSequence(of: name, relation)
      column.ownedSequence = column.sequence
      column.hasDefault = true
    }
    for constraint in constraints where constraint.kind == .default {
      set(default: constraint.expression, of: &column, statement)
      if let value = constraint.expression { noteCalls(in: value, of: &relation) }
    }
    if let index = relation.columns.firstIndex(where: { $0.name == name }) {
      relation.columns[index] = column
    } else {
      relation.columns.append(column)
    }
    var isOfForeignKey = false
    for constraint in constraints {
      if !constraint.kind.isAttribute {
        isOfForeignKey = constraint.kind == .foreignKey
      } else if !isOfForeignKey {
        continue
      }
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
      column.sequence = QualifiedName(SequenceFunction.parts(of: text)).map { name($0) }
    } else if !value.functionCalls.isEmpty {
      column.defaultValue = RetainedNode(value, of: statement)
    }
  }

  /// Keeps a check that calls functions.
  private mutating func noteCheck(_ expression: Node?, of relation: inout Catalog.Relation) {
    guard let expression, let statement else { return }
    noteCalls(in: expression, of: &relation)
    if expression.functionCalls.isEmpty { return }
    relation.checks.append(RetainedNode(expression, of: statement))
  }

  /// Notes the functions that a part of a relation calls.
  mutating func noteCalls(in node: Node, of relation: inout Catalog.Relation) {
    for call in node.functionCalls {
      relation.calls.append(.init(function: call.name, number: catalog.nextNumber()))
    }
  }

  mutating func addConstraint(
    _ definition: ConstraintDefinition, column: String?, to relation: inout Catalog.Relation
  ) {
    switch definition.kind {
    case .notNull: relation.change(column) { $0.isNotNull = true }
    case .null: relation.change(column) { $0.isNotNull = false }
    case .default, .generated: relation.change(column) { $0.hasDefault = true }
    case .identity:
      relation.change(column) {
        $0.hasDefault = true
        $0.isNotNull = true
      }
    case .check:
      relation.addCheck(definition)
      noteCheck(definition.expression, of: &relation)
    case .primaryKey: relation.addKey(definition, column: column, isPrimary: true)
    case .unique: relation.addKey(definition, column: column, isPrimary: false)
    case .foreignKey: addForeignKey(definition, column: column, to: &relation)
    case .deferrable:
      if let last = relation.foreignKeys.indices.last {
        relation.foreignKeys[last].isDeferrable = true
      }
    case .initiallyDeferred:
      if let last = relation.foreignKeys.indices.last {
        relation.foreignKeys[last].isDeferrable = true
        relation.foreignKeys[last].isInitiallyDeferred = true
      }
    case .exclusion: relation.addExclusion(definition)
    case .notDeferrable, .initiallyImmediate, .other: break
    }
  }

  private mutating func addForeignKey(
    _ definition: ConstraintDefinition, column: String?, to relation: inout Catalog.Relation
  ) {
    guard let parent = definition.parent.map(name) else { return }
    var columns = definition.foreignKeyColumns
    if columns.isEmpty, let column { columns = [column] }
    let isSelf = parent == relation.name
    let parentKey =
      isSelf ? relation.primaryKey?.columns : catalog.relations[parent]?.primaryKey?.columns
    let parentColumns = definition.parentColumns
    let name = definition.name ?? "\(relation.name.name)_\(columns.joined(separator: "_"))_fkey"
    relation.foreignKeys.append(
      Catalog.ForeignKey(
        name: name, columns: columns, parent: parent,
        parentColumns: parentColumns.isEmpty ? parentKey ?? [] : parentColumns,
        onDelete: definition.onDelete, onUpdate: definition.onUpdate,
        isDeferrable: definition.isDeferrable, setColumns: definition.setColumns,
        isInitiallyDeferred: definition.isInitiallyDeferred, number: catalog.nextNumber()))
    if definition.skipsValidation { relation.unvalidated.insert(name) }
  }
}
