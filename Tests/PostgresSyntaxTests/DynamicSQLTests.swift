import Diagnostics
import Testing

@testable import PostgresSyntax

@Suite("EXECUTE")
struct DynamicSQLTests {
  /// The kind of the statement with its tables, parameters and constants, each with the text of the
  /// file at its place; or why it is not known.
  private func read(_ text: String) -> String {
    let file = parse(
      "CREATE FUNCTION f(v int, w text) RETURNS void AS $b$ BEGIN EXECUTE \(text); END $b$ LANGUAGE plpgsql"
    )
    #expect(file.failures.isEmpty)
    guard
      case .dynamic(let query, _, _)? = file.statements.first?.routine?.block?.statements.first?
        .kind
    else { return "no EXECUTE" }
    var names = DynamicNames(in: "f")
    switch DynamicSQL.parse(query, names: &names) {
    case .unknown(let reason): return reason
    case .statements(let statements):
      #expect(statements.allSatisfy { $0.range == query.range })
      return statements.map { ([$0.kind] + parts($0, file)).joined(separator: " ") }
        .joined(separator: "; ")
    }
  }

  private func parts(_ statement: Statement, _ file: ParsedFile) -> [String] {
    statement.node.descendants.compactMap { node in
      let place = node.location.map { file.source.text($0..<$0 + 2) } ?? ""
      switch node.tag {
      case .RangeVar: return "\(node.string(.relname) ?? "")@\(place)"
      case .A_Const: return Literal(node).map { "\($0.text)@\(place)" }
      case .ParamRef: return "$\(node.int(.number))@\(place)"
      case .ColumnRef:
        guard case .parameter = Expression(node) else { return nil }
        return "<\(CanonicalExpression.text(node))>@\(place)"
      default: return nil
      }
    }
  }

  @Test(
    "a text that is known is a statement in its place",
    arguments: [
      ("'UPDATE tt SET a = 1 WHERE b = $1' USING 1", "UpdateStmt tt@tt 1@1  $1@$1"),
      ("$q$DELETE FROM tt WHERE b = 'x'$q$", "DeleteStmt tt@tt 'x'@'x"),
      ("'DELETE FROM tt WHERE b = ''x'' AND c = 77'::text", "DeleteStmt tt@tt 'x'@'' 77@77"),
      ("E'DELETE FROM tt\\nWHERE b = 1'", "DeleteStmt tt@E' 1@E'"),
      ("'DELETE FROM ' || 'tt' || ' WHERE b = ' || 55", "DeleteStmt tt@tt 55@55"),
      ("('LOCK TABLE tt;')", "LockStmt tt@tt"),
    ])
  func known(_ text: String, _ expected: String) {
    #expect(read(text) == expected)
  }

  @Test(
    "a value that is not known is a parameter",
    arguments: [
      ("'DELETE FROM tt WHERE a = ' || v", "DeleteStmt tt@tt <v>@v;"),
      (
        "'DELETE FROM tt WHERE a = ' || quote_literal(w) || ' AND b = 11'",
        "DeleteStmt tt@tt <w>@qu 11@11"
      ),
      ("'DELETE FROM tt WHERE a = ''' || w || ''' AND b = 11'", "DeleteStmt tt@tt <w>@w  11@11"),
      (
        "format('DELETE FROM tt WHERE a = %L AND b = %s AND 5 %% 2 = 1', w, g(v))",
        "DeleteStmt tt@tt <w>@%L <…2>@%s 5@5  2@2  1@1'"
      ),
      ("format('DELETE FROM %I.%I WHERE a = %2$L', 's', 'tt')", "DeleteStmt tt@%I 'tt'@%2"),
      (
        "format($q$DELETE FROM %1$s WHERE a = %2$L OR b = %2$L$q$, 'tt', v)",
        "DeleteStmt tt@%1 <v>@%2 <v>@%2"
      ),
      ("concat('DELETE FROM tt WHERE a = ', v)", "DeleteStmt tt@tt <v>@v)"),
    ])
  func values(_ text: String, _ expected: String) {
    #expect(read(text) == expected)
  }

  @Test(
    "numbers and widths of format's arguments may be anything",
    arguments: [
      ("format('DELETE FROM tt WHERE a = %9223372036854775807$L', v)", "DeleteStmt tt@tt <v>@%9"),
      ("format('DELETE FROM tt WHERE a = %2147483647$s OR b = %L', v)", "DeleteStmt tt@tt"),
      ("format('DELETE FROM tt WHERE a = %0$L OR b = %L', v)", "DeleteStmt tt@tt <v>@%L"),
      ("format('DELETE FROM tt WHERE a = %-*L OR b = %L', 5, v, w)", "<v>@%- <w>@%L"),
      ("format('DELETE FROM tt WHERE a = %3$*1$L OR b = %L', 5, w, v)", "<v>@%3"),
      ("format('DELETE FROM tt WHERE a = %*2$L', w, 5, v)", "DeleteStmt tt@tt <v>@%*"),
    ])
  func formatArguments(_ text: String, _ expected: String) {
    #expect(read(text).contains(expected))
  }

