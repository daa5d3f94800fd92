internal import Diagnostics

/// Parses the pieces of SQL in a routine's body and keeps what fails and what is in them.
struct BodySQL {
  let source: SourceFile
  /// As long as the file.
  let text: [UInt8]
  /// The file's placeholders that are in the body, in the order of the text.
  let placeholders: [Placeholder]
  /// How many routines this body is in.
  let level: Int
  private(set) var failures: [ParseFailure] = []
  /// Where the failures are.
  private var failurePlaces: Set<Range<Int>> = []
  private(set) var comments: [Range<Int>] = []

  init(source: SourceFile, text: [UInt8], placeholders: [Placeholder], level: Int) {
    self.source = source
    self.text = text
    self.placeholders = placeholders
    self.level = level
  }

  /// What is given to the grammar for some tokens.
  struct Piece {
    /// Without what is replaced by the prefix.
    let tokens: Range<Int>
    var prefix: StaticString = ""
    /// Parts that are not SQL.
    var blanks: [Range<Int>] = []
    /// The whole, with what is replaced.
    let range: Range<Int>
  }

  /// An expression; it is parsed only when it may do something, or always.
  mutating func expression(
    _ tokens: PLTokens, _ range: Range<Int>, scope: PLScope, isAlwaysParsed: Bool = false,
    blanks: [Range<Int>] = []
  ) -> PLQuery {
    let place = tokens.bytes(range)
    var statement: Statement?
    if range.isEmpty {
      fail(at: tokens[range.lowerBound], in: place)
    } else if isAlwaysParsed || mayAct(tokens, range) {
      let piece = Piece(tokens: range, prefix: "SELECT ", blanks: blanks, range: place)
      statement = parse(piece, of: tokens, scope: scope)
    }
    return PLQuery(
      statement: statement, range: place, text: source.text(place),
      name: Self.name(tokens, range, scope))
  }

  /// Whether an expression has what every call, every sub-select and every array has, or is a query
  /// itself: PL/pgSQL takes `x := a FROM t`.
  private func mayAct(_ tokens: PLTokens, _ range: Range<Int>) -> Bool {
    range.contains {
      tokens[$0].kind == .leftParenthesis || tokens[$0].kind == .leftBracket
        || tokens.spells("from", at: $0)
    }
  }

  /// The variable or field that an expression is as a whole.
  private static func name(
    _ tokens: PLTokens, _ range: Range<Int>, _ scope: PLScope
  ) -> String? {
    var names: [String] = []
    for (position, index) in range.enumerated() {
      guard position % 2 == 0 else {
        guard tokens[index].kind == .dot, !tokens.isRange(at: index) else { return nil }
        continue
      }
      let parameter = tokens[index].kind == .parameter ? tokens.string(tokens[index].range) : nil
      guard let name = tokens.name(at: index) ?? parameter else { return nil }
      names.append(name)
    }
    guard range.count % 2 == 1 else { return nil }
    return scope.reference(names)?.text
  }

  /// A whole statement or query.
  mutating func query(_ piece: Piece, of tokens: PLTokens, scope: PLScope) -> PLQuery {
    PLQuery(
      statement: parse(piece, of: tokens, scope: scope), range: piece.range,
      text: source.text(piece.range))
  }

  /// Parses a piece; nil when it fails, which is kept.
  mutating func parse(_ piece: Piece, of tokens: PLTokens, scope: PLScope) -> Statement? {
    let bytes = tokens.bytes(piece.tokens)
    guard depth(of: piece.tokens, in: tokens) <= FileParser.depthLimit else {
      keep(FailureReader(source: source, text: text).tooDeep(bytes))
      return nil
    }
    switch PgQuery.parse(text, range: bytes, prefix: piece.prefix, blanks: piece.blanks) {
    case .success(let json):
      let base = bytes.lowerBound - piece.prefix.utf8CodeUnitCount
      let tree = SyntaxTree(
        adopting: json, base: base, text: text, placeholders: placeholders.inside(bytes),
        references: {
          VariableReferences(scope: scope, text: text, end: bytes.upperBound).find(in: $0)
        })
      return statement(of: tree, range: piece.range)
    case .failure(let error):
      keep(
        FailureReader(source: source, text: text)
          .failure(error, statement: piece.range, end: bytes.upperBound))
      return nil
    }
  }

  private mutating func statement(of tree: SyntaxTree, range: Range<Int>) -> Statement? {
    guard let node = tree.root.list(.stmts).first?.child(.stmt) else { return nil }
    let inner = RoutineParser(
      source: source, text: text, bodies: text, placeholders: placeholders, level: level + 1)
    let routine = inner.body(of: node, in: tree, range: range)
    for failure in routine?.failures ?? [] { keep(failure) }
    comments += routine?.comments ?? []
    return Statement(tree: tree, node: node, range: range, routine: routine)
  }

  private func depth(of range: Range<Int>, in tokens: PLTokens) -> Int {
    text.withUnsafeBufferPointer { buffer in
      var boundary = StatementBoundary()
      for index in range { boundary.read(tokens[index], in: buffer) }
      for comment in tokens.comments(in: tokens.bytes(range)) {
        boundary.read(comment: comment, in: buffer)
      }
      return boundary.depthBound
    }
  }

  /// Keeps that the grammar of the body itself stops at a token; once, whatever is around it.
  mutating func fail(at token: Token, in statement: Range<Int>) {
    guard !failurePlaces.contains(token.range) else { return }
    let message =
      token.range.isEmpty
      ? "syntax error at end of input"
      : "syntax error at or near `\(source.text(token.range).prefix(40))`"
    let start = min(statement.lowerBound, token.start)
    let whole = start..<max(statement.upperBound, token.end)
    keep(ParseFailure(message: message, range: token.range, statement: whole))
  }

  private mutating func keep(_ failure: ParseFailure) {
    failures.append(failure)
    failurePlaces.insert(failure.range)
  }
}
