/// `DROP …`.
package struct DropStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The kind of object that it names.
  package var objectType: ObjectType { ObjectType(node.string(.removeType)) }
  /// In the order of the text.
  package var objects: [ObjectName] { node.list(.objects).map(ObjectName.init) }
  /// Whether CASCADE is written.
  package var cascades: Bool { node.symbol(.behavior, is: "DROP_CASCADE") }
  /// Whether CONCURRENTLY is written.
  package var isConcurrent: Bool { node.flag(.concurrent) }
  /// Whether IF EXISTS is written.
  package var allowsMissing: Bool { node.flag(.missing_ok) }
}

/// `ALTER … RENAME`.
package struct RenameStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The kind of object that it names.
  package var objectType: ObjectType { ObjectType(node.string(.renameType)) }
  /// The relation that is renamed or whose part is.
  package var relation: TableReference? { node.child(.relation).map(TableReference.init) }
  /// What is renamed, where that is no relation or part of one.
  package var object: ObjectName? { node.child(.object).map(ObjectName.init) }
  /// The old name of the part.
  package var oldName: String { node.string(.subname) ?? "" }
  /// The name that it gets.
  package var newName: String? { node.string(.newname) }
  /// Whether CASCADE is written.
  package var cascades: Bool { node.symbol(.behavior, is: "DROP_CASCADE") }
  /// Whether IF EXISTS is written.
  package var allowsMissing: Bool { node.flag(.missing_ok) }
}

/// `ALTER … SET SCHEMA`.
package struct SetSchemaStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The kind of object that it names.
  package var objectType: ObjectType { ObjectType(node.string(.objectType)) }
  /// The relation that is moved.
  package var relation: TableReference? { node.child(.relation).map(TableReference.init) }
  /// What is moved, where that is no relation.
  package var object: ObjectName? { node.child(.object).map(ObjectName.init) }
  /// The schema that it goes to.
  package var schema: String? { node.string(.newschema) }
  /// Whether IF EXISTS is written.
  package var allowsMissing: Bool { node.flag(.missing_ok) }
}

/// `ALTER DOMAIN`.
package struct AlterDomainStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// Without its schema.
  package var name: String? { node.list(.typeName).compactMap { $0.string(.sval) }.last }
  /// Whether the values that tables have must be looked at: SET NOT NULL, ADD CONSTRAINT and
  /// VALIDATE CONSTRAINT.
  package var checksValues: Bool {
    // The letters of `AlterDomainStmt` in PostgreSQL's parsenodes.h.
    guard ["C", "O", "V"].contains(node.string(.subtype)) else { return false }
    return !(node.child(.def).map { ConstraintDefinition($0).skipsValidation } ?? false)
  }
}

/// `COMMENT` and `SECURITY LABEL`.
package struct CommentStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The kind of object that it names.
  package var objectType: ObjectType { ObjectType(node.string(.objtype)) }
  /// What it is said of.
  package var object: ObjectName? { node.child(.object).map(ObjectName.init) }
}
