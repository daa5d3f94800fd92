/// Where the text of a routine's body is.
struct RoutineText {
  /// What the body is quoted with.
  enum Quoting {
    case dollar
    /// `'…'`, in which a quote is written twice.
    case quote
    /// With escapes, or in several parts.
    case unreadable
  }

  /// Between the quotes, half-open, in bytes of the file.
  let range: Range<Int>
  let quoting: Quoting

  /// Finds the string after AS of a CREATE FUNCTION, or that of a DO, in the statement's range;
  /// nil when there is none and when there are two, as for C.
  init?(in text: [UInt8], statement: Range<Int>, isDo: Bool) {
    let tokens = PLTokens(text: text, range: statement)
    guard let index = Self.string(in: tokens, isDo: isDo) else { return nil }
    if tokens[index + 1].kind == .comma { return nil }
    let token = tokens[index]
    let (inner, quoting) = Self.content(of: token, in: text)
    range = inner
    self.quoting = tokens[index + 1].kind == .string ? .unreadable : quoting
  }

  private static func string(in tokens: PLTokens, isDo: Bool) -> Int? {
    var depth = 0
    for index in 0..<tokens.count {
      switch tokens[index].kind {
      case .leftParenthesis: depth += 1
      case .rightParenthesis: depth -= 1
      case .string where depth == 0:
        let isBody =
          isDo
          ? !tokens.spells("language", at: index - 1) : tokens.spells("as", at: index - 1)
        if isBody { return index }
      default: break
      }
    }
    return nil
  }

  private static func content(of token: Token, in text: [UInt8]) -> (Range<Int>, Quoting) {
    switch text[token.start] {
    case UInt8(ascii: "'"): return (token.start + 1..<token.end - 1, .quote)
    case UInt8(ascii: "$"):
      var open = token.start + 1
      while text[open] != UInt8(ascii: "$") { open += 1 }
      let tag = open + 1 - token.start
      return (open + 1..<token.end - tag, .dollar)
    case UInt8(ascii: "E"), UInt8(ascii: "e"):
      let inner = token.start + 2..<token.end - 1
      return (inner, text[inner].contains(UInt8(ascii: "\\")) ? .unreadable : .quote)
    default: return (token.range, .unreadable)
    }
  }
}
