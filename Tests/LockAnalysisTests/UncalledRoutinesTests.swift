import Diagnostics
import Linting
import LockAnalysis
import SQLLockRules
import Testing

/// Routines in a repository with its code.
@Suite("Routines that nothing calls")
struct UncalledRoutinesTests {
  /// `used` is called by the code; `clear` is looked at.
  private static let schema = """
    CREATE TABLE log (id int PRIMARY KEY, kind int);
    CREATE FUNCTION used(x int) RETURNS void LANGUAGE sql AS $$
      UPDATE log SET kind = 2 WHERE id = x;
    $$;
    CREATE FUNCTION clear() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
      DELETE FROM log WHERE kind = 1;
    END $$;

    """

  private func found(
    _ sql: String, _ code: [String: String] = ["a.go": "db.Exec(`SELECT used($1)`)"],
    isWhole: Bool = true
  ) throws -> [String] {
    let host = HostProgram(code.keys.sorted(), isWhole: isWhole, threads: 1) {
      code[$0].map { Array($0.utf8) }
    }
    let reader = ProjectReader(threads: 1, includesTests: false, host: host) { _ in false }
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let files = [("functions", Self.schema), ("queries", sql)].map { name, text in
      ProjectFile(SourceFile(path: "db/\(name).sql", bytes: Array(text.utf8)))
    }
    return RuleCatalog.linter(selection: selection, threads: 1)
      .lint(files, with: reader).findings.map { "\($0.severity): \($0.message)" }
  }

  @Test(
    "What they lock is a note, and nobody meets it",
    arguments: [
      "", "COMMENT ON FUNCTION clear() IS 'clear';", "ALTER FUNCTION clear() OWNER TO x;",
      "CREATE FUNCTION dead() RETURNS void LANGUAGE sql AS 'SELECT clear()';",
    ])
  func uncalled(sql: String) throws {
    let found = try found(sql + "DELETE FROM log WHERE kind = 2 AND id = $1;")
    #expect(found.count == 1)
    #expect(
      found.allSatisfy {
        $0.hasPrefix("note") && $0.hasSuffix("nothing in the repository calls `clear`")
      })
  }

  @Test(
    "SQL may call them, let others call them, or be too new to be read",
    arguments: [
      "SELECT clear() WHERE 1 = $1;", "CREATE VIEW v AS SELECT clear();",
      "GRANT EXECUTE ON FUNCTION clear() TO x;", "SELECT schedule('SELECT clear()');",
      "SELECT $1, Clear();", "CREATE WHATEVER AS SELECT clear();",
      """
      CREATE OR REPLACE FUNCTION used(x int) RETURNS void LANGUAGE sql AS $$ SELECT clear(); $$;
      """,
    ])
  func called(sql: String) throws {
    #expect(try found(sql).contains { $0.hasPrefix("warning") })
  }

  @Test(
    "The code may call them, under names that it puts together",
    arguments: [
      ("a.py", "run('SELECT used(1)', 'SELECT clear()')"),
      ("a.java", "call(\"USED\"); call(\"Clear\")"),
      ("map.xml", "<select id='used'/> <delete>{call clear()}</delete>"),
      ("cron.sh", "psql -c 'SELECT used(1), clear()'"), ("bin/run", "used clear"),
      ("a.ts", "f('used'); f('cl' + 'ear')"),
    ])
  func code(path: String, text: String) throws {
    #expect(try found("", [path: text]).contains { $0.hasPrefix("warning") })
  }

  @Test(
    "Nothing is said where most of the routines are for others, or where not all of the code is there"
  )
  func interface() throws {
    let more = """
      CREATE FUNCTION other(x int) RETURNS void LANGUAGE sql AS 'UPDATE log SET kind = 2 WHERE id = x';
      """
    #expect(try found("").allSatisfy { $0.hasPrefix("note") })
    #expect(try found(more).contains { $0.hasPrefix("warning") })
    #expect(try found("", isWhole: false).contains { $0.hasPrefix("warning") })
    let extensionCode = ["a.py": "run('SELECT used(1)')", "x.control": ""]
    #expect(try found("", extensionCode).contains { $0.hasPrefix("warning") })
  }

  @Test(
    "SQL may put names together as well",
    arguments: [
      ("SELECT run(format('log_%s', 'clear'));", true), ("SELECT run('log_clea' || r);", false),
      ("SELECT log, clear FROM t;", false),
    ])
  func assembled(sql: String, isCalled: Bool) throws {
    let clear = """
      CREATE FUNCTION log_clear() RETURNS void LANGUAGE sql AS 'DELETE FROM log WHERE kind = 3';
      """
    let code = ["a.py": "run('SELECT used(1)', 'SELECT clear()')"]
    let found = try found(clear + sql, code)
    #expect(
      found.contains { $0.hasSuffix("nothing in the repository calls `log_clear`") } != isCalled)
  }

  @Test("Tests call nothing")
  func tests() throws {
    let code = ["a.py": "run('SELECT used(1)')", "tests/test_a.py": "run('SELECT clear()')"]
    #expect(try found("", code).allSatisfy { $0.hasPrefix("note") })
  }

  @Test("Callers that nothing calls keep nothing apart")
  func deadCallers() throws {
    // `clear` is called behind a lock by a routine that is dead, and without one by the code.
    let dead = """
      CREATE FUNCTION dead() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        LOCK TABLE log IN EXCLUSIVE MODE;
        PERFORM clear();
      END $$;
      """
    let code = ["a.py": "run('SELECT used(1)', 'SELECT clear()')"]
    #expect(try found(dead, code).contains { $0.hasPrefix("warning") })
  }
}
