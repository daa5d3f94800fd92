/// Rewrites a body between single quotes, in which every quote is doubled, as SQL of the same
/// length.
///
/// A pair of quotes becomes a quote and a blank outside of the string that it belongs to:
/// `''abc''` becomes ` 'abc' `. A quote in a string, `''''`, becomes `''` and two blanks.
struct QuotedBody {
  private var text: [UInt8]
  private let end: Int
  private var position: Int

  /// Rewrites the body between the quotes.
  static func unquote(_ text: inout [UInt8], body: Range<Int>) {
    var reader = QuotedBody(text: text, end: body.upperBound, position: body.lowerBound)
    text = []
    reader.run()
    text = reader.text
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
