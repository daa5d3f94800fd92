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
  private var variables: DynamicSQL.Variables
  private var expansions = 0

  init(variables: DynamicSQL.Variables) { self.variables = variables }

  /// An expression whose value is not known.
  private struct Unknown {
    /// How it is shown; equal for equal values only.
    let text: String
    let place: Int
    let quoting: Quoting
    /// What it is if it is a name or a part of one.
    let name: DynamicName?
  }

  /// How a value is put into the text: as a name, as a value, or as SQL.
  private enum Quoting { case name, value, none }

  /// Begins every identifier that stands for something unknown: a character for private use.
  private static let mark: Character = "\u{E000}"
  /// Ends them, for digits may follow.
  private static let end: Character = "\u{E001}"
  /// Operators are taken apart down to this depth.
  static let depthLimit = 500
  /// So many variables are replaced by what was assigned to them, for each may name others twice.
  private static let expansionLimit = 64

  /// Adds the value of an expression; false when it is too deep.
  mutating func append(_ node: Node, depth: Int = 0) -> Bool {
    guard depth < Self.depthLimit else { return false }
    let node = Expression.withoutCasts(node)
    switch Expression(node) {
    case .constant: append(constant: node)
    case .operation("||", let left?, let right):
      return append(left, depth: depth + 1) && append(right, depth: depth + 1)
    case .call(let call): return append(call, depth: depth)
    default:
      if let name = Self.variable(node), let text = variables.text(name) {
        append(text, at: node.firstLocation ?? 0)
        hasLiteral = hasLiteral || !text.isEmpty
        return true
      }
      if let name = Self.variable(node), let (value, inner) = variables.assigned(name),
        Self.isText(value) || Self.variable(value).flatMap(inner.text) != nil,
        expansions < Self.expansionLimit
      {
        expansions += 1
        let outer = variables
        variables = inner
        defer { variables = outer }
        return append(value, depth: depth + 1)
      }
      append(unknown: node, at: node.firstLocation ?? 0)
    }
    return true
  }

  /// Whether an expression is SQL that is put together: a part of it is written.
  private static func isText(_ node: Node) -> Bool {
    let node = Expression.withoutCasts(node)
    if StringLiteral(node) != nil { return true }
    switch Expression(node) {
    case .operation("||", _?, _): return true
    case .call(let call): return ["concat", "format"].contains(call.name)
    default: return false
    }
  }

  /// The variable or parameter that an expression is.
  static func variable(_ node: Node) -> String? {
    node.tag == .ParamRef || node.standIn != nil ? CanonicalExpression.text(node) : nil
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
      guard let text = text(of: node) else { return append(unknown: node, at: place) }
      append(text, at: place)
    }
  }

  private mutating func append(name node: Node, at place: Int) {
    guard let text = text(of: node) else {
      return append(unknown: node, at: place, .name)
    }
    append("\"\(text.replacing("\"", with: "\"\""))\"", at: place)
  }

  /// The text that an expression is, where it is known.
  private func text(of node: Node) -> String? {
    StringLiteral(node)?.string ?? Self.variable(node).flatMap(variables.text)
  }

  private mutating func append(value node: Node, at place: Int) {
    guard let literal = StringLiteral(node) else {
      return append(unknown: node, at: place, .value)
    }
    append("'\(literal.string.replacing("'", with: "''"))'", at: place)
  }

  private mutating func append(unknown node: Node, at place: Int, _ quoting: Quoting = .none) {
    append("\(Self.mark)\(unknowns.count)\(Self.end)", at: place)
    let text = Self.variable(node) ?? "…\(unknowns.count + 1)"
    let name = quoting == .value ? nil : DynamicName(node, variables: variables)
    unknowns.append(
      Unknown(
        text: text, place: place, quoting: quoting,
        name: quoting == .name ? name : name.flatMap(\.unquoted)))
  }

  // MARK: The finished text

  /// Whether the text itself has a character that marks unknowns.
  var hasForeignMarks: Bool {
    bytes.ranges(of: Array(String(Self.mark).utf8)).count != unknowns.count
  }

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
        let mark = bytes[range].firstRange(of: String(Self.mark).utf8)
      else { continue }
      let name =
        bytes[mark] + bytes[mark.upperBound...].prefix(while: Lexer.isDigit) + String(Self.end).utf8
      let blanks = [UInt8](repeating: UInt8(ascii: " "), count: range.count - name.count)
      let place = Self.number(name).map { unknowns[$0].place }
      bytes.replaceSubrange(range, with: name + blanks)
      for offset in range.prefix(name.count) { places[offset] = place ?? places[offset] }
    }
  }

  private static func number(_ name: some Collection<UInt8>) -> Int? {
    guard name.starts(with: String(mark).utf8) else { return nil }
    let digits = name.dropFirst(String(mark).utf8.count).prefix(while: Lexer.isDigit)
    guard name.dropFirst(String(mark).utf8.count + digits.count).elementsEqual(String(end).utf8)
    else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// Why the text does not parse, most likely.
  var failureReason: String {
    unknowns.isEmpty
      ? "EXECUTE runs a text that is no SQL" : "EXECUTE builds parts of the statement when it runs"
  }

  /// The text of a CREATE TABLE without the columns, constraints and options in it that are put in
  /// as a whole: what is left is known. Nil for another statement, and where nothing is left out.
  func withoutOpenParts() -> DynamicText? {
    let tokens = PLTokens(text: bytes, range: 0..<bytes.count)
    guard let start = (0..<tokens.count).first(where: { tokens[$0].kind == .leftParenthesis }),
      tokens.spells("create", at: 0),
      (1..<start).contains(where: { tokens.spells("table", at: $0) })
    else { return nil }
    var result = self
    for index in start..<tokens.count {
      guard let number = tokens.name(at: index).flatMap({ Self.number($0.utf8) }),
        unknowns.indices.contains(number), unknowns[number].quoting == .none
      else { continue }
      let comma = tokens[index - 1].kind == .comma ? tokens[index - 1].range : 0..<0
      for offset in Array(tokens[index].range) + Array(comma) {
        result.bytes[offset] = UInt8(ascii: " ")
      }
    }
    return result.bytes == bytes ? nil : result
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
      guard node.tag == .ColumnRef, let unknown = unknown(node), unknown.quoting != .name else {
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
      let isValue = unknown(node).map { $0.quoting != .name } ?? (node.tag == .A_Const)
      if isValue, node.tag == .ColumnRef || Self.isMarked(node.child(.sval)?.string(.sval)) {
        others -= 1
      }
    }
    return others > 0 ? "EXECUTE builds a name when it runs" : nil
  }

  private static func isMarked(_ name: String?) -> Bool { name?.contains(mark) ?? false }

  // MARK: Names that are put together

  /// The text with the names of relations in it as `names` calls them; nil where none of them is
  /// put together of literals and variables.
  func naming(relationsIn tree: SyntaxTree, _ names: inout DynamicNames) -> DynamicText? {
    var result = self
    var known: [[DynamicName.Part]: String] = [:]
    var isChanged = false
    for identifier in Self.openNames(in: tree) {
      guard let name = self.name(identifier.text) else { continue }
      let text =
        known[name.parts] ?? names.name(name, isInKnownSchema: identifier.isInKnownSchema)
      known[name.parts] = text
      isChanged = result.replace(identifier.text, with: text) || isChanged
    }
    return isChanged ? result : nil
  }

  /// An identifier with something unknown in it.
  private struct OpenName {
    let text: String
    /// Whether a schema is written before it.
    var isInKnownSchema = false
  }

  /// The names of tables and indexes, then what stands before columns.
  private static func openNames(in tree: SyntaxTree) -> [OpenName] {
    var relations: [OpenName] = []
    var qualifiers: [OpenName] = []
    for node in tree.root.subtree {
      let schema = node.string(.schemaname)
      for name in [schema, node.string(.idxname)] {
        relations += name.map { [OpenName(text: $0)] } ?? []
      }
      if let name = node.string(.relname) {
        relations.append(
          OpenName(text: name, isInKnownSchema: schema.map { !isMarked($0) } ?? false))
      }
      guard node.tag == .ColumnRef else { continue }
      qualifiers += node.list(.fields).dropLast().compactMap { field in
        field.string(.sval).map { OpenName(text: $0) }
      }
    }
    return (relations + qualifiers).filter { isMarked($0.text) }
  }

  /// The parts of an identifier, of those that stand in it for something unknown too.
  private func name(_ identifier: String) -> DynamicName? {
    var result = DynamicName()
    let pieces = identifier.split(separator: Self.mark, omittingEmptySubsequences: false)
    for (index, piece) in pieces.enumerated() {
      var rest = piece[...]
      if index > 0, let end = piece.firstIndex(of: Self.end), let number = Int(piece[..<end]),
        unknowns.indices.contains(number)
      {
        guard let name = unknowns[number].name else { return nil }
        result.append(name)
        rest = piece[piece.index(after: end)...]
      }
      if !rest.isEmpty { result.append(DynamicName([.literal(String(rest))])) }
    }
    return result
  }

  /// Writes a name where the text has an identifier with something unknown in it.
  private mutating func replace(_ identifier: String, with name: String) -> Bool {
    let tokens = PLTokens(text: bytes, range: 0..<bytes.count)
    guard let token = (0..<tokens.count).first(where: { tokens.name(at: $0) == identifier })
    else { return false }
    let range = tokens[token].range
    let quoted = Array("\"\(name.replacing("\"", with: "\"\""))\"".utf8)
    places.replaceSubrange(range, with: quoted.map { _ in places[range.lowerBound] })
    bytes.replaceSubrange(range, with: quoted)
    return true
  }
}
