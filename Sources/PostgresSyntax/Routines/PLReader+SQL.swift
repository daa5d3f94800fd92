extension PLReader {
  /// The first token from here on, outside of parentheses, that is a semicolon or one of some
  /// words; `signs` adds the signs of assignment.
  func end(
    until words: [StaticString], stopsAtComma: Bool = false, stopsAtRange: Bool = false,
    signs: Bool = false
  ) -> Int {
    var depth = 0
    var index = index
    while index < tokens.count {
      switch tokens[index].kind {
      case .semicolon: return index
      case .leftParenthesis, .leftBracket: depth += 1
      case .rightParenthesis, .rightBracket:
        if depth == 0 { return index }
        depth -= 1
      case .comma where depth == 0 && stopsAtComma: return index
      case .dot where depth == 0 && stopsAtRange && tokens.isRange(at: index): return index
      case .assign where depth == 0 && signs: return index
      case .operator where depth == 0 && signs && tokens.isOperator("=", at: index): return index
      case .word where depth == 0 && tokens[index - 1].kind != .dot:
        if words.contains(where: { tokens.spells($0, at: index) }) { return index }
      default: break
      }
      index += 1
    }
    return index
  }

  /// An expression up to one of some words, a semicolon, or a comma where it is asked for.
  mutating func expression(
    until words: [StaticString] = [], stopsAtComma: Bool = false, isText: Bool = false
  ) -> PLQuery {
    let start = index
    index = end(until: words, stopsAtComma: stopsAtComma)
    return sql.expression(tokens, start..<index, scope: scope, isAlwaysParsed: isText)
  }

  /// What a variable gets; parsed also where it may be a text that EXECUTE runs.
  mutating func value() -> PLQuery {
    let range = index..<end(until: [])
    return expression(isText: range.contains { tokens[$0].kind == .string })
  }

  /// Expressions between commas.
  mutating func expressions(until words: [StaticString] = []) -> [PLQuery] {
    var result = [expression(until: words, stopsAtComma: true)]
    while skip(.comma) { result.append(expression(until: words, stopsAtComma: true)) }
    return result
  }

  /// A query up to one of some words or a semicolon.
  mutating func query(until words: [StaticString] = []) -> PLQuery {
    let start = index
    index = end(until: words)
    return query(start..<index)
  }

  /// Tokens that are a query.
  mutating func query(_ range: Range<Int>) -> PLQuery {
    let piece = BodySQL.Piece(tokens: range, range: tokens.bytes(range))
    if range.isEmpty { fail(from: index) }
    return sql.query(piece, of: tokens, scope: scope)
  }

  /// `USING a, b` if it is here.
  mutating func using(until words: [StaticString] = []) -> [PLQuery] {
    skip("using") ? expressions(until: words) : []
  }

  /// A variable or field, without subscripts; nil when there is no name here.
  mutating func path() -> String? {
    guard var result = firstName() else { return nil }
    index += 1
    while !isAtEnd {
      if tokens[index].kind == .leftBracket {
        skipSubscript()
      } else if tokens[index].kind == .dot, let name = tokens.name(at: index + 1) {
        result += "." + name
        index += 2
      } else {
        break
      }
    }
    return result
  }

  private func firstName() -> String? {
    tokens[index].kind == .parameter
      ? tokens.string(tokens[index].range) : tokens.name(at: index)
  }

  private mutating func skipSubscript() {
    index += 1
    index = end(until: [])
    _ = skip(.rightBracket)
  }

  /// Whether STRICT is here, and not a variable of that name.
  private var isStrict: Bool {
    guard spells("strict") else { return false }
    return tokens.name(at: index + 1) != nil || tokens[index + 1].kind == .parameter
  }

  /// The variables after INTO, here or after STRICT.
  mutating func targets() -> [String] {
    if isStrict { index += 1 }
    var result: [String] = []
    while let target = path() {
      result.append(target)
      guard tokens[index].kind == .comma else { break }
      index += 1
    }
    return result
  }

  /// A statement that is not PL/pgSQL's own, with its INTO.
  mutating func sqlStatement() -> PLStatement.Kind {
    let start = index
    var boundary = StatementBoundary()
    var into: (targets: [String], isStrict: Bool, range: Range<Int>)?
    while !isAtEnd {
      if tokens[index].kind == .semicolon, boundary.semicolonEnds { break }
      if into == nil, isTarget(from: start) {
        let word = index
        index += 1
        let isStrict = isStrict
        into = (targets(), isStrict, tokens.bytes(word..<index))
        continue
      }
      tokens.text.withUnsafeBufferPointer { boundary.read(tokens[index], in: $0) }
      index += 1
    }
    let piece = BodySQL.Piece(
      tokens: start..<index, blanks: into.map { [$0.range] } ?? [],
      range: tokens.bytes(start..<index))
    return .sql(
      sql.query(piece, of: tokens, scope: scope), into: into?.targets ?? [],
      isStrict: into?.isStrict ?? false)
  }

  /// Whether an INTO is here that names variables (`make_execsql_stmt` in `pl_gram.y`).
  private func isTarget(from start: Int) -> Bool {
    spells("into") && !tokens.spells("insert", at: index - 1)
      && !tokens.spells("merge", at: index - 1) && !tokens.spells("import", at: start)
      && tokens[index - 1].kind != .dot
  }

  /// `PERFORM …`, which is SELECT by another name of the same length.
  mutating func perform() -> PLStatement.Kind {
    let start = index
    index += 1
    let first = index
    index = end(until: [])
    let piece = BodySQL.Piece(
      tokens: first..<index, prefix: "SELECT ", range: tokens.bytes(start..<index))
    if first == index { fail(from: start) }
    return .sql(sql.query(piece, of: tokens, scope: scope), into: [], isStrict: false)
  }

  /// `EXECUTE text [INTO …] [USING …]`, in either order.
  mutating func dynamic() -> PLStatement.Kind {
    index += 1
    let text = expression(until: ["into", "using"], isText: true)
    var into: [String] = []
    var values: [PLQuery] = []
    while spells("into") || spells("using") {
      if skip("into") { into = targets() } else { values = using(until: ["into"]) }
    }
    return .dynamic(text: text, into: into, using: values)
  }
}
