/// What tells of the order in which a routine gives its rows.
final class RoutineRows: Sendable {
  let mentionsOrder: Bool
  let calls: [FunctionCall]

  init(of body: RoutineBody) {
    if case .opaque = body.content {
      mentionsOrder = true
      calls = []
      return
    }
    var sorts = false
    var calls: [FunctionCall] = []
    for node in body.statements.lazy.flatMap(\.node.subtree) {
      switch node.tag {
      case .SortBy: sorts = true
      case .RangeFunction: calls += node.functionCalls
      case .A_Const: sorts = sorts || Literal(node)?.mentionsOrder ?? false
      default: break
      }
    }
    mentionsOrder = sorts
    self.calls = calls
  }
}

extension Literal {
  fileprivate var mentionsOrder: Bool {
    if case .string(let text) = self { text.lowercased().contains("order by") } else { false }
  }
}
