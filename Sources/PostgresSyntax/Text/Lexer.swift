/// Splits bytes into PostgreSQL's tokens, tolerant of everything that is not SQL.
///
/// Follows the manual's chapter 4.1 *Lexical Structure*: nested comments, dollar quotes, `E''`
/// strings, operators that stop before a comment. What SQL does not know (`{{ … }}`, `${…}`, a
/// backslash) becomes a token of its own instead of an error. An unterminated quote ends where a
/// statement seems to begin again, so that what follows is still read.
struct Lexer {
  let text: UnsafeBufferPointer<UInt8>
  /// The next byte to read.
  var position: Int
  let end: Int
  /// What searches for the end of something have shown.
  var ahead = Lookahead()

  init(_ text: UnsafeBufferPointer<UInt8>, range: Range<Int>? = nil) {
    self.text = text
    position = range?.lowerBound ?? 0
    end = range?.upperBound ?? text.count
  }

  func byte(_ index: Int) -> UInt8 { index < end ? text[index] : 0 }

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

  mutating func single(_ kind: Token.Kind) -> Token.Kind {
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
    var index = position + 1
    while index < end, Self.isWordPart(text[index]) {
      if text[index] == UInt8(ascii: "$"), byte(index + 1) == UInt8(ascii: "{") { break }
      index += 1
    }
    position = index
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

  private mutating func operatorOrComment(_ first: UInt8) -> Token.Kind {
    let next = byte(position + 1)
    if first == UInt8(ascii: "-"), next == first { return lineComment() }
    if first == UInt8(ascii: "/"), next == UInt8(ascii: "*") { return blockComment() }
    if first == UInt8(ascii: "#"), next == UInt8(ascii: "{") {
      return delimited(opening: 2, by: .brace)
    }
    if first == UInt8(ascii: "<"), next == UInt8(ascii: "%"), let tag = embeddedTag() {
      return tag
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

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
  }
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  static func isWordStart(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
  }
  static func isWordPart(_ byte: UInt8) -> Bool {
    // Bits for `$` and the digits, and for the letters and `_`.
    let bits: UInt64 = byte < 64 ? 0x03FF_0010_0000_0000 : 0x07FF_FFFE_87FF_FFFE
    return byte >= 0x80 || bits >> UInt64(byte & 63) & 1 != 0
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
