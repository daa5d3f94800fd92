/// `%[position$][flags][width]type` in the text that is given to `format`.
struct FormatItem {
  /// Which argument is meant.
  enum Argument: Equatable {
    /// The one after that which was used last.
    case next
    /// One by its number, from 0; -1 for `0$`, which no argument has.
    case number(Int)

    /// Its index, where `next` is the one after that which was used last.
    func index(_ next: Int) -> Int {
      switch self {
      case .next: next
      case .number(let number): number
      }
    }
  }

  let range: Range<Int>
  /// The argument that is written.
  let argument: Argument
  /// The argument that the width is taken from, as in `%*s`.
  let width: Argument?
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
    argument = Self.position(text, at: &index) ?? .next
    while index < text.count, text[index] == UInt8(ascii: "-") { index += 1 }
    if index < text.count, text[index] == UInt8(ascii: "*") {
      index += 1
      width = Self.position(text, at: &index) ?? .next
    } else {
      width = nil
      while index < text.count, Lexer.isDigit(text[index]) { index += 1 }
    }
    guard index < text.count, "sIL%".utf8.contains(text[index]) else { return nil }
    range = start..<index + 1
    conversion = text[index]
  }

  /// `n$`; PostgreSQL refuses a number that is no 32-bit integer, which is passed over here.
  private static func position(_ text: [UInt8], at index: inout Int) -> Argument? {
    let digits = text[index...].prefix(while: Lexer.isDigit)
    guard !digits.isEmpty, digits.endIndex < text.count,
      text[digits.endIndex] == UInt8(ascii: "$")
    else { return nil }
    index = digits.endIndex + 1
    return Int32(String(decoding: digits, as: UTF8.self)).map { .number(Int($0) - 1) } ?? .next
  }
}
