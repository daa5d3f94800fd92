/// A literal that can be compared with another.
package enum Literal: Sendable, Hashable {
  case integer(Int)
  /// A number that is not a small integer, as it is written.
  case number(String)
  case string(String)
  case boolean(Bool)

  /// Reads a constant, through casts and a sign; nil for NULL and for everything else.
  package init?(_ node: Node) {
    let node = Expression.withoutCasts(node)
    if node.tag == .A_Expr, case .operation("-", nil, let operand) = Expression(node),
      case .integer(let value)? = Literal(operand)
    {
      self = .integer(-value)
      return
    }
    guard node.tag == .A_Const, !node.flag(.isnull) else { return nil }
    if let integer = node.child(.ival) {
      self = .integer(integer.has(.ival) ? integer.int(.ival) : Self.written(node))
    } else if let number = node.child(.fval) {
      self = .number(number.string(.fval) ?? "0")
    } else if let string = node.child(.sval) {
      self = .string(string.string(.sval) ?? "")
    } else if let boolean = node.child(.boolval) {
      self = .boolean(boolean.flag(.boolval))
    } else if let bits = node.child(.bsval) {
      self = .string(bits.string(.bsval) ?? "")
    } else {
      return nil
    }
  }

  /// libpg_query 15 writes only positive integers; what else there is stands in the text.
  private static func written(_ node: Node) -> Int {
    guard let location = node.location, location < node.tree.text.count,
      node.tree.text[location] == UInt8(ascii: "-")
    else { return 0 }
    var value = 0
    for byte in node.tree.text[(location + 1)...].drop(while: Lexer.isSpace) {
      guard Lexer.isDigit(byte), value < Int(Int32.max) else { break }
      value = value * 10 + Int(byte - 0x30)
    }
    return -value
  }

  /// How it reads.
  package var text: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): value
    case .string(let value): "'\(value)'"
    case .boolean(let value): value ? "true" : "false"
    }
  }

  /// Whether this comes before another in PostgreSQL's order; nil when they can't be compared
  /// without knowing the type's or the collation's rules.
  package func precedes(_ other: Literal) -> Bool? {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): return left < right
    case (.number, .number), (.integer, .number), (.number, .integer):
      guard let left = Double(text), let right = Double(other.text), left != right else {
        return nil
      }
      return left < right
    case (.string(let left), .string(let right)):
      return Self.precedes(left, right)
    case (.boolean(let left), .boolean(let right)): return !left && right
    default: return nil
    }
  }

  /// Strings whose letters have one case are ordered alike by the usual collations.
  private static func precedes(_ left: String, _ right: String) -> Bool? {
    let plain = (left + right).utf8.allSatisfy {
      ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39)
    }
    let sameShape =
      left.utf8.count == right.utf8.count
      && zip(left.utf8, right.utf8).allSatisfy { Self.kind($0) == Self.kind($1) }
    guard plain || sameShape else { return nil }
    // Digits alone may be numbers of a type that the text does not show.
    let digits = (left + right).utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    guard !digits || left.utf8.count == right.utf8.count else { return nil }
    return left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// Digits and small letters sort by code, capitals by code; punctuation must be the same.
  private static func kind(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x30...0x39, 0x61...0x7A: 0
    case 0x41...0x5A: 1
    default: byte
    }
  }
}
