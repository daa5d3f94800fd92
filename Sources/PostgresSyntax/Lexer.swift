/// Splits bytes into PostgreSQL's tokens, tolerant of everything that is not SQL.
///
/// Follows the manual's chapter 4.1 *Lexical Structure*: nested comments, dollar quotes, `E''`
/// strings, operators that stop before a comment. What SQL does not know (`{{ … }}`, `${…}`, a
/// backslash) becomes a token of its own instead of an error. An unterminated quote ends where a
/// statement seems to begin again, so that what follows is still read.
struct Lexer {
  private let text: UnsafeBufferPointer<UInt8>
  /// The next byte to read.
  var position: Int
  private let end: Int

  init(_ text: UnsafeBufferPointer<UInt8>, range: Range<Int>? = nil) {
    self.text = text
    position = range?.lowerBound ?? 0
    end = range?.upperBound ?? text.count
  }

  private func byte(_ index: Int) -> UInt8 { index < end ? text[index] : 0 }

  /// The next token, comments included, or nil at the end.
  mutating func next() -> Token? {
    while position < end, Self.isSpace(text[position]) { position += 1 }
    guard position < end else { return nil }
    let start = position
    let kind = scan(text[start])
    return Token(kind: kind, start: start, end: position)
  }

  private mutating func scan(_ first: UInt8) -> Token.Kind {
    switch first {
    case UInt8(ascii: "'"): return quoted(escapes: false)
    case UInt8(ascii: "\""): return quotedIdentifier()
    case UInt8(ascii: "$"): return dollar()
    case UInt8(ascii: "{"): return brace()
    case UInt8(ascii: "("): return single(.leftParenthesis)
    case UInt8(ascii: ")"): return single(.rightParenthesis)
    case UInt8(ascii: "["): return single(.leftBracket)
    case UInt8(ascii: "]"): return single(.rightBracket)
    case UInt8(ascii: ","): return single(.comma)
    case UInt8(ascii: ";"): return single(.semicolon)
    case UInt8(ascii: "\\"): return single(.backslash)
    case UInt8(ascii: ":"): return colon()
    case UInt8(ascii: "."):
      return Self.isDigit(byte(position + 1)) ? number() : single(.dot)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
    case _ where Self.isWordStart(first): return word(first)
    case _ where Self.isOperator(first): return operatorOrComment(first)
    default: return single(.other)
    }
  }

  private mutating func single(_ kind: Token.Kind) -> Token.Kind {
    position += 1
    return kind
  }

  private mutating func colon() -> Token.Kind {
    position += 1
    switch byte(position) {
    case UInt8(ascii: ":"):
      position += 1
      return .cast
    case UInt8(ascii: "="):
      position += 1
      return .assign
    default: return .colon
    }
  }

  private mutating func word(_ first: UInt8) -> Token.Kind {
    let next = byte(position + 1)
    if next == UInt8(ascii: "'") {
      switch first | 0x20 {
      case UInt8(ascii: "e"):
        position += 1
        return quoted(escapes: true)
      case UInt8(ascii: "b"), UInt8(ascii: "x"), UInt8(ascii: "n"):
        position += 1
        return quoted(escapes: false)
      default: break
      }
    }
    if first | 0x20 == UInt8(ascii: "u"), next == UInt8(ascii: "&") {
      if byte(position + 2) == UInt8(ascii: "'") {
        position += 2
        return quoted(escapes: false)
      }
      if byte(position + 2) == UInt8(ascii: "\"") {
        position += 2
        return quotedIdentifier()
      }
    }
    position += 1
    while position < end, Self.isWordPart(text[position]) {
      if text[position] == UInt8(ascii: "$"), byte(position + 1) == UInt8(ascii: "{") { break }
      position += 1
    }
    return .word
  }

