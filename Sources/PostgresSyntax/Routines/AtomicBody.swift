/// Bodies that the grammar reads together with their function: `BEGIN ATOMIC … END` and
/// `RETURN expression`.
enum AtomicBody {
  /// The statements of the body of a `CreateFunctionStmt`; nil when it has none of this kind.
  static func statements(
    of node: Node, in tree: SyntaxTree, text: [UInt8], range: Range<Int>
  ) -> [Statement]? {
    let nodes = statementNodes(of: node)
    guard !nodes.isEmpty else {
      return node.has(.sql_body) ? [] : nil
    }
    let tokens = PLTokens(text: text, range: range)
    var places = pieces(tokens).map(tokens.bytes)
    if places.count != nodes.count { places = nodes.map { _ in range } }
    return zip(nodes, places).map { Statement(tree: tree, node: $0, range: $1) }
  }

  /// `sql_body` is one ReturnStmt or a list of lists.
  private static func statementNodes(of node: Node) -> [Node] {
    if let single = node.child(.sql_body), single.tag == .ReturnStmt { return [single] }
    let lists =
      node.child(.sql_body).map { Array($0.list(.items)) } ?? Array(node.list(.sql_body))
    return lists.flatMap { $0.tag == .List ? Array($0.list(.items)) : [$0] }
  }

  private static func pieces(_ tokens: PLTokens) -> [Range<Int>] {
    for index in 0..<tokens.count {
      if tokens.spells("atomic", at: index), tokens.spells("begin", at: index - 1) {
        return split(tokens, from: index + 1)
      }
    }
    let start = (0..<tokens.count).last { tokens.spells("return", at: $0) }
    return start.map { [$0..<tokens.count] } ?? []
  }

  /// Pieces between semicolons up to the END of the body, which comes after the last of them.
  private static func split(_ tokens: PLTokens, from start: Int) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var first = start
    for index in start..<tokens.count where tokens[index].kind == .semicolon {
      if first < index { result.append(first..<index) }
      first = index + 1
    }
    return result
  }

  /// References to parameters in all such bodies of a tree.
  static func references(in root: Node, text: [UInt8], end: Int) -> [Placeholder] {
    var result: [Placeholder] = []
    for raw in root.list(.stmts) {
      guard let node = raw.child(.stmt), node.tag == .CreateFunctionStmt, node.has(.sql_body)
      else { continue }
      let scope = RoutineHead(node).scope
      for statement in statementNodes(of: node) {
        result += VariableReferences(scope: scope, text: text, end: end).find(in: statement)
      }
    }
    return result
  }
}
