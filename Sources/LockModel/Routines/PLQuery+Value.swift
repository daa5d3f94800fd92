import PostgresSyntax

extension PLQuery {
  /// The value of an expression; nil when it has not been parsed or is a query of several columns.
  var term: Term? {
    if let name { return .variable(Term.Variable(path: name)) }
    return value.map { Term($0) }
  }

  /// The only output of the query.
  private var value: Node? {
    guard let node = statement?.node, node.tag == .SelectStmt else { return nil }
    let targets = SelectStatement(node: node).targets
    return targets.count == 1 ? targets[0].value : nil
  }

  /// Whether it makes an array whose elements are sorted: `ARRAY(SELECT … ORDER BY …)`,
  /// `array_agg(… ORDER BY …)`, `sort(…)` of intarray, or a list of rising numbers.
  var makesSortedArray: Bool {
    guard let node = statement?.node else { return false }
    if case .array(let items)? = value.map({ Expression(Expression.withoutCasts($0)) }) {
      return Self.ascend(items)
    }
    return node.descendants.contains(where: Self.sorts)
  }

  /// Whether what sorts the array sorts it downwards.
  var sortsDescending: Bool {
    statement?.node.descendants.contains { $0.tag == .SortBy && SortKey($0).isDescending } ?? false
  }

  private static func sorts(_ node: Node) -> Bool {
    switch node.tag {
    case .FuncCall:
      let call = FunctionCall(node: node)
      return call.name == "sort" || call.name == "array_agg" && !node.list(.agg_order).isEmpty
    case .SubLink:
      guard let link = SubLink(node), link.kind == .array else { return false }
      return !link.select.sortKeys.isEmpty
    default: return false
    }
  }

  private static func ascend(_ items: [Node]) -> Bool {
    let values = items.map { Literal($0) }
    return values.count > 1
      && zip(values, values.dropFirst()).allSatisfy { left, right in
        guard let left, let right else { return false }
        return left == right || left.precedes(right) == true
      }
  }
}
