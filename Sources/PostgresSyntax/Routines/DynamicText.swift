/// The text of an EXECUTE while it is put together.
///
/// What is only known when it runs becomes an identifier that no other text has, which fits where a
/// value is wanted and where a name is wanted; the tree then shows which of them it was.
struct DynamicText {
  private(set) var bytes: [UInt8] = []
  /// For each byte its place in the file.
  private(set) var places: [Int] = []
  /// Whether any of it is known.
  private(set) var hasLiteral = false
  private var unknowns: [Unknown] = []

  /// An expression whose value is not known.
  private struct Unknown {
    /// How it is shown; equal for equal values only.
    let text: String
    let place: Int
    /// Whether it is quoted as a name.
    let isName: Bool
  }

  /// Begins every identifier that stands for something unknown: a character for private use.
  private static let mark = "\u{E000}"
  /// Operators are taken apart down to this depth.
  private static let depthLimit = 500

  /// Adds the value of an expression; false when it is too deep.
  mutating func append(_ node: Node, depth: Int = 0) -> Bool {
    guard depth < Self.depthLimit else { return false }
    let node = Expression.withoutCasts(node)
    switch Expression(node) {
    case .constant: append(constant: node)
    case .operation("||", let left?, let right):
      return append(left, depth: depth + 1) && append(right, depth: depth + 1)
    case .call(let call): return append(call, depth: depth)
    default: append(unknown: node, at: node.firstLocation ?? 0)
    }
    return true
  }

  private mutating func append(_ call: FunctionCall, depth: Int) -> Bool {
    let first = call.arguments.first.map(Expression.withoutCasts)
    switch (call.name, first) {
    case ("concat", _): return call.arguments.allSatisfy { append($0, depth: depth + 1) }
    case ("format", let format?):
      guard let literal = StringLiteral(format) else { return false }
      append(literal, arguments: Array(call.arguments.dropFirst()))
    case ("quote_ident", let name?): append(name: name, at: Self.place(of: call))
    case ("quote_literal", let value?), ("quote_nullable", let value?):
      append(value: value, at: Self.place(of: call))
    case ("chr", _): append(" ", at: Self.place(of: call))
    default: append(unknown: call.node, at: Self.place(of: call))
    }
    return true
  }

  private static func place(of call: FunctionCall) -> Int { call.node.firstLocation ?? 0 }

  private mutating func append(constant node: Node) {
    if let literal = StringLiteral(node) {
      append(literal, range: 0..<literal.bytes.count)
    } else {
      append(Literal(node)?.text ?? "NULL", at: node.location ?? 0)
    }
  }

  private mutating func append(_ literal: StringLiteral, range: Range<Int>) {
    bytes += literal.bytes[range]
    places += literal.places[range]
    hasLiteral = hasLiteral || !range.isEmpty
  }

  private mutating func append(_ text: String, at place: Int) {
    bytes += Array(text.utf8)
    places += text.utf8.map { _ in place }
  }

  // MARK: Parts that are filled in

  /// Adds what `format` makes of its arguments (manual 9.4.1 *format*).
  private mutating func append(_ format: StringLiteral, arguments: [Node]) {
    var next = 0
    var start = 0
    for item in FormatItem.all(in: format.bytes) {
      append(format, range: start..<item.range.lowerBound)
      start = item.range.upperBound
      let place = format.places[item.range.lowerBound]
      guard item.conversion != UInt8(ascii: "%") else {
        append("%", at: place)
        continue
      }
      if let width = item.width { next = width.index(next) + 1 }
      let index = item.argument.index(next)
      next = index + 1
      let argument = arguments.indices.contains(index) ? arguments[index] : nil
      append(argument, as: item.conversion, at: place)
    }
    append(format, range: start..<format.bytes.count)
  }

  private mutating func append(_ argument: Node?, as conversion: UInt8, at place: Int) {
    guard let argument else { return append("NULL", at: place) }
    let node = Expression.withoutCasts(argument)
    switch conversion {
    case UInt8(ascii: "I"): append(name: node, at: place)
    case UInt8(ascii: "L"): append(value: node, at: place)
    default:
      guard let literal = StringLiteral(node) else { return append(unknown: node, at: place) }
      append(literal.string, at: place)
    }
  }

