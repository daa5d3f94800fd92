/// The parts of an expression of which each evaluation reaches only some: CASE, COALESCE, OR.
///
/// Manual, *Expression Evaluation Rules*: CASE evaluates the results of conditions that hold only.
package struct ExpressionArms {
  /// The parts in the order in which they are evaluated, each with the arms, from 0, that lead to it.
  package private(set) var parts: [(node: Node, arms: Range<Int>)] = []

  /// Of more arms than these the last ones are taken together.
  private static let limit = 64

  private mutating func add(_ node: Node, _ arms: Range<Int>) {
    parts.append(
      (node, min(arms.lowerBound, Self.limit)..<min(arms.upperBound, Self.limit + 1)))
  }

  /// Nil for an expression that always evaluates all of its parts.
  package init?(_ node: Node) {
    switch node.tag {
    case .CaseExpr: addCase(node)
    case .CoalesceExpr: addSteps(Array(node.list(.args)))
    case .BoolExpr where node.symbol(.boolop, is: "OR_EXPR"): addSteps(Array(node.list(.args)))
    default: return nil
    }
  }

  private mutating func addCase(_ node: Node) {
    let choices = node.list(.args).map { ($0.child(.expr), $0.child(.result)) }
    if let value = node.child(.arg) { add(value, 0..<choices.count + 1) }
    for (arm, (test, result)) in choices.enumerated() {
      if let test { add(test, arm..<choices.count + 1) }
      if let result { add(result, arm..<arm + 1) }
    }
    if let other = node.child(.defresult) { add(other, choices.count..<choices.count + 1) }
  }

  /// Evaluated one after the other until one settles the matter.
  private mutating func addSteps(_ nodes: [Node]) {
    for (step, node) in nodes.enumerated() { add(node, step..<nodes.count) }
  }
}
