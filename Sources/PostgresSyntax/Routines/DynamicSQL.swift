/// What an EXECUTE of PL/pgSQL runs, as far as its own text tells.
package enum DynamicSQL {
  /// The statement; unknown values in it are parameters.
  case statement(Statement)
  /// A short sentence on why it can't be known.
  case unknown(reason: String)

  /// Reads the text of an EXECUTE: a literal, literals joined with other expressions, or a call of
  /// `format`.
  ///
  /// Nodes have the place in the file that their text has; what is filled in has the place of the
  /// expression or the item of the format that it comes from.
  package static func parse(_ query: PLQuery) -> DynamicSQL {
    guard let execute = query.statement,
      let value = execute.node.list(.targetList).first?.child(.val)
    else { return .unknown(reason: "EXECUTE runs a text that can't be read") }
    var text = DynamicText()
    guard text.append(value), text.hasLiteral else {
      return .unknown(reason: "EXECUTE runs a text that is made when it runs")
    }
    text.replaceStrings()
    return parse(text, as: execute)
  }

  private static func parse(_ text: DynamicText, as execute: Statement) -> DynamicSQL {
    let tokens = PLTokens(text: text.bytes, range: 0..<text.bytes.count)
    let pieces = StatementSplitter.split(tokens)
    guard let piece = pieces.first else { return .unknown(reason: "EXECUTE runs an empty text") }
    guard pieces.count == 1 else { return .unknown(reason: "EXECUTE runs several statements") }
    let range = tokens.bytes(piece)
    guard text.bytes.count <= FileParser.depthLimit,
      case .success(let json) = PgQuery.parse(text.bytes, range: range)
    else { return .unknown(reason: text.failureReason) }
    let tree = SyntaxTree(
      adopting: json, base: range.lowerBound, text: execute.node.tree.text, placeholders: [],
      places: text.places, references: text.placeholders)
    guard let node = tree.root.list(.stmts).first?.child(.stmt) else {
      return .unknown(reason: "EXECUTE runs an empty text")
    }
    if let reason = text.unknownName(in: tree) { return .unknown(reason: reason) }
    return .statement(Statement(tree: tree, node: node, range: execute.range, isDynamic: true))
  }
}
