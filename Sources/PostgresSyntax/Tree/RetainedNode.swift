/// A node together with the tree that it is in, for keeping beyond the statement.
package struct RetainedNode: Sendable {
  private let tree: SyntaxTree
  /// The node; valid as long as this value lives.
  package let node: Node

  /// Keeps a node of a statement.
  package init(_ node: Node, of statement: Statement) {
    tree = node.tree
    self.node = node
  }
}
