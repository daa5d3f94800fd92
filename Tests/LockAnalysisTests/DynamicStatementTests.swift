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
}
