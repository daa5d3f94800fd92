extension PLReader {
  /// Reads one statement up to its semicolon.
  mutating func statementKind() -> PLStatement.Kind {
    if tokens.isOperator("<<", at: index) {
      return opensBlock(at: index) ? .block(block()) : loop()
    }
    guard let keyword else { return assignment() ?? sqlStatement() }
    switch keyword {
    case .begin, .declare: return .block(block())
    case .if: return choice()
    case .case: return caseStatement()
    case .loop, .while, .for, .foreach: return loop()
    case .exit: return exit(isContinue: false)
    case .continue: return exit(isContinue: true)
    case .return: return returnStatement()
    case .raise: return raise()
    case .assert:
      index += 1
      return .assert(expressions())
    case .execute: return dynamic()
    case .perform: return perform()
    default: return simpleStatement(keyword)
    }
  }

  private mutating func simpleStatement(_ keyword: PLKeyword) -> PLStatement.Kind {
    switch keyword {
    case .open: return open()
    case .fetch, .move: return fetch()
    case .close:
      index += 1
      return path().map { .close(cursor: $0) } ?? .unknown
    case .commit, .rollback: return transactionEnd(keyword)
    case .null:
      index += 1
      return .nothing
    case .get:
      index = end(until: [])
      return .nothing
    default:
      guard !keyword.isReserved else {
        fail(from: index)
        index = end(until: [])
        return .unknown
      }
      return sqlStatement()
    }
  }

  /// `target := value`
  private mutating func assignment() -> PLStatement.Kind? {
    let start = index
    guard let target = path(),
      tokens[index].kind == .assign || tokens.isOperator("=", at: index)
    else {
      index = start
      return nil
    }
    index += 1
    return .assign(target: target, value())
  }

  /// `COMMIT [AND [NO] CHAIN]`
  private mutating func transactionEnd(_ keyword: PLKeyword) -> PLStatement.Kind {
    index += 1
    if skip("and") {
      _ = skip("no")
      _ = skip("chain")
    }
    return keyword == .commit ? .commit : .rollback
  }

  private mutating func returnStatement() -> PLStatement.Kind {
    index += 1
    if scope["next"] == nil, skip("next") { return .return(optionalExpression(), isNext: true) }
    if scope["query"] == nil, skip("query") {
      guard skip("execute") else { return .returnQuery(query()) }
      let text = expression(until: ["using"], isText: true)
      return .returnDynamic(text: text, using: using())
    }
    return .return(optionalExpression(), isNext: false)
  }

  private mutating func optionalExpression() -> PLQuery? {
    isAtEnd || tokens[index].kind == .semicolon ? nil : expression()
  }

  private static let levels: Set<String> = [
    "debug", "log", "info", "notice", "warning", "exception",
  ]

  private mutating func raise() -> PLStatement.Kind {
    index += 1
    guard tokens[index].kind != .semicolon, !isAtEnd else {
      return .raise(level: "exception", isRethrow: true, arguments: [])
    }
    var level = "exception"
    if tokens[index].kind == .word, let name = tokens.name(at: index), Self.levels.contains(name) {
      level = name
      index += 1
    }
    var arguments: [PLQuery] = []
    if skip(.string) {
      // Strings on several lines are one (`quotecontinue` in `scan.l`).
      while skip(.string) {}
      if skip(.comma) { arguments = expressions(until: ["using"]) }
    } else if !spells("using") {
      if skip("sqlstate") { _ = skip(.string) } else { _ = path() }
    }
    if skip("using") { arguments += raiseOptions() }
    return .raise(level: level, isRethrow: false, arguments: arguments)
  }

  /// `option = value, …`
  private mutating func raiseOptions() -> [PLQuery] {
    var result: [PLQuery] = []
    repeat {
      guard tokens.name(at: index) != nil else { break }
      index += 1
      guard tokens[index].kind == .assign || tokens.isOperator("=", at: index) else { break }
      index += 1
      result.append(expression(stopsAtComma: true))
    } while skip(.comma)
    return result
  }

  private mutating func open() -> PLStatement.Kind {
    index += 1
    guard let cursor = path() else { return .unknown }
    if tokens[index].kind == .leftParenthesis {
      return .open(
        cursor: cursor, arguments: arguments(), query: nil, dynamic: nil, using: [])
    }
    _ = skip("no")
    _ = skip("scroll")
    guard skip("for") else {
      return .open(cursor: cursor, arguments: nil, query: nil, dynamic: nil, using: [])
    }
    if skip("execute") {
      let text = expression(until: ["using"], isText: true)
      return .open(cursor: cursor, arguments: nil, query: nil, dynamic: text, using: using())
    }
    return .open(cursor: cursor, arguments: nil, query: query(), dynamic: nil, using: [])
  }

  /// `FETCH [direction [FROM | IN]] cursor INTO targets`; the direction can be an expression.
  private mutating func fetch() -> PLStatement.Kind {
    index = end(until: ["into"])
    guard let cursor = tokens.name(at: index - 1) else { return .unknown }
    return .fetch(cursor: cursor, into: skip("into") ? targets() : [])
  }
}