  @Test("several statements are read one by one")
  func several() {
    #expect(
      read("'DELETE FROM tt; UPDATE t SET a = ' || v || ';;'")
        == "DeleteStmt tt@tt; UpdateStmt t@t  <v>@v ")
    #expect(read("'DELETE FROM tt; SELEC'") == "EXECUTE runs a text that is no SQL")
  }

  @Test("a string after a type's name stays a string")
  func typed() {
    let text = "'DELETE FROM tt WHERE a < now() - interval ''' || v || ' days'''"
    #expect(read(text).hasPrefix("DeleteStmt tt@tt '"))
  }

  @Test(
    "what is not known is said",
    arguments: [
      ("format('DELETE FROM %I', g(w))", "EXECUTE builds the name of the table when it runs"),
      ("'DELETE FROM q_' || g(w)", "EXECUTE builds the name of the table when it runs"),
      ("format('DELETE FROM tt WHERE %I = 1', w)", "EXECUTE builds a name when it runs"),
      ("format('UPDATE tt SET %I = 1', w)", "EXECUTE builds a name when it runs"),
      (
        "'DELETE FROM tt WHERE ' || w || ' ORDER'",
        "EXECUTE builds parts of the statement when it runs"
      ),
      ("w", "EXECUTE runs a text that is made when it runs"),
      ("g(w)", "EXECUTE runs a text that is made when it runs"),
      ("format(w, v)", "EXECUTE runs a text that is made when it runs"),
      ("''", "EXECUTE runs a text that is made when it runs"),
      ("'SELEC'", "EXECUTE runs a text that is no SQL"),
      ("format('%', v)", "EXECUTE runs a text that is no SQL"),
      (
        "format('%5000000000000000000000$I x', v)",
        "EXECUTE builds parts of the statement when it runs"
      ),
    ])
  func unknown(_ text: String, _ reason: String) {
    #expect(read(text) == reason)
  }

  @Test(
    "the name of a table may be put together of literals and variables",
    arguments: [
      ("format('DELETE FROM %I WHERE a = %L', w, v)", "DeleteStmt ‹f.w›@%I <v>@%L"),
      ("format('DELETE FROM %s', w::regclass)", "DeleteStmt ‹f.w›@%s"),
      ("'DELETE FROM q_' || w || ' WHERE a = 11'", "DeleteStmt q_…@q_ 11@11"),
      ("'DELETE FROM q_' || w || '2'", "DeleteStmt q_…2@q_"),
      ("'DELETE FROM ' || quote_ident('q_' || w)", "DeleteStmt q_…@qu"),
      ("'DELETE FROM \"' || w || '\"'", "DeleteStmt ‹f.w›@\"'"),
      ("format('DELETE FROM %I', format('%s_q', w))", "DeleteStmt …_q@%I"),
      (
        "format('DELETE FROM %1$I USING q WHERE %1$I.a = q.a', 'q_' || w)", "DeleteStmt q_…@%1 q@q "
      ),
      ("format('DELETE FROM %I.%I', w, 'tt')", "DeleteStmt tt@%I"),
      ("format('DELETE FROM %I USING %I', 'q_' || w, 'q_' || v)", "DeleteStmt q_…@%I q_‹v›@%I"),
    ])
  func openNames(_ text: String, _ expected: String) {
    #expect(read(text) == expected)
  }

  @Test(
    "characters that mark what is not known may stand in the text itself",
    arguments: ["\u{E000}", "\u{E000}0\u{E001}", "\u{E000}7\u{E001}", "\u{E001}\u{E000}"])
  func foreignMarks(_ marks: String) {
    let texts = [
      "'DELETE FROM tt WHERE a = ''\(marks)'' AND b = ' || v", "'DELETE FROM \(marks)'",
      "format('DELETE FROM tt WHERE \"\(marks)\" = %L', v)", "'SELECT ''\(marks)'''",
    ]
    for text in texts { #expect(read(text) == "EXECUTE runs a text that can't be read") }
  }

  @Test("a long chain of operators is not followed")
  func chain() {
    let text = "'a'" + String(repeating: " || 'b'", count: 2_000)
    #expect(read(text) == "EXECUTE runs a text that is made when it runs")
  }
}