  private mutating func number() -> Token.Kind {
    position += 1
    while position < end {
      let current = text[position]
      if Self.isDigit(current) || Self.isLetter(current) || current == UInt8(ascii: "_") {
        position += 1
        let isExponent = current | 0x20 == UInt8(ascii: "e")
        let sign = byte(position)
        if isExponent, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
          Self.isDigit(byte(position + 1))
        {
          position += 1
        }
      } else if current == UInt8(ascii: "."), byte(position + 1) != UInt8(ascii: ".") {
        position += 1
      } else {
        break
      }
    }
    return .number
  }

  private mutating func quoted(escapes: Bool) -> Token.Kind {
    let start = position
    position += 1
    while position < end {
      let current = text[position]
      if escapes, current == UInt8(ascii: "\\") {
        position += 2
      } else if current == UInt8(ascii: "'") {
        position += 1
        guard byte(position) == UInt8(ascii: "'") else { return .string }
        position += 1
      } else {
        position += 1
      }
    }
    return unterminated(from: start)
  }

  private mutating func quotedIdentifier() -> Token.Kind {
    let start = position
    position += 1
    while position < end {
      if text[position] == UInt8(ascii: "\"") {
        position += 1
        guard byte(position) == UInt8(ascii: "\"") else { return .quotedIdentifier }
      }
      position += 1
    }
    return unterminated(from: start)
  }

  /// Takes everything up to where a statement seems to begin again as one broken token: a line
  /// that begins with a statement's keyword, after an empty line where the quote may span lines.
  private mutating func unterminated(from start: Int, spansLines: Bool = false) -> Token.Kind {
    position = start + 1
    var wasEmpty = false
    while position < end {
      let line = position
      while position < end, text[position] != UInt8(ascii: "\n") { position += 1 }
      position = min(position + 1, end)
      let isEmpty = text[line..<position].allSatisfy(Self.isSpace)
      if line > start + 1, wasEmpty || !spansLines, beginsStatement(line) {
        position = line
        return .unterminated
      }
      wasEmpty = isEmpty
    }
    return .unterminated
  }

  private static let statementKeywords: [StaticString] = [
    "select", "insert", "update", "delete", "with", "create", "alter", "drop", "begin", "commit",
    "merge", "grant", "comment", "set", "do", "lock", "truncate", "copy",
  ]

  private func beginsStatement(_ start: Int) -> Bool {
    var last = start
    while last < end, Self.isLetter(text[last]) { last += 1 }
    let token = Token(kind: .word, start: start, end: last)
    return Self.statementKeywords.contains { text.spells($0, at: token) }
  }

  private mutating func dollar() -> Token.Kind {
    let start = position
    var index = position + 1
    if Self.isDigit(byte(index)) {
      while Self.isDigit(byte(index)) { index += 1 }
      position = index
      return .parameter
    }
    if byte(index) == UInt8(ascii: "{") {
      return delimited(opening: 2, closing: [UInt8(ascii: "}")])
    }
    while index < end, Self.isWordPart(text[index]), text[index] != UInt8(ascii: "$") { index += 1 }
    guard byte(index) == UInt8(ascii: "$") else {
      position = max(index, start + 1)
      return index > start + 1 ? .placeholder : .other
    }
    return dollarQuote(tag: start..<(index + 1))
  }

  private mutating func dollarQuote(tag: Range<Int>) -> Token.Kind {
    var index = tag.upperBound
    while index + tag.count <= end {
      if text[index] == UInt8(ascii: "$"),
        (0..<tag.count).allSatisfy({ text[index + $0] == text[tag.lowerBound + $0] })
      {
        position = index + tag.count
        return .string
      }
      index += 1
    }
    return unterminated(from: tag.upperBound - 1, spansLines: true)
  }

  /// `{{ x }}` and `{x}` stand for something; `{% … %}` and `{# … #}` are blanks to SQL.
  private mutating func brace() -> Token.Kind {
    switch byte(position + 1) {
    case UInt8(ascii: "{"):
      return delimited(opening: 2, closing: [UInt8(ascii: "}"), UInt8(ascii: "}")])
    case UInt8(ascii: "%"):
      return delimited(opening: 2, closing: [UInt8(ascii: "%"), UInt8(ascii: "}")], as: .blank)
    case UInt8(ascii: "#"):
      return delimited(opening: 2, closing: [UInt8(ascii: "#"), UInt8(ascii: "}")], as: .blank)
    default:
      return delimited(opening: 1, closing: [UInt8(ascii: "}")])
    }
  }

