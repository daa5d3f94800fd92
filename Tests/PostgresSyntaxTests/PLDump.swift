@testable import PostgresSyntax

/// Writes the structure of a body on one line.
enum PLDump {
  static func text(_ body: RoutineBody) -> String {
    switch body.content {
    case .sql(let statements): "sql" + list(statements.map { "\($0.kind)" })
    case .plpgsql(let block): text(block)
    case .opaque(let language): "opaque \(language)"
    }
  }

  private static func list(_ items: [String]) -> String {
    "(" + items.joined(separator: ", ") + ")"
  }

  private static func text(_ block: PLBlock) -> String {
    var result = block.label.map { "\($0):" } ?? ""
    result += "{"
    if !block.variables.isEmpty {
      result += block.variables.map(text).joined(separator: ", ") + " | "
    }
    result += text(block.statements)
    for handler in block.handlers {
      result += " ! \(handler.conditions.joined(separator: "/")): \(text(handler.statements))"
    }
    return result + "}"
  }

  private static func text(_ statements: [PLStatement]) -> String {
    statements.map(text).joined(separator: "; ")
  }

  private static func text(_ variable: PLVariable) -> String {
    let kind =
      switch variable.kind {
      case .scalar: ""
      case .array: "array "
      case .record: "record "
      case .boundCursor(let arguments): "cursor" + list(arguments) + " "
      case .refcursor: "refcursor "
      case .alias(let original): "alias \(original)"
      }
    let value = variable.value.map { "=\(text($0))" } ?? ""
    return "\(variable.name) \(kind)\(variable.type)\(value)"
  }

  /// The SQL without runs of blanks, `!` behind what is parsed.
  static func text(_ query: PLQuery) -> String {
    "«" + query.text.split(whereSeparator: \.isWhitespace).joined(separator: " ") + "»"
      + (query.statement == nil ? "" : "!")
  }

  private static func text(_ queries: [PLQuery]) -> String { list(queries.map(text)) }

  private static func text(_ arm: PLArm) -> String {
    text(arm.conditions) + "[" + text(arm.statements) + "]"
  }

  private static func text(_ statement: PLStatement) -> String {
    switch statement.kind {
    case .sql(let query, let into, let isStrict):
      "sql " + text(query) + (into.isEmpty ? "" : (isStrict ? " strict" : "") + list(into))
    case .assign(let target, let value): "\(target):=\(text(value))"
    case .dynamic(let query, let into, let using):
      "execute \(text(query))" + (into.isEmpty ? "" : list(into)) + text(using)
    case .block(let block): text(block)
    case .choice(let value, let arms):
      "choice " + (value.map(text) ?? "") + arms.map(text).joined()
    case .loop(let loop):
      (loop.label.map { "\($0):" } ?? "") + "loop " + text(loop.kind) + "[" + text(loop.body) + "]"
    case .exit(let isContinue, let label, let condition):
      (isContinue ? "continue" : "exit") + (label.map { " \($0)" } ?? "")
        + (condition.map { " when \(text($0))" } ?? "")
    case .return(let value, let isNext):
      (isNext ? "return next" : "return") + (value.map { " \(text($0))" } ?? "")
    case .returnQuery(let query): "return query " + text(query)
    case .returnDynamic(let query, let using): "return execute " + text(query) + text(using)
    default: simple(statement)
    }
  }

  private static func simple(_ statement: PLStatement) -> String {
    switch statement.kind {
    case .raise(let level, let isRethrow, let arguments):
      isRethrow ? "raise" : "raise \(level)" + text(arguments)
    case .assert(let arguments): "assert" + text(arguments)
    case .open(let cursor, let arguments, let query, let dynamic, let using):
      "open \(cursor)"
        + [("args", arguments), ("for", query), ("execute", dynamic)]
        .compactMap { name, query in query.map { " \(name) \(text($0))" } }.joined()
        + (using.isEmpty ? "" : text(using))
    case .fetch(let cursor, let into): "fetch \(cursor)" + list(into)
    case .close(let cursor): "close \(cursor)"
    case .commit: "commit"
    case .rollback: "rollback"
    case .nothing: "nothing"
    default: "unknown"
    }
  }

  private static func text(_ kind: PLLoop.Kind) -> String {
    switch kind {
    case .endless: ""
    case .while(let condition): "while " + text(condition)
    case .range(let variable, let isReverse, let from, let to, let step):
      "\(variable) in" + (isReverse ? " reverse " : " ") + text(from) + ".." + text(to)
        + (step.map { " by " + text($0) } ?? "")
    case .query(let targets, let query): list(targets) + " in " + text(query)
    case .dynamic(let targets, let query, let using):
      list(targets) + " in execute " + text(query) + text(using)
    case .cursor(let variable, let cursor, let arguments):
      "\(variable) in cursor \(cursor)" + (arguments.map { " " + text($0) } ?? "")
    case .array(let targets, let array): list(targets) + " in array " + text(array)
    }
  }
}
