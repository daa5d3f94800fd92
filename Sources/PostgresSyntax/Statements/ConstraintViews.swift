/// What a constraint of a column or table asks for.
package enum ConstraintKind: String, Sendable {
  case null = "CONSTR_NULL"
  case notNull = "CONSTR_NOTNULL"
  case `default` = "CONSTR_DEFAULT"
  case identity = "CONSTR_IDENTITY"
  case generated = "CONSTR_GENERATED"
  case check = "CONSTR_CHECK"
  case primaryKey = "CONSTR_PRIMARY"
  case unique = "CONSTR_UNIQUE"
  case exclusion = "CONSTR_EXCLUSION"
  case foreignKey = "CONSTR_FOREIGN"
  /// DEFERRABLE, which the grammar keeps as a constraint behind the one that it is said of.
  case deferrable = "CONSTR_ATTR_DEFERRABLE"
  case notDeferrable = "CONSTR_ATTR_NOT_DEFERRABLE"
  case initiallyDeferred = "CONSTR_ATTR_DEFERRED"
  case initiallyImmediate = "CONSTR_ATTR_IMMEDIATE"
  case other = ""

  /// Whether it says something of the constraint before it.
  package var isAttribute: Bool {
    switch self {
    case .deferrable, .notDeferrable, .initiallyDeferred, .initiallyImmediate: true
    case .null, .notNull, .default, .identity, .generated, .check, .primaryKey, .unique,
      .exclusion, .foreignKey, .other:
      false
    }
  }
}

/// What happens to the rows that refer to a row which goes or gets another key.
package enum ForeignKeyAction: String, Sendable {
  // As `pg_constraint` has them.
  case noAction = "a"
  case restrict = "r"
  case cascade = "c"
  case setNull = "n"
  case setDefault = "d"
}

/// A constraint of a column or of a table.
package struct ConstraintDefinition: Sendable {
  private let node: Node

  /// What it asks for.
  package let kind: ConstraintKind

  init(_ node: Node) {
    self.node = node
    kind = node.string(.contype).flatMap(ConstraintKind.init(rawValue:)) ?? .other
  }

  /// The name, when one is written.
  package var name: String? { node.string(.conname) }
  /// The condition of a check, or the value of a default.
  package var expression: Node? { node.child(.raw_expr) }
  /// The columns of a key; empty for one that stands with its column.
  package var keyColumns: [String] { node.list(.keys).compactMap { $0.string(.sval) } }
  /// What EXCLUDE compares, each with its operator.
  package var exclusions: [(element: Node, operator: String)] {
    node.list(.exclusions).compactMap { pair in
      let parts = Array(pair.list(.items))
      guard parts.count == 2, let name = Array(parts[1].list(.items)).last?.string(.sval) else {
        return nil
      }
      return (parts[0], name)
    }
  }
  /// The rows that EXCLUDE is about.
  package var predicate: Node? { node.child(.where_clause) }
  /// The index of USING INDEX.
  package var usedIndex: String? { node.string(.indexname) }
  /// Whether two NULLs are the same key.
  package var nullsNotDistinct: Bool { node.flag(.nulls_not_distinct) }
  /// Whether SET CONSTRAINTS can make it wait for COMMIT.
  package var isDeferrable: Bool { node.flag(.deferrable) }
  /// Whether it waits for COMMIT unless SET CONSTRAINTS says otherwise.
  package var isInitiallyDeferred: Bool { node.flag(.initdeferred) }
  /// Whether it is NOT VALID.
  package var skipsValidation: Bool { node.flag(.skip_validation) }
  /// The table that a foreign key refers to.
  package var parent: TableReference? { node.child(.pktable).map(TableReference.init) }
  /// The columns of a foreign key; empty for one that stands with its column.
  package var foreignKeyColumns: [String] { node.list(.fk_attrs).compactMap { $0.string(.sval) } }
  /// The columns that a foreign key refers to; empty for the primary key.
  package var parentColumns: [String] { node.list(.pk_attrs).compactMap { $0.string(.sval) } }
  /// What becomes of the rows when the parent's row is deleted.
  package var onDelete: ForeignKeyAction { action(.fk_del_action) }
  /// What becomes of the rows when the parent's key changes.
  package var onUpdate: ForeignKeyAction { action(.fk_upd_action) }
  /// The columns that ON DELETE SET NULL or SET DEFAULT names; empty for all.
  package var setColumns: [String] { node.list(.fk_del_set_cols).compactMap { $0.string(.sval) } }

  private func action(_ field: Field) -> ForeignKeyAction {
    node.string(field).flatMap(ForeignKeyAction.init(rawValue:)) ?? .noAction
  }
}

/// A column where a table is made or gets it.
package struct ColumnDefinition: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The name that it gets.
  package var name: String? { node.string(.colname) }
  /// Without modifiers such as a length.
  package var type: TypeName { TypeName(node.child(.typeName)) }
  /// Whether the grammar marks it NOT NULL; a constraint may do so as well.
  package var isNotNull: Bool { node.flag(.is_not_null) }
  /// The constraints that stand with it.
  package var constraints: [ConstraintDefinition] {
    node.list(.constraints).map(ConstraintDefinition.init)
  }
}
