@testable import PostgresSyntax

/// What `PLOracle` tells, of this package's reader.
enum PLOutline {
  static func of(_ block: PLBlock, in bytes: [UInt8]) -> [String] {
    ["block("] + of(block.statements, in: bytes)
      + block.handlers.flatMap { of($0.statements, in: bytes) } + [")"]
  }

  private static func of(_ statements: [PLStatement], in bytes: [UInt8]) -> [String] {
    statements.flatMap { of($0, in: bytes) }
  }

  private static func of(_ statement: PLStatement, in bytes: [UInt8]) -> [String] {
    let name = name(of: statement)
    switch statement.kind {
    case .block(let block): return of(block, in: bytes)
    // NULL leaves nothing behind there, GET DIAGNOSTICS no SQL.
    case .nothing:
      return bytes[statement.range].count == 4 ? [] : ["getdiag(", ")"]
    case .assign:
      return [name, PLOracle.text(String(decoding: bytes[statement.range], as: UTF8.self)), ")"]
    case .sql(let query, let into, _): return [name, text(query, without: into), ")"]
    case .choice(let value, let arms):
      return [name] + texts([value].compactMap(\.self))
        + arms.flatMap { conditions($0, isCase: name == "case(") + of($0.statements, in: bytes) }
        + [")"]
    case .loop(let loop):
      return [name] + texts(loop.kind.queries) + of(loop.body, in: bytes) + [")"]
    default: return [name] + texts(statement.queries) + [")"]
    }

    func name(of statement: PLStatement) -> String {
      let first = String(decoding: bytes[statement.range].prefix(7), as: UTF8.self).lowercased()
      return kind(statement.kind, first: first) + "("
    }
  }

  private static func conditions(_ arm: PLArm, isCase: Bool) -> [String] {
    let texts = texts(arm.conditions)
    return isCase && !texts.isEmpty ? [texts.joined(separator: " , ")] : texts
  }

  private static func texts(_ queries: [PLQuery]) -> [String] {
    queries.map { PLOracle.text($0.text) }
  }

  private static func text(_ query: PLQuery, without into: [String]) -> String {
    var text = PLOracle.text(query.text)
    if text.uppercased().hasPrefix("PERFORM ") { text = "SELECT " + text.dropFirst(8) }
    let targets = into.joined(separator: " , ")
    for part in ["INTO STRICT \(targets)", "INTO \(targets)"] where !into.isEmpty {
      text = text.replacing(part, with: "")
    }
    return PLOracle.text(text)
  }

  private static func kind(_ kind: PLStatement.Kind, first: String) -> String {
    switch kind {
    case .sql:
      first == "perform"
        ? "perform" : first.hasPrefix("call") || first.hasPrefix("do ") ? "call" : "execsql"
    case .assign: "assign"
    case .dynamic: "dynexecute"
    case .choice: first.hasPrefix("case") ? "case" : "if"
    case .loop(let loop): self.kind(loop.kind)
    case .exit: "exit"
    case .return(_, let isNext): isNext ? "return_next" : "return"
    case .returnQuery, .returnDynamic: "return_query"
    case .raise: "raise"
    case .assert: "assert"
    case .open: "open"
    case .fetch: "fetch"
    case .close: "close"
    case .commit: "commit"
    case .rollback: "rollback"
    case .block, .nothing, .unknown: "unknown"
    }
  }

  private static func kind(_ kind: PLLoop.Kind) -> String {
    switch kind {
    case .endless: "loop"
    case .while: "while"
    case .range: "fori"
    case .query: "fors"
    case .dynamic: "dynfors"
    case .cursor: "forc"
    case .array: "foreach_a"
    }
  }
}
