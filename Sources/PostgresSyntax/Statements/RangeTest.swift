/// `value BETWEEN lower AND upper`.
package struct RangeTest: Sendable {
  /// What is compared.
  package let value: Node
  /// The least value that passes.
  package let lower: Node
  /// The largest value that passes.
  package let upper: Node

  /// Reads a condition; nil for anything else.
  package init?(_ node: Node) {
    guard node.tag == .A_Expr, node.symbol(.kind, is: "AEXPR_BETWEEN"),
      let value = node.child(.lexpr)
    else { return nil }
    let bounds = Array(node.child(.rexpr)?.list(.items) ?? node.list(.rexpr))
    guard bounds.count == 2 else { return nil }
    self.value = value
    lower = bounds[0]
    upper = bounds[1]
  }
}
