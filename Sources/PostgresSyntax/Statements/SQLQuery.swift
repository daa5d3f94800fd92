/// A statement that reads or writes rows, also where it stands in another one.
package enum SQLQuery: Sendable {
  case select(SelectStatement)
  case insert(InsertStatement)
  case update(UpdateStatement)
  case delete(DeleteStatement)
  case merge(MergeStatement)

  /// Reads a node; nil for any other statement.
  package init?(_ node: Node) {
    switch node.tag {
    case .SelectStmt: self = .select(SelectStatement(node: node))
    case .InsertStmt: self = .insert(InsertStatement(node: node))
    case .UpdateStmt: self = .update(UpdateStatement(node: node))
    case .DeleteStmt: self = .delete(DeleteStatement(node: node))
    case .MergeStmt: self = .merge(MergeStatement(node: node))
    default: return nil
    }
  }

  /// Whether it only reads.
  package var isSelect: Bool {
    if case .select = self { true } else { false }
  }
}

/// A node met on the way through an expression, as far as it names relations.
package enum ExpressionPart: Sendable {
  case select(SelectStatement)
  case table(TableReference)
  /// A JOIN or sub-select of FROM.
  case fromItem(Node)
  /// Anything else; what is below it may name relations.
  case other(Node)

  /// Classifies a node.
  package init(_ node: Node) {
    switch node.tag {
    case .SelectStmt: self = .select(SelectStatement(node: node))
    case .RangeVar: self = .table(TableReference(node))
    case .JoinExpr, .RangeSubselect: self = .fromItem(node)
    default: self = .other(node)
    }
  }
}
