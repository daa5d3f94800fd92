/// Reads the statements of a PL/pgSQL body as `pl_gram.y` of PostgreSQL does: by their keywords,
/// with SQL up to the word or sign that ends it outside of parentheses.
struct PLReader {
  let tokens: PLTokens
  var index = 0
  var scope: PLScope
  var sql: BodySQL
  private var depth = 0
  /// Names that something is taken from with a dot.
  private let qualifiers: Set<String>

  /// Statements nest no deeper than this; those who walk over them have small stacks.
  private static let depthLimit = 200

  init(_ tokens: PLTokens, scope: PLScope, sql: BodySQL) {
    self.tokens = tokens
    self.scope = scope
    self.sql = sql
    let dots = (0..<tokens.count).filter { tokens[$0].kind == .dot && $0 > 0 }
    qualifiers = Set(dots.compactMap { tokens.name(at: $0 - 1) })
  }

  // MARK: Tokens

  var isAtEnd: Bool { index >= tokens.count }

  func spells(_ word: StaticString) -> Bool { tokens.spells(word, at: index) }

  /// Goes past a word if it is here.
  mutating func skip(_ word: StaticString) -> Bool {
    guard spells(word) else { return false }
    index += 1
    return true
  }

  /// Goes past a token of a kind if it is here.
  mutating func skip(_ kind: Token.Kind) -> Bool {
    guard !isAtEnd, tokens[index].kind == kind else { return false }
    index += 1
    return true
  }

  /// The keyword here, unless it is the name of a variable that is assigned or taken from.
  var keyword: PLKeyword? {
    guard tokens[index].kind == .word, let name = tokens.name(at: index),
      let keyword = PLKeyword(rawValue: name)
    else { return nil }
    if keyword.isReserved { return keyword }
    switch tokens[index + 1].kind {
    case .dot, .assign, .leftBracket: return nil
    default: return tokens.isOperator("=", at: index + 1) ? nil : keyword
    }
  }

  /// Keeps that the text from a token on can't be understood.
  mutating func fail(from start: Int) {
    let last = max(start, min(index, tokens.count - 1))
    sql.fail(at: tokens[index], in: tokens.bytes(start..<max(start, last)))
  }

  /// Whether a name that has no type of its own can have fields.
  func isQualifier(_ name: String) -> Bool { qualifiers.contains(name) }

  // MARK: Blocks

  /// The whole body; nil when it is no block.
  mutating func body() -> PLBlock? {
    options()
    guard opensBlock(at: index) else {
      fail(from: index)
      return nil
    }
    let block = block()
    _ = skip(.semicolon)
    if !isAtEnd { fail(from: index) }
    return block
  }

  /// `#option dump`, `#print_strict_params on`, `#variable_conflict use_column`.
  private mutating func options() {
    while tokens.isOperator("#", at: index) {
      if tokens.spells("use_column", at: index + 2) { scope.columnsWin = true }
      index += 3
    }
  }

  /// Whether a block begins at a token, with its label.
  func opensBlock(at index: Int) -> Bool {
    let start = tokens.isOperator("<<", at: index) ? index + 3 : index
    return tokens.spells("begin", at: start) || tokens.spells("declare", at: start)
  }

  /// `<<label>>`
  mutating func label() -> String? {
    guard tokens.isOperator("<<", at: index) else { return nil }
    let name = tokens.name(at: index + 1)
    index += 2
    if tokens.isOperator(">>", at: index) { index += 1 } else { fail(from: index) }
    return name
  }

  mutating func block() -> PLBlock {
    let start = index
    var block = PLBlock()
    block.label = label()
    scope.push(label: block.label)
    defer { scope.pop() }
    if skip("declare") { block.variables = declarations() }
    if skip("begin") {
      block.statements = statements(until: [.exception])
      if skip("exception") { block.handlers = handlers() }
    } else {
      fail(from: start)
    }
    if skip("end") {
      block.range = tokens.bytes(start..<index)
      if tokens[index].kind != .semicolon, tokens.name(at: index) != nil { index += 1 }
    } else {
      fail(from: start)
      block.range = tokens.bytes(start..<min(index, tokens.count))
    }
    return block
  }

  /// Statements up to END or one of some words that stand where a statement could begin.
  mutating func statements(until ends: [PLKeyword]) -> [PLStatement] {
    var result: [PLStatement] = []
    while !isAtEnd {
      if let keyword, keyword == .end || ends.contains(keyword) { break }
      result.append(statement())
    }
    return result
  }

  private mutating func handlers() -> [PLHandler] {
    var result: [PLHandler] = []
    scope.push(label: nil)
    scope.declare("sqlstate", PLScope.Variable())
    scope.declare("sqlerrm", PLScope.Variable())
    defer { scope.pop() }
    while spells("when") {
      let start = index
      index += 1
      let conditions = conditions()
      let range = tokens.bytes(start..<index)
      if !skip("then") { fail(from: start) }
      result.append(
        PLHandler(conditions: conditions, statements: statements(until: [.when]), range: range))
    }
    if result.isEmpty { fail(from: index) }
    return result
  }

  /// `name OR SQLSTATE 'code'`
  private mutating func conditions() -> [String] {
    var result: [String] = []
    while !isAtEnd, !spells("then"), tokens[index].kind != .semicolon {
      if spells("sqlstate"), tokens[index + 1].kind == .string {
        index += 1
        result.append(tokens.string(tokens[index].range.dropFirst().dropLast()))
      } else if !spells("or"), let name = tokens.name(at: index) {
        result.append(name)
      }
      index += 1
    }
    return result
  }

  // MARK: Statements

  mutating func statement() -> PLStatement {
    let start = index
    guard depth < Self.depthLimit else { return tooDeep() }
    depth += 1
    defer { depth -= 1 }
    var kind = statementKind()
    // Something is always read, so that this ends.
    if index == start { index += 1 }
    let end = min(index, tokens.count)
    if !skip(.semicolon) {
      fail(from: start)
      if !Self.isCompound(kind) {
        kind = .unknown
        index = self.end(until: [])
        _ = skip(.semicolon)
      }
    }
    return PLStatement(kind: kind, range: tokens.bytes(start..<end))
  }

  private mutating func tooDeep() -> PLStatement {
    let start = index
    fail(from: start)
    index = tokens.count
    return PLStatement(kind: .unknown, range: tokens.bytes(start..<tokens.count))
  }

  private static func isCompound(_ kind: PLStatement.Kind) -> Bool {
    switch kind {
    case .block, .choice, .loop: true
    default: false
    }
  }
}