  private mutating func delimited(
    opening: Int, closing: [UInt8], as kind: Token.Kind = .placeholder
  ) -> Token.Kind {
    var index = position + opening
    let limit = min(end, position + 4096)
    while index + closing.count <= limit {
      if (0..<closing.count).allSatisfy({ text[index + $0] == closing[$0] }) {
        position = index + closing.count
        return kind
      }
      index += 1
    }
    return single(.other)
  }

  private mutating func operatorOrComment(_ first: UInt8) -> Token.Kind {
    let next = byte(position + 1)
    if first == UInt8(ascii: "-"), next == first { return lineComment() }
    if first == UInt8(ascii: "/"), next == UInt8(ascii: "*") { return blockComment() }
    if first == UInt8(ascii: "#"), next == UInt8(ascii: "{") {
      return delimited(opening: 2, closing: [UInt8(ascii: "}")])
    }
    if first == UInt8(ascii: "<"), next == UInt8(ascii: "%"), isERB() {
      return delimited(opening: 2, closing: [UInt8(ascii: "%"), UInt8(ascii: ">")])
    }
    if first == UInt8(ascii: "%"), let length = namedFormatLength(at: position) {
      position += length
      return .placeholder
    }
    repeat { position += 1 } while position < end && continuesOperator()
    return .operator
  }

  private func continuesOperator() -> Bool {
    let current = text[position]
    let next = byte(position + 1)
    guard Self.isOperator(current) else { return false }
    if current == UInt8(ascii: "-"), next == current { return false }
    if current == UInt8(ascii: "/"), next == UInt8(ascii: "*") { return false }
    if current == UInt8(ascii: "#"), next == UInt8(ascii: "{") { return false }
    return !(current == UInt8(ascii: "%") && namedFormatLength(at: position) != nil)
  }

  /// Whether `<%=` or `<% ` is here.
  private func isERB() -> Bool {
    byte(position + 2) == UInt8(ascii: "=") || byte(position + 2) == UInt8(ascii: " ")
  }

  /// The length of `%(name)s` at an offset.
  private func namedFormatLength(at start: Int) -> Int? {
    guard byte(start + 1) == UInt8(ascii: "(") else { return nil }
    var index = start + 2
    while Self.isWordPart(byte(index)) || byte(index) == UInt8(ascii: ".") { index += 1 }
    guard index > start + 2, byte(index) == UInt8(ascii: ")"), Self.isLetter(byte(index + 1)),
      !Self.isWordPart(byte(index + 2))
    else { return nil }
    return index + 2 - start
  }

  private mutating func lineComment() -> Token.Kind {
    while position < end, text[position] != UInt8(ascii: "\n"), text[position] != UInt8(ascii: "\r")
    {
      position += 1
    }
    return .comment
  }

  private mutating func blockComment() -> Token.Kind {
    var depth = 0
    var index = position
    while index < end {
      if text[index] == UInt8(ascii: "/"), byte(index + 1) == UInt8(ascii: "*") {
        depth += 1
        index += 2
      } else if text[index] == UInt8(ascii: "*"), byte(index + 1) == UInt8(ascii: "/") {
        depth -= 1
        index += 2
        if depth == 0 {
          position = index
          return .comment
        }
      } else {
        index += 1
      }
    }
    return unterminated(from: position, spansLines: true)
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
  }
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  static func isWordStart(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
  }
  static func isWordPart(_ byte: UInt8) -> Bool {
    isWordStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$")
  }
  static func isOperator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "@"), UInt8(ascii: "#"),
      UInt8(ascii: "^"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "`"),
      UInt8(ascii: "?"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"),
      UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "="):
      true
    default: false
    }
  }
}