  private mutating func append(name node: Node, at place: Int) {
    guard let literal = StringLiteral(node) else {
      return append(unknown: node, at: place, isName: true)
    }
    append("\"\(literal.string.replacing("\"", with: "\"\""))\"", at: place)
  }

  private mutating func append(value node: Node, at place: Int) {
    guard let literal = StringLiteral(node) else { return append(unknown: node, at: place) }
    append("'\(literal.string.replacing("'", with: "''"))'", at: place)
  }

  private mutating func append(unknown node: Node, at place: Int, isName: Bool = false) {
    append("\(Self.mark)\(unknowns.count)", at: place)
    let isVariable = node.tag == .ParamRef || node.standIn != nil
    let text = isVariable ? CanonicalExpression.text(node) : "…\(unknowns.count + 1)"
    unknowns.append(Unknown(text: text, place: place, isName: isName))
  }

  // MARK: The finished text

  /// A string with something unknown in it is unknown; but after the name of a type only a string
  /// can stand.
  mutating func replaceStrings() {
    let tokens = PLTokens(text: bytes, range: 0..<bytes.count)
    for index in 0..<tokens.count where tokens[index].kind == .string {
      let range = tokens[index].range
      let isTyped = ["interval", "date", "time", "timestamp", "timestamptz"].contains {
        tokens.name(at: index - 1 < 0 ? 0 : index - 1) == $0
      }
      guard !isTyped, bytes[range.lowerBound] == UInt8(ascii: "'"),
        let mark = bytes[range].firstRange(of: Self.mark.utf8)
      else { continue }
      let name = bytes[mark] + bytes[mark.upperBound...].prefix(while: Lexer.isDigit)
      let blanks = [UInt8](repeating: UInt8(ascii: " "), count: range.count - name.count)
      let place = Self.number(name).map { unknowns[$0].place }
      bytes.replaceSubrange(range, with: name + blanks)
      for offset in range.prefix(name.count) { places[offset] = place ?? places[offset] }
    }
  }

  private static func number(_ name: some Collection<UInt8>) -> Int? {
    guard name.starts(with: mark.utf8) else { return nil }
    return Int(String(decoding: name.dropFirst(mark.utf8.count), as: UTF8.self))
  }

  /// Why the text does not parse, most likely.
  var failureReason: String {
    unknowns.isEmpty
      ? "EXECUTE runs a text that is no SQL" : "EXECUTE builds parts of the statement when it runs"
  }

  /// The unknown that a `ColumnRef` is, as a whole.
  private func unknown(_ node: Node) -> Unknown? {
    guard node.list(.fields).count == 1, let name = node.list(.fields).first?.string(.sval),
      let number = Self.number(name.utf8), unknowns.indices.contains(number)
    else { return nil }
    return unknowns[number]
  }

  /// The unknown values in a tree.
  func placeholders(in root: Node) -> [Placeholder] {
    root.subtree.compactMap { node in
      guard node.tag == .ColumnRef, let unknown = unknown(node), !unknown.isName else {
        return nil
      }
      return Placeholder(
        range: unknown.place..<unknown.place + 1, text: unknown.text, isList: false,
        isVariable: true)
    }
  }

  /// What name the text leaves open; nil when everything unknown in it is a value.
  func unknownName(in tree: SyntaxTree) -> String? {
    guard !unknowns.isEmpty else { return nil }
    var others = tree.root.subtree.reduce(0) { count, node in
      count + (node.has(.sval) && Self.isMarked(node.string(.sval)) ? 1 : 0)
    }
    for node in tree.root.subtree {
      let names = [Field.relname, .schemaname, .catalogname].map { node.string($0) }
      if names.contains(where: Self.isMarked) {
        return "EXECUTE builds the name of the table when it runs"
      }
      if Self.isMarked(node.string(.name)) || Self.isMarked(node.string(.aliasname)) { others += 1 }
      let isValue = unknown(node).map { !$0.isName } ?? (node.tag == .A_Const)
      if isValue, node.tag == .ColumnRef || Self.isMarked(node.child(.sval)?.string(.sval)) {
        others -= 1
      }
    }
    return others > 0 ? "EXECUTE builds a name when it runs" : nil
  }

  private static func isMarked(_ name: String?) -> Bool { name?.contains(mark) ?? false }
}
