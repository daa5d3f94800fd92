/// Compares expressions by what they say, not by where and how they are written.
package enum Structure {
  /// A canonical text of an expression: without places, without the tables before column names,
  /// without casts. Equal texts mean equal expressions over one table.
  package static func text(_ node: Node) -> String {
    var result = ""
    write(node, to: &result)
    return result
  }

  /// A condition in canonical text, where `x`, `x = true` and `x IS TRUE` are one.
  package static func condition(_ node: Node) -> String {
    switch Expression(node) {
    case .operation("=", let left?, let right):
      guard case .boolean(let value)? = Literal(right) else { return text(node) }
      return value ? text(left) : "NOT \(text(left))"
    case .booleanTest(let inner, "IS_TRUE"): return text(inner)
    case .booleanTest(let inner, "IS_FALSE"): return "NOT \(text(inner))"
    case .not(let inner): return "NOT \(condition(inner))"
    default: return text(node)
    }
  }

  /// An expression over a table with its columns replaced by what is put into them.
  package static func text(_ node: Node, replacing columns: [String: String]) -> String {
    var result = ""
    write(node, to: &result, replacing: columns)
    return result
  }

  /// An expression as a person reads it, as far as it is short.
  package static func display(_ node: Node) -> String {
    let bare = Expression.withoutCasts(node)
    if let literal = Literal(bare) { return literal.text }
    switch Expression(bare) {
    case .parameter: return bare.placeholder?.text ?? text(bare)
    case .column(let names): return names.joined(separator: ".")
    case .subselect: return "(SELECT …)"
    case .call(let call):
      let arguments = call.arguments.map(display).joined(separator: ", ")
      return "\(call.name)(\(arguments.count > 40 ? "…" : arguments))"
    case .operation(let name, let left?, let right):
      return "\(display(left)) \(name) \(display(right))"
    case .operation(let name, nil, let right): return "\(name)\(display(right))"
    default: return displayOther(bare)
    }
  }

  private static func displayOther(_ node: Node) -> String {
    if node.kindName == "CoalesceExpr" {
      return "coalesce(\(node.list(.args).map(display).joined(separator: ", ")))"
    }
    if node.tag == .A_Indirection, let array = node.child(.arg) {
      let subscripts = node.list(.indirection).map { $0.child(.uidx).map(display) ?? "…" }
      return "\(display(array))[\(subscripts.joined(separator: "]["))]"
    }
    // What varies with a variable must show that it does.
    let variables = node.descendants.compactMap {
      $0.tag == .ColumnRef ? $0.placeholder?.text : nil
    }
    return variables.isEmpty ? "…" : "…(\(variables.joined(separator: ", ")))"
  }

  /// The variables and placeholders in an expression, as they are written, in the order of the tree.
  package static func variables(in node: Node) -> [String] {
    node.subtree.compactMap { $0.tag == .ColumnRef ? $0.placeholder?.text : nil }
  }

  private static func write(
    _ node: Node, to result: inout String, replacing columns: [String: String] = [:]
  ) {
    switch node.tag {
    case .ColumnRef:
      if let placeholder = node.standIn, placeholder.isVariable {
        result += placeholder.text
        return
      }
      let name = Array(node.list(.fields)).last?.string(.sval) ?? "*"
      result += columns[name] ?? name
    case .TypeCast:
      if let argument = node.child(.arg) { write(argument, to: &result, replacing: columns) }
    case .A_Const:
      writeConstant(node, to: &result)
    case .ParamRef:
      result += "$\(node.int(.number))"
    default:
      result += node.kindName.isEmpty ? "(" : "\(node.kindName)("
      for index in members(of: node) {
        writeMember(index, of: node, to: &result, replacing: columns)
      }
      result += ")"
    }
  }

  private static func members(of node: Node) -> [Int32] {
    var result: [Int32] = []
    var index = node.index + 1
    let end = node.tree.elements[Int(node.index)].end
    while index < end {
      let element = node.tree.elements[Int(index)]
      if element.field != .location { result.append(index) }
      index = Node.after(index, element)
    }
    return result
  }

  private static func writeMember(
    _ index: Int32, of node: Node, to result: inout String, replacing columns: [String: String]
  ) {
    let element = node.tree.elements[Int(index)]
    switch element.kind {
    case .node:
      write(Node(tree: node.tree, index: index), to: &result, replacing: columns)
    case .list:
      result += "["
      for item in NodeList(tree: node.tree, start: index + 1, end: element.end) {
        write(item, to: &result, replacing: columns)
        result += ","
      }
      result += "]"
    case .string, .escapedString:
      result += String(
        decoding: node.tree.bytes(at: element.value, count: element.end), as: UTF8.self)
    case .integer, .flag: result += "\(element.value)"
    case .null: break
    }
    result += " "
  }

  private static func writeConstant(_ node: Node, to result: inout String) {
    result += Literal(node)?.text ?? "NULL"
  }
}

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
