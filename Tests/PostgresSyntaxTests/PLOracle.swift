import Foundation

@testable import PostgresSyntax

/// What libpg_query's own reader of PL/pgSQL makes of a body: the kinds of statements with the SQL
/// in them, nested.
enum PLOracle {
  /// One item for each statement and each text; nil when it refuses the body.
  static func outline(_ routine: String) -> [String]? {
    guard let json = PgQuery.parseRoutines(routine),
      let functions = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]],
      let function = functions.first?["PLpgSQL_function"] as? [String: Any]
    else { return nil }
    return items(function["action"])
  }

  /// The members that hold SQL or statements, in the order of the text.
  private static let order = [
    "t_expr", "cond", "lower", "upper", "step", "expr", "sqlstmt", "query", "dynquery", "message",
    "params", "options", "then_body", "elsif_list", "else_body", "case_when_list", "stmts", "body",
    "else_stmts", "exceptions", "exc_list", "action",
  ]

  private static func items(_ value: Any?) -> [String] {
    if let list = value as? [Any] { return list.flatMap(items) }
    guard let (name, members) = (value as? [String: Any])?.first,
      let members = members as? [String: Any]
    else { return [] }
    if name == "PLpgSQL_expr" { return [text(members["query"] as? String ?? "")] }
    let inner = order.flatMap { items(members[$0]) }
    guard name.hasPrefix("PLpgSQL_stmt_") else { return inner }
    return ["\(name.dropFirst("PLpgSQL_stmt_".count))("] + inner + [")"]
  }

  /// The tokens without comments, and without the variable that CASE is given.
  static func text(_ query: String) -> String {
    let bytes = Array(query.utf8)
    let tokens = PLTokens(text: bytes, range: 0..<bytes.count)
    let text = tokens.tokens.map { tokens.string($0.range) }.joined(separator: " ")
    guard text.hasPrefix("\"__Case__Variable_"), let start = text.range(of: " IN ( ") else {
      return text
    }
    return String(text[start.upperBound...].dropLast(2))
  }
}
