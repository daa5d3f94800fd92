import Algorithms

/// The tokens of a routine's body, without comments.
struct PLTokens {
  /// As long as the file; only the body's part counts.
  let text: [UInt8]
  private(set) var tokens: [Token] = []
  /// In the order of the text.
  private(set) var comments: [Range<Int>] = []
  private let end: Int

  init(text: [UInt8], range: Range<Int>) {
    self.text = text
    end = range.upperBound
    text.withUnsafeBufferPointer { buffer in
      var lexer = Lexer(buffer, range: range)
      while let token = lexer.next() {
        switch token.kind {
        case .comment: comments.append(token.range)
        case .blank: break
        case .operator: appendOperators(token, in: buffer)
        default:
          let token = Self.asPostgres(token, in: buffer)
          lexer.position = token.end
          tokens.append(token)
        }
      }
    }
  }

  /// `..` as one token.
  private static func asPostgres(_ token: Token, in text: UnsafeBufferPointer<UInt8>) -> Token {
    guard token.kind == .dot, token.end < text.count, text[token.end] == UInt8(ascii: ".") else {
      return token
    }
    return Token(kind: .dot, start: token.start, end: token.end + 1)
  }

  /// An operator, and the signs after it that belong to what follows (manual 4.1.3 *Operators*).
  private mutating func appendOperators(_ run: Token, in text: UnsafeBufferPointer<UInt8>) {
    var end = run.end
    if !text[run.range].contains(where: Self.keepsSign) {
      while end - run.start > 1, Self.isSign(text[end - 1]) { end -= 1 }
    }
    tokens.append(Token(kind: .operator, start: run.start, end: end))
    for sign in end..<run.end {
      tokens.append(Token(kind: .operator, start: sign, end: sign + 1))
    }
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
  }

  private static func keepsSign(_ byte: UInt8) -> Bool {
    "~!@#^&|`?%".utf8.contains(byte)
  }

  /// The comments that begin in a range of the text.
  func comments(in range: Range<Int>) -> ArraySlice<Range<Int>> {
    comments[comment(from: range.lowerBound)..<comment(from: range.upperBound)]
  }

  /// The first comment that does not begin before an offset.
  private func comment(from offset: Int) -> Int {
    comments.partitioningIndex { $0.lowerBound >= offset }
  }

  var count: Int { tokens.count }

  /// A token; after the last one an empty one of kind `blank`.
  subscript(index: Int) -> Token {
    index < tokens.count ? tokens[index] : Token(kind: .blank, start: end, end: end)
  }

  /// The bytes from the first to the last of some tokens.
  func bytes(_ range: Range<Int>) -> Range<Int> {
    let start = self[range.lowerBound].start
    guard !range.isEmpty else { return start..<start }
    return start..<self[range.upperBound - 1].end
  }

  /// Whether a token is a word, without regard to case.
  func spells(_ word: StaticString, at index: Int) -> Bool {
    guard index >= 0, index < tokens.count, tokens[index].kind == .word else { return false }
    return text.withUnsafeBufferPointer { $0.spells(word, at: tokens[index]) }
  }

  /// Whether a token is `..`.
  func isRange(at index: Int) -> Bool {
    let token = self[index]
    return token.kind == .dot && token.end - token.start == 2
  }

  /// Whether a token is an operator of these characters.
  func isOperator(_ operator: StaticString, at index: Int) -> Bool {
    let token = self[index]
    guard token.kind == .operator, token.range.count == `operator`.utf8CodeUnitCount else {
      return false
    }
    return token.range.allSatisfy { text[$0] == `operator`.utf8Start[$0 - token.start] }
  }

  /// A name as PostgreSQL reads it: in lower case unless it is quoted; nil for another token.
  func name(at index: Int) -> String? {
    let token = self[index]
    switch token.kind {
    case .word: return Self.lowercased(text[token.range])
    case .quotedIdentifier:
      return string(token.range.dropFirst().dropLast()).replacing("\"\"", with: "\"")
    default: return nil
    }
  }

  /// Only ASCII is folded, as PostgreSQL does it in UTF-8 databases.
  private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  /// The text of some bytes.
  func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}
