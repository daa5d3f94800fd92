extension Node {
  /// The tables that the node names and what is below it, in the order of the tree.
  package var tableReferences: [TableReference] {
    subtree.compactMap { $0.tag == .RangeVar ? TableReference($0) : nil }
  }

  /// The calls in the node and below it, in the order of the tree.
  package var functionCalls: [FunctionCall] {
    subtree.compactMap { $0.tag == .FuncCall ? FunctionCall(node: $0) : nil }
  }

  /// The columns that the node names and what is below it, each as its names, outermost first;
  /// the last one of `*` and `a.*` is `*`.
  package var columnReferences: [[String]] {
    subtree.compactMap { node in
      node.tag == .ColumnRef ? node.list(.fields).map { $0.string(.sval) ?? "*" } : nil
    }
  }

  /// Whether a query in it has a locking clause.
  package var hasLockingClause: Bool { subtree.contains { $0.tag == .LockingClause } }

  /// Whether it is the constant NULL.
  package var isNullConstant: Bool { tag == .A_Const && flag(.isnull) }
}
