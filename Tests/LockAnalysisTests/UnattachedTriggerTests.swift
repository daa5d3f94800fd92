import Diagnostics
import Linting
import LockAnalysis
import SQLLockRules
import Testing

/// Functions of triggers in a repository with its code.
@Suite("Functions that no trigger runs")
struct UnattachedTriggerTests {
  private static let schema = """
    CREATE TABLE t (id int PRIMARY KEY, a int);
    CREATE TABLE log (id int PRIMARY KEY, kind int);
    CREATE FUNCTION used() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM 1; RETURN NEW;
    END $$;
    CREATE TRIGGER on_t AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION used();
    CREATE FUNCTION clear() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      DELETE FROM log WHERE kind = 1; RETURN NULL;
    END $$;

    """

  /// What is found in a repository with more SQL and some code, as severities and messages.
  private func found(_ sql: String, _ code: [String: String] = ["a.go": "x"]) throws -> [String] {
    let host = HostProgram(code.keys.sorted(), threads: 1) { code[$0].map { Array($0.utf8) } }
    let reader = ProjectReader(threads: 1, includesTests: false, host: host) { _ in false }
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let file = SourceFile(path: "db/functions.sql", bytes: Array((Self.schema + sql).utf8))
    return RuleCatalog.linter(selection: selection, threads: 1)
      .lint([ProjectFile(file)], with: reader).findings.map { "\($0.severity): \($0.message)" }
  }

  @Test("What it locks is a note, and nobody meets it")
  func unattached() throws {
    let found = try found("DELETE FROM log WHERE kind = 2 AND id = $1;")
    #expect(found.count == 1)
    #expect(
      found.allSatisfy {
        $0.hasPrefix("note") && $0.hasSuffix("no trigger in the repository runs `clear`")
      })
  }

  @Test(
    "A trigger may be made in a text",
    arguments: [
      "CREATE TRIGGER b AFTER DELETE ON t EXECUTE FUNCTION clear();",
      """
      CREATE FUNCTION watch(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        EXECUTE format('CREATE TRIGGER b AFTER DELETE ON %I EXECUTE FUNCTION clear()', name);
      END $$;
      """,
      "SELECT add_trigger('t', 'clear');",
      """
      CREATE FUNCTION clear(kinds int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM log WHERE kind < kinds;
      END $$;
      """,
    ])
  func attached(sql: String) throws {
    #expect(try found(sql).contains { $0.hasPrefix("warning") })
  }

  @Test("The code may make the trigger")
  func code() throws {
    let code = ["a.py": "run('CREATE TRIGGER b AFTER DELETE ON t EXECUTE FUNCTION clear()')"]
    #expect(try found("", code).contains { $0.hasPrefix("warning") })
  }

  @Test("Where less than half of the functions have a trigger others may be made elsewhere")
  func few() throws {
    let other = """
      CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
      """
    #expect(try found(other).contains { $0.hasPrefix("warning") })
  }

  @Test(
    "What runs by triggers of tables that nothing creates is said to be left out",
    arguments: [
      ("elsewhere", "", true),
      ("elsewhere", "DROP TABLE elsewhere;", true),
      ("t", "", false),
      (
        "elsewhere", "CREATE TRIGGER also AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION clear();",
        false
      ),
    ])
  func stray(table: String, more: String, isLeftOut: Bool) throws {
    let trigger = "CREATE TRIGGER x AFTER UPDATE ON \(table) EXECUTE FUNCTION clear();"
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let file = SourceFile(
      path: "schema.sql", bytes: Array((Self.schema + trigger + more).utf8))
    let notes = RuleCatalog.linter(selection: selection, threads: 1).lint([file]).notAnalysed
    #expect(
      notes.map(\.message)
        == (isLeftOut
          ? ["clear() runs by triggers of tables that nothing creates here; it is not analysed"]
          : [])
    )
  }
}
