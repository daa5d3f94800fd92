/// A piece of SQL text between blanks, with its half-open byte range.
package struct Token: Sendable {
  /// What a token is.
  package enum Kind: UInt8, Sendable {
    case word, quotedIdentifier, string, number, parameter, `operator`
    case leftParenthesis, rightParenthesis, leftBracket, rightBracket
    case comma, dot, semicolon, colon, cast, assign
    case comment
    /// Text of another language that stands for a value or a name, such as `${name}`.
    case placeholder
    /// Text of another language that stands for nothing, such as `{% if … %}`.
    case blank
    case backslash
    /// A quote or comment without an end.
    case unterminated
    case other
  }

  package let kind: Kind
  package let start: Int
  package let end: Int

  package init(kind: Kind, start: Int, end: Int) {
    self.kind = kind
    self.start = start
    self.end = end
  }

  /// The bytes it covers.
  package var range: Range<Int> { start..<end }

  /// Whether it ends something that has a value, so that an operator may follow.
  var isOperandEnd: Bool {
    switch kind {
    case .quotedIdentifier, .string, .number, .parameter, .placeholder, .rightParenthesis,
      .rightBracket:
      true
    default: false
    }
  }
}
