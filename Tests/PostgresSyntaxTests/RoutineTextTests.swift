import Diagnostics
import Testing

@testable import PostgresSyntax

@Suite("Finding routine bodies")
struct RoutineTextTests {
  private func dump(_ text: String) -> String? {
    let file = parse(text)
    #expect(file.failures.isEmpty)
    return file.statements.first?.routine.map(PLDump.text)
  }

  @Test(
    "the language decides how a body is read",
    arguments: [
      ("DO $$BEGIN NULL; END$$", "{nothing}"),
      ("DO LANGUAGE plpgsql 'BEGIN NULL; END'", "{nothing}"),
      ("DO $x$BEGIN NULL; END$x$ LANGUAGE 'plpgsql'", "{nothing}"),
      ("DO LANGUAGE plpython3u $$x$$", "opaque plpython3u"),
      (
        "CREATE FUNCTION f() RETURNS void AS 'BEGIN NULL; END' LANGUAGE PLpgSQL STRICT", "{nothing}"
      ),
      (
        "CREATE OR REPLACE PROCEDURE f(a text = 'as', b int DEFAULT 1) LANGUAGE sql AS $$ CALL g() $$",
        "sql(CallStmt)"
      ),
      (
        "CREATE FUNCTION f() RETURNS int SET x = 'as' AS 'SELECT 1' LANGUAGE sql", "sql(SelectStmt)"
      ),
      ("CREATE FUNCTION f(int) RETURNS int AS 'a', 'b' LANGUAGE c", "opaque c"),
      ("CREATE FUNCTION f(int) RETURNS int AS 'int4pl' LANGUAGE internal", "opaque internal"),
      ("CREATE FUNCTION f() RETURNS int AS E'SELECT 1' LANGUAGE sql", "sql(SelectStmt)"),
      ("CREATE FUNCTION f() RETURNS int AS E'SELECT\\n1' LANGUAGE sql", "opaque sql"),
      ("CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1", "sql(ReturnStmt)"),
      ("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC END", "sql()"),
      ("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS ''", "sql()"),
    ])
  func language(_ text: String, _ expected: String) {
    #expect(dump(text) == expected)
  }

  @Test("other statements have no body")
  func others() {
    #expect(parse("SELECT 'x'").statements.first?.routine == nil)
    #expect(parse("CREATE TABLE t AS SELECT 'x'").statements.first?.routine == nil)
  }

  @Test("the statements of an SQL body have their own places")
  func sqlBody() {
    for (opening, closing) in [("LANGUAGE sql AS $$", "$$"), ("BEGIN ATOMIC", "END")] {
      let file = parse(
        """
        -- größe
        CREATE FUNCTION f() RETURNS int \(opening)
          SELECT CASE WHEN true THEN 1 END AS "end"; -- a
          ; UPDATE t SET b = 'x;' /* c */ WHERE d = 1;
          SELECT 3; \(closing)
        """)
      let statements = file.statements.first?.routine?.statements ?? []
      #expect(
        statements.map { file.source.text($0.range) } == [
          #"SELECT CASE WHEN true THEN 1 END AS "end""#,
          "UPDATE t SET b = 'x;' /* c */ WHERE d = 1", "SELECT 3",
        ])
      let update = statements.dropFirst().first?.node
      let table = update?.child(.relation)?.location ?? 0
      #expect(file.source.text(table..<table + 5) == "t SET")
    }
  }

  @Test("a statement that fails in an SQL body leaves the others")
  func sqlFailure() {
    let file = parse("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; SELEC; SELECT 2'")
    #expect(file.statements.first?.routine?.statements?.count == 2)
    #expect(file.failures.map { file.source.text($0.statement) } == ["SELEC"])
  }

  @Test("parameters are read with their modes")
  func parameters() {
    let file = parse(
      """
      CREATE FUNCTION f(a int, INOUT b s.t = NULL, OUT text, VARIADIC c int[] DEFAULT '{}')
        RETURNS record LANGUAGE sql AS $$ SELECT 1, 2 $$;
      CREATE FUNCTION g(text[]) RETURNS TABLE (d int, e text) LANGUAGE c AS 'x', 'y';
      """)
    let all = file.statements.map { statement in
      (statement.routine?.parameters ?? []).map {
        "\($0.name ?? "-") \($0.type)" + ($0.isInput ? " in" : "") + ($0.isArray ? " array" : "")
          + ($0.hasDefault ? " default" : "")
      }
    }
    #expect(
      all == [
        ["a int4 in", "b t in default", "- text", "c int4 in array default"],
        ["- text in array", "d int4", "e text"],
      ])
  }
}
