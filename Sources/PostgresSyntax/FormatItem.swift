/// `%[position$][flags][width]type` in the text that is given to `format`.
struct FormatItem {
  let range: Range<Int>
  /// The argument that is written, from 0; nil for the next one.
  let argument: Int?
  /// `s`, `I`, `L` or `%`.
  let conversion: UInt8

  /// The items of a text, in order; what is no item is left out.
  static func all(in text: [UInt8]) -> [FormatItem] {
    var result: [FormatItem] = []
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "%"), let item = FormatItem(text, at: index) {
        result.append(item)
        index = item.range.upperBound
      } else {
        index += 1
      }
    }
    return result
  }

  private init?(_ text: [UInt8], at start: Int) {
    var index = start + 1
    let digits = text[index...].prefix(while: Lexer.isDigit)
    var argument: Int?
    if !digits.isEmpty, digits.endIndex < text.count, text[digits.endIndex] == UInt8(ascii: "$") {
      argument = Int(String(decoding: digits, as: UTF8.self)).map { $0 - 1 }
      index = digits.endIndex + 1
    }
    while index < text.count, Lexer.isDigit(text[index]) || text[index] == UInt8(ascii: "-") {
      index += 1
    }
    guard index < text.count, "sIL%".utf8.contains(text[index]) else { return nil }
    range = start..<index + 1
    self.argument = argument
    conversion = text[index]
  }
}
