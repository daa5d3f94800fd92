package import PostgresSyntax

extension Term.Variable {
  /// A placeholder, in whatever way it is written: `sqlc.arg(id)` is `@id`.
  init(parameter node: Node) {
    if let placeholder = node.placeholder {
      self.init(path: placeholder.text)
    } else if node.tag == .FuncCall, let name = FunctionCall(node: node).arguments.first {
      self.init(name: "@" + Self.text(of: name))
    } else {
      self.init(path: CanonicalExpression.text(node))
    }
  }

  private static func text(of node: Node) -> String {
    if case .string(let text)? = Literal(node) { return text }
    return CanonicalExpression.text(node)
  }

  /// The placeholders of a statement, each once, in the order in which its caller gives their values:
  /// by their numbers, or else as they stand in the text.
  package static func parameters(of statement: Node) -> [Self] {
    var found: [Self] = []
    for node in statement.subtree {
      switch node.tag {
      case .ParamRef, .ColumnRef, .FuncCall: break
      default: continue
      }
      guard case .parameter = Expression(node) else { continue }
      let variable = Self(parameter: node)
      if !found.contains(variable) { found.append(variable) }
    }
    return found.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
  }

  /// Whether the host program fills it in, whatever it has done to the value before.
  package var isPlaceholder: Bool { name.first.map { "$@:?%#{".contains($0) } ?? false }

  /// The number of `$1`.
  package var number: Int? { name.hasPrefix("$") ? Int(name.dropFirst()) : nil }
}
