/// Whether a statement without a semicolon can end where a comment names the next query.
///
/// `-- name: …` may as well be a remark on a column: the text before it must be able to end and
/// what follows must be able to begin a statement.
struct QueryEnd {
  let text: UnsafeBufferPointer<UInt8>
  /// Those of the statement so far; all parentheses are closed.
  let tokens: [Token]

  /// Whether the statement ends if the next token is this one.
  func isPlausible(before next: Token) -> Bool {
    guard let last = tokens.last, canEnd(last) else { return false }
    switch next.kind {
    case .placeholder, .blank: return true
    case .word: return spells(Self.statements, next) && !continues(next)
    default: return false
    }
  }

  private func canEnd(_ token: Token) -> Bool {
    switch token.kind {
    case .word: !spells(Self.openWords, token) || isPlaceholder(token)
    case .operator: text[token.end - 1] == UInt8(ascii: "?") || isStar(token)
    case .comma, .dot, .colon, .cast, .assign: false
    default: true
    }
  }

  private func isStar(_ token: Token) -> Bool {
    token.range.count == 1 && text[token.start] == UInt8(ascii: "*")
  }

  /// Whether the last word is the name of a parameter, as in `:before` and `@before`.
  private func isPlaceholder(_ word: Token) -> Bool {
    guard tokens.count > 1, tokens[tokens.count - 2].end == word.start else { return false }
    return [.colon, .operator, .dot].contains(tokens[tokens.count - 2].kind)
  }

  /// Whether a word that may begin a statement goes on with this one instead.
  private func continues(_ next: Token) -> Bool {
    guard let first = tokens.first else { return false }
    if spells(["insert", "with", "explain"], first) {
      return (spells(Self.queries, next) || text.spells("with", at: next))
        && !hasQuery(after: first)
    }
    return text.spells("alter", at: first) && spells(["alter", "drop"], next)
  }

  /// Whether a query stands in the statement, outside of parentheses.
  private func hasQuery(after first: Token) -> Bool {
    var depth = 0
    for token in tokens where token.start > first.start {
      switch token.kind {
      case .leftParenthesis: depth += 1
      case .rightParenthesis: depth -= 1
      case .word where depth == 0:
        if spells(Self.queries, token) || text.spells("default", at: token) { return true }
      default: break
      }
    }
    return false
  }

  private func spells(_ words: [StaticString], _ token: Token) -> Bool {
    words.contains { text.spells($0, at: token) }
  }

  /// What a query in another statement begins with, after its WITH.
  private static let queries: [StaticString] = [
    "select", "values", "insert", "update", "delete", "merge", "table",
  ]

  /// What statements begin with, as far as clauses don't.
  private static let statements: [StaticString] =
    queries + [
      "with", "abort", "alter", "analyze", "begin", "call", "cluster", "comment", "commit", "copy",
      "create", "deallocate", "declare", "drop", "explain", "grant", "listen", "lock", "notify",
      "prepare", "refresh", "reindex", "reset", "revoke", "rollback", "savepoint", "show",
      "truncate", "vacuum",
    ]

  /// Words that something must follow.
  private static let openWords: [StaticString] = [
    "and", "or", "not", "in", "like", "ilike", "between", "is", "where", "on", "having", "when",
    "then", "else", "case", "select", "distinct", "from", "join", "set", "by", "limit", "offset",
    "returning", "as", "using", "similar", "union", "except", "intersect", "into", "with", "for",
    "insert", "delete", "only", "add", "column", "explain", "left", "right", "inner", "outer",
    "cross", "full", "natural", "lateral", "also", "instead", "before", "after", "of", "grant",
    "revoke",
  ]
}
