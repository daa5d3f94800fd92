import Diagnostics
import Linting
import SQLLockRules
import Testing

/// Statements that exist only while a routine is looked at.
@Suite("Dynamic statements")
struct DynamicStatementTests {
  @Test("A lock outlives the statement that EXECUTE has put together")
  func outlives() throws {
    let text = """
      CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql
        AS $$ BEGIN EXECUTE 'DELETE FROM t WHERE a = b'; END $$;
      BEGIN;
      SELECT f();
      UPDATE t SET x = 1 WHERE a = b;
      COMMIT;
      """
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    for _ in 0..<20 {
      let result = RuleCatalog.linter(selection: selection, threads: 2)
        .lint([SourceFile(path: "q.sql", bytes: Array(text.utf8))])
      #expect(result.findings.map(\.rule) == ["unordered-bulk-write"])
    }
  }

  @Test(
    "What a routine defines with the literals of a call is known",
    arguments: [
      ("SELECT add_index('t', 'k');", false), ("CALL add_all();", false),
      ("SELECT * FROM add_index('t', 'k');", false),
      ("DO $$ BEGIN PERFORM add_index('t', 'k'); END $$;", false),
      ("", true), ("SELECT add_index('t', 'id');", true),
      ("SELECT add_index('t', x) FROM y;", true),
    ])
  func defined(call: String, isFound: Bool) throws {
    let found = try linted(
      """
      CREATE TABLE t (id int PRIMARY KEY, k int);
      CREATE FUNCTION add_index(tab text, col text) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE s text;
      BEGIN
        s := 'CREATE INDEX ON ' || tab || ' (' || col || ')';
        EXECUTE s;
      END $$;
      CREATE PROCEDURE add_all() LANGUAGE sql AS 'CREATE INDEX ON t (k)';
      \(call)
      CREATE FUNCTION clear(x int) RETURNS void LANGUAGE sql AS 'DELETE FROM t WHERE k = x';
      """)
    #expect(found.contains { $0.severity == .warning } == isFound)
  }
}
