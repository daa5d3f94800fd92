extension PLReader {
  /// What stands between DECLARE and BEGIN.
  mutating func declarations() -> [PLVariable] {
    var result: [PLVariable] = []
    while !isAtEnd, !spells("begin") {
      if skip("declare") { continue }
      let start = index
      if let variable = declaration() {
        result.append(variable)
      } else {
        fail(from: start)
        index = end(until: ["begin"])
      }
      if index == start || tokens[index].kind == .semicolon { index += 1 }
    }
    return result
  }

  private mutating func declaration() -> PLVariable? {
    guard let name = tokens.name(at: index) else { return nil }
    index += 1
    if skip("alias") { return alias(name) }
    if isCursor { return cursor(name) }
    _ = skip("constant")
    let start = index
    index = end(until: ["not", "collate", "default"], signs: true)
    guard index > start else { return nil }
    let type = tokens.bytes(start..<index)
    if skip("collate") { while tokens.name(at: index) != nil || isDot { index += 1 } }
    if skip("not") { _ = skip("null") }
    let value = initialValue()
    guard tokens[index].kind == .semicolon else { return nil }
    let kind = kind(of: name, type: start)
    declare(name, kind)
    return PLVariable(name: name, kind: kind, type: tokens.string(type), value: value)
  }

  private var isDot: Bool { tokens[index].kind == .dot }

  private mutating func initialValue() -> PLQuery? {
    guard skip("default") || skip(.assign) || tokens.isOperator("=", at: index) else { return nil }
    if tokens.isOperator("=", at: index) { index += 1 }
    return value()
  }

  private mutating func alias(_ name: String) -> PLVariable? {
    guard skip("for") else { return nil }
    let original =
      tokens.name(at: index)
      ?? (tokens[index].kind == .parameter ? tokens.string(tokens[index].range) : nil)
    guard let original else { return nil }
    index += 1
    var variable =
      scope[original] ?? PLScope.Variable(fields: isQualifier(name) ? .possible : .none)
    variable.original = variable.original ?? original
    scope.declare(name, variable)
    return PLVariable(name: name, kind: .alias(of: original), type: "", value: nil)
  }

  /// `[[NO] SCROLL] CURSOR`
  private var isCursor: Bool {
    let start = tokens.spells("no", at: index) ? index + 1 : index
    return tokens.spells("cursor", at: tokens.spells("scroll", at: start) ? start + 1 : start)
  }

  private mutating func cursor(_ name: String) -> PLVariable? {
    while !skip("cursor") { index += 1 }
    scope.push(label: nil)
    let arguments = cursorArguments()
    for argument in arguments { scope.declare(argument, PLScope.Variable()) }
    defer {
      scope.pop()
      scope.declare(name, PLScope.Variable(isCursor: true))
    }
    guard skip("for") || skip("is") else { return nil }
    return PLVariable(
      name: name, kind: .boundCursor(arguments: arguments), type: "", value: query())
  }

  /// `(name type, …)`
  private mutating func cursorArguments() -> [String] {
    guard skip(.leftParenthesis) else { return [] }
    var result: [String] = []
    while !isAtEnd {
      if let name = tokens.name(at: index) { result.append(name) }
      index = end(until: [], stopsAtComma: true)
      guard skip(.comma) else { break }
    }
    _ = skip(.rightParenthesis)
    return result
  }

  /// What a variable is by its type, which begins at a token and ends here or before.
  private func kind(of name: String, type start: Int) -> PLVariable.Kind {
    var last = start
    while tokens[last + 1].kind == .dot { last += 2 }
    let type = tokens.name(at: last) ?? ""
    var index = last + 1
    while index < tokens.count, index < self.index {
      if tokens[index].kind == .leftBracket || tokens.spells("array", at: index) { return .array }
      if tokens.spells("rowtype", at: index) { return .record }
      if [.assign, .semicolon].contains(tokens[index].kind) { break }
      if tokens.spells("default", at: index) || tokens.isOperator("=", at: index) { break }
      index += 1
    }
    if type == "refcursor" { return .refcursor }
    if type == "record" { return .record }
    return !ScalarTypes.contains(type) && isQualifier(name) ? .record : .scalar
  }

  private mutating func declare(_ name: String, _ kind: PLVariable.Kind) {
    var variable = PLScope.Variable()
    switch kind {
    case .array: variable.isArray = true
    case .record: variable.fields = .certain
    case .refcursor: variable.isCursor = true
    case .scalar, .boundCursor, .alias: break
    }
    scope.declare(name, variable)
  }
}
