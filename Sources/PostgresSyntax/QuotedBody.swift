/// Rewrites a body between single quotes, in which every quote is doubled, as SQL of the same
/// length.
///
/// A pair of quotes becomes a quote and a blank outside of the string that it belongs to:
/// `''abc''` becomes ` 'abc' `. A quote in a string, `''''`, becomes `''` and two blanks.
struct QuotedBody {
  private var text: [UInt8]
  private let end: Int
  private var position: Int

  /// A file's text with all such bodies rewritten.
  static func unquoted(_ masked: MaskedText) -> [UInt8] {
    var text = masked.bytes
    for statement in masked.statements {
      guard let place = body(of: statement.range, in: masked.bytes) else { continue }
      var reader = QuotedBody(text: text, end: place.upperBound, position: place.lowerBound)
      text = []
      reader.run()
      text = reader.text
    }
    return text
  }

  /// The body between quotes of a statement that may create or run a routine.
  private static func body(of statement: Range<Int>, in text: [UInt8]) -> Range<Int>? {
    let isDo: Bool? = text.withUnsafeBufferPointer { buffer in
      var lexer = Lexer(buffer, range: statement)
      var first = lexer.next()
      while first?.kind == .comment { first = lexer.next() }
      guard let first else { return nil }
      if buffer.spells("create", at: first) { return false }
      return buffer.spells("do", at: first) ? true : nil
    }
    guard let isDo, hasQuotes(text, body: statement),
      let place = RoutineText(in: text, statement: statement, isDo: isDo),
      place.quoting == .quote, hasQuotes(text, body: place.range)
    else { return nil }
    return place.range
  }

  /// Whether a body has doubled quotes at all.
  static func hasQuotes(_ text: [UInt8], body: Range<Int>) -> Bool {
    text[body].contains(UInt8(ascii: "'"))
  }

  private func starts(with bytes: StaticString) -> Bool {
    guard position + bytes.utf8CodeUnitCount <= end else { return false }
    return (0..<bytes.utf8CodeUnitCount).allSatisfy {
      text[position + $0] == bytes.utf8Start[$0]
    }
  }

  private mutating func run() {
    while position < end {
      if starts(with: "--") {
        skip(past: "\n")
      } else if starts(with: "/*") {
        skip(past: "*/")
      } else if starts(with: "''") {
        string()
      } else {
        position += 1
      }
    }
  }

  private mutating func skip(past closing: StaticString) {
    while position < end, !starts(with: closing) { position += 1 }
    position = min(position + closing.utf8CodeUnitCount, end)
  }

  private mutating func string() {
    open()
    while position < end {
      guard starts(with: "''") else {
        position += 1
        continue
      }
      if starts(with: "''''") {
        text[position + 2] = UInt8(ascii: " ")
        text[position + 3] = UInt8(ascii: " ")
        position += 4
      } else {
        text[position + 1] = UInt8(ascii: " ")
        position += 2
        return
      }
    }
  }

  /// The letter of `E''…''` stays next to its quote.
  private mutating func open() {
    let before = position > 0 ? text[position - 1] : 0
    let isAlone = position < 2 || !Lexer.isWordPart(text[position - 2])
    if isAlone, "eEbBxXnN".utf8.contains(before) {
      text[position] = before
      text[position - 1] = UInt8(ascii: " ")
      text[position + 1] = UInt8(ascii: "'")
    } else {
      text[position] = UInt8(ascii: " ")
    }
    position += 2
  }
}
