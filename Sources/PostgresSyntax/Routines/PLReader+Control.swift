extension PLReader {
  /// Goes past `END` and the word of a compound statement.
  private mutating func end(of word: StaticString, from start: Int) {
    if spells("end"), tokens.spells(word, at: index + 1) {
      index += 2
    } else {
      fail(from: start)
    }
  }

  private mutating func then(from start: Int) {
    if !skip("then") { fail(from: start) }
  }

  mutating func choice() -> PLStatement.Kind {
    let start = index
    var arms: [PLArm] = []
    repeat {
      index += 1
      let condition = expression(until: ["then"])
      then(from: start)
      let body = statements(until: [.elsif, .elseif, .else])
      arms.append(PLArm(conditions: [condition], statements: body))
    } while keyword == .elsif || keyword == .elseif
    if skip("else") { arms.append(PLArm(conditions: [], statements: statements(until: []))) }
    end(of: "if", from: start)
    return .choice(value: nil, arms: arms)
  }

  mutating func caseStatement() -> PLStatement.Kind {
    let start = index
    index += 1
    let value = spells("when") ? nil : expression(until: ["when"])
    var arms: [PLArm] = []
    while skip("when") {
      let conditions = value == nil ? [expression(until: ["then"])] : expressions(until: ["then"])
      then(from: start)
      arms.append(PLArm(conditions: conditions, statements: statements(until: [.when, .else])))
    }
    if skip("else") { arms.append(PLArm(conditions: [], statements: statements(until: []))) }
    end(of: "case", from: start)
    return .choice(value: value, arms: arms)
  }

  /// A loop, from its label on.
  mutating func loop() -> PLStatement.Kind {
    let start = index
    let label = label()
    scope.push(label: label)
    defer { scope.pop() }
    guard let kind = loopKind() else {
      fail(from: start)
      index = end(until: [])
      return .unknown
    }
    let head = tokens.bytes(start..<index)
    if !skip("loop") { fail(from: start) }
    let body = statements(until: [])
    end(of: "loop", from: start)
    if tokens[index].kind != .semicolon, tokens.name(at: index) != nil { index += 1 }
    return .loop(PLLoop(label: label, kind: kind, body: body, head: head))
  }

  /// What is before LOOP.
  private mutating func loopKind() -> PLLoop.Kind? {
    switch keyword {
    case .loop: return .endless
    case .while:
      index += 1
      return .while(expression(until: ["loop"]))
    case .for:
      index += 1
      return forLoop()
    case .foreach:
      index += 1
      return arrayLoop()
    default: return nil
    }
  }

  private mutating func forLoop() -> PLLoop.Kind? {
    let targets = targets()
    guard !targets.isEmpty, skip("in") else { return nil }
    if skip("execute") {
      let text = expression(until: ["loop", "using"], isText: true)
      let values = using(until: ["loop"])
      declareMissing(targets)
      return .dynamic(targets: targets, text: text, using: values)
    }
    if let name = tokens.name(at: index), scope[name]?.isCursor == true,
      tokens.spells("loop", at: index + 1) || tokens[index + 1].kind == .leftParenthesis
    {
      index += 1
      let arguments = arguments()
      scope.declare(targets[0], PLScope.Variable(fields: .certain))
      return .cursor(variable: targets[0], cursor: name, arguments: arguments)
    }
    return queryOrRange(targets)
  }

  private mutating func queryOrRange(_ targets: [String]) -> PLLoop.Kind {
    let start = index
    let isReverse = skip("reverse")
    let first = index
    index = end(until: ["loop"], stopsAtRange: true)
    guard tokens.isRange(at: index) else {
      let query = query(start..<index)
      declareMissing(targets)
      return .query(targets: targets, query)
    }
    let from = sql.expression(tokens, first..<index, scope: scope)
    index += 1
    let to = expression(until: ["loop", "by"])
    let step = skip("by") ? expression(until: ["loop"]) : nil
    scope.declare(targets[0], PLScope.Variable())
    return .range(variable: targets[0], isReverse: isReverse, from: from, to: to, step: step)
  }

  /// A query's row goes to variables that must be declared; where they are not, they are taken for
  /// what they can only be.
  private mutating func declareMissing(_ targets: [String]) {
    for target in targets where scope[target] == nil && !target.contains(".") {
      let fields: PLScope.Variable.Fields = targets.count == 1 ? .certain : .none
      scope.declare(target, PLScope.Variable(fields: fields))
    }
  }

  private mutating func arrayLoop() -> PLLoop.Kind? {
    let targets = targets()
    guard !targets.isEmpty else { return nil }
    if skip("slice") { index += 1 }
    guard skip("in"), skip("array") else { return nil }
    let array = expression(until: ["loop"])
    declareMissing(targets)
    return .array(targets: targets, array)
  }

  /// `(a, name := b)` of a cursor.
  mutating func arguments() -> PLQuery? {
    guard skip(.leftParenthesis) else { return nil }
    let start = index
    index = end(until: [])
    var blanks: [Range<Int>] = []
    for index in start..<index where [.leftParenthesis, .comma].contains(tokens[index - 1].kind) {
      let isNamed =
        tokens[index + 1].kind == .assign || tokens.isOperator("=>", at: index + 1)
      if isNamed { blanks.append(tokens.bytes(index..<index + 2)) }
    }
    let query = sql.expression(tokens, start..<index, scope: scope, blanks: blanks)
    _ = skip(.rightParenthesis)
    return query
  }

  /// EXIT and CONTINUE.
  mutating func exit(isContinue: Bool) -> PLStatement.Kind {
    index += 1
    var label: String?
    if !spells("when"), let name = tokens.name(at: index) {
      label = name
      index += 1
    }
    let condition = skip("when") ? expression() : nil
    return .exit(isContinue: isContinue, label: label, condition: condition)
  }
}
