/// `INSERT`.
package struct InsertStatement: Sendable {
  package let node: Node
  package init(node: Node) { self.node = node }
  package var overridesUserValues: Bool { node.symbol(.override, is: "OVERRIDING_USER_VALUE") }
  package var target: TableReference? { node.child(.relation).map(TableReference.init) }
  /// The columns that are named; empty when none are.
  package var columns: [String] { node.list(.cols).compactMap { $0.string(.name) } }
  /// VALUES or SELECT; nil for DEFAULT VALUES.
  package var source: SelectStatement? { node.child(.selectStmt).map(SelectStatement.init) }
  package var onConflict: ConflictClause? {
    node.child(.onConflictClause).map(ConflictClause.init)
  }
  package var with: WithClause? { node.child(.withClause).map(WithClause.init) }
  package var returning: [ResultTarget] { node.list(.returningList).map(ResultTarget.init) }
}

/// `ON CONFLICT …`.
package struct ConflictClause: Sendable {
  package let node: Node
  package init(_ node: Node) { self.node = node }
  package var updates: Bool { node.symbol(.action, is: "ONCONFLICT_UPDATE") }
  /// The columns and expressions that infer the key; empty when none are given.
  package var keyParts: [IndexPart] {
    node.child(.infer)?.list(.indexElems).map(IndexPart.init) ?? []
  }
  package var constraint: String? { node.child(.infer)?.string(.conname) }
  package var assignments: [ResultTarget] { node.list(.targetList).map(ResultTarget.init) }
}

/// One column or expression of an index.
package struct IndexPart: Sendable {
  package let node: Node
  package init(_ node: Node) { self.node = node }
  package var column: String? { node.string(.name) }
  package var expression: Node? { node.child(.expr) }
}

/// `UPDATE`.
package struct UpdateStatement: Sendable {
  package let node: Node
  package init(node: Node) { self.node = node }
  package var target: TableReference? { node.child(.relation).map(TableReference.init) }
  package var assignments: [ResultTarget] { node.list(.targetList).map(ResultTarget.init) }
  package var from: NodeList { node.list(.fromClause) }
  package var condition: Node? { node.child(.whereClause) }
  package var with: WithClause? { node.child(.withClause).map(WithClause.init) }
  package var returning: [ResultTarget] { node.list(.returningList).map(ResultTarget.init) }
}

/// `DELETE`.
package struct DeleteStatement: Sendable {
  package let node: Node
  package init(node: Node) { self.node = node }
  package var target: TableReference? { node.child(.relation).map(TableReference.init) }
  package var using: NodeList { node.list(.usingClause) }
  package var condition: Node? { node.child(.whereClause) }
  package var with: WithClause? { node.child(.withClause).map(WithClause.init) }
  package var returning: [ResultTarget] { node.list(.returningList).map(ResultTarget.init) }
}

/// `MERGE`.
package struct MergeStatement: Sendable {
  package let node: Node
  package init(node: Node) { self.node = node }
  package var target: TableReference? { node.child(.relation).map(TableReference.init) }
  package var source: Node? { node.child(.sourceRelation) }
  package var condition: Node? { node.child(.joinCondition) }
  package var clauses: [MergeClause] { node.list(.mergeWhenClauses).map(MergeClause.init) }
  package var with: WithClause? { node.child(.withClause).map(WithClause.init) }
}

/// One WHEN of a MERGE.
package struct MergeClause: Sendable {
  /// What a clause does.
  package enum Action: Sendable { case insert, update, delete, nothing }

  package let node: Node
  package init(_ node: Node) { self.node = node }
  package var action: Action {
    switch node.string(.commandType) {
    case "CMD_INSERT": .insert
    case "CMD_UPDATE": .update
    case "CMD_DELETE": .delete
    default: .nothing
    }
  }
  /// Whether it is WHEN MATCHED.
  package var isMatched: Bool { node.flag(.matched) }
  package var assignments: [ResultTarget] { node.list(.targetList).map(ResultTarget.init) }
}
