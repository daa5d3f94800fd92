import Diagnostics
import Linting
import LockAnalysis
import SQLLockRules
import Testing

/// Rows that everybody who calls a routine has for himself.
@Suite("Rows of callers")
struct CallerRowsTests {
  private static let schema = """
    CREATE TABLE runs (id bigserial PRIMARY KEY, n int);
    CREATE TABLE kinds (slug text PRIMARY KEY);
    CREATE TABLE steps (
      run_id bigint NOT NULL REFERENCES runs, slug text, n int, PRIMARY KEY (run_id, slug));
    CREATE FUNCTION advance(run bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
      UPDATE steps SET n = 1 FROM kinds WHERE kinds.slug = steps.slug AND steps.run_id = run;
      UPDATE runs SET n = 1 WHERE id = run;
    END $$;
    CREATE FUNCTION settle(run bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
      UPDATE runs SET n = 2 WHERE id = run;
      UPDATE steps SET n = 2 FROM kinds WHERE kinds.slug = steps.slug AND steps.run_id = run;
    END $$;

    """

  private static let complete = """
    CREATE FUNCTION complete(r bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
      PERFORM FROM runs WHERE id = r FOR UPDATE;
      PERFORM advance(r);
      PERFORM settle(r);
    END $$;

    """

  private static let start = """
    CREATE FUNCTION start() RETURNS void LANGUAGE plpgsql AS $$ DECLARE made bigint; BEGIN
      INSERT INTO runs (n) VALUES (0) RETURNING id INTO made;
      INSERT INTO steps SELECT made, slug, 0 FROM kinds ORDER BY slug;
      PERFORM advance(made);
    END $$;

    """

  /// The rules of what is found beside code that calls routines.
  private func rules(_ sql: String, _ code: [String: String]) throws -> [String] {
    let host = HostProgram(code.keys.sorted(), threads: 1) { code[$0].map { Array($0.utf8) } }
    let reader = ProjectReader(threads: 1, includesTests: false, host: host) { _ in false }
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let file = SourceFile(path: "db/functions.sql", bytes: Array((Self.schema + sql).utf8))
    return RuleCatalog.linter(selection: selection, threads: 1)
      .lint([ProjectFile(file)], with: reader).findings.map(\.rule)
  }

  private let code = ["a.ts": "await sql`SELECT complete(${id})`; await sql`SELECT start()`"]

  @Test("Routines whose callers have the row, or have made it, meet nobody")
  func kept() throws {
    #expect(try rules(Self.complete + Self.start, code) == [])
  }

  @Test(
    "The code may call them without it",
    arguments: [
      ["a.ts": "SELECT complete($1)", "b.py": "db.execute('SELECT advance(%s), settle(%s)')"],
      ["a.ts": "rpc('complete')", "b.ts": "rpc('advance')", "c.ts": "rpc(\"settle\")"],
      ["a.go": "q.Complete(ctx); q.Advance(ctx); q.Settle(ctx)"],
      // Nothing is known of the code, or what it uses the functions for.
      [:], ["a.go": "nothing"],
    ])
  func calledByHost(code: [String: String]) throws {
    #expect(try rules(Self.complete, code).contains("lock-order-inversion"))
    #expect(try rules(Self.complete, code).contains("unordered-update-from"))
  }

  @Test("A word that is no call does not count")
  func mentioned() throws {
    let types = ["types.ts": "type F = { advance: { run: number }, settle: {} }"]
    #expect(try rules(Self.complete, code.merging(types) { $1 }) == [])
  }

  @Test(
    "All callers have to have it, of the run that they hand over",
    arguments: [
      "PERFORM advance(r);", "PERFORM FROM runs WHERE id = 1 FOR UPDATE; PERFORM advance(r);",
      "PERFORM FROM runs WHERE id = r FOR SHARE; PERFORM advance(r);",
      "IF r > 1 THEN PERFORM FROM runs WHERE id = r FOR UPDATE; END IF; PERFORM advance(r);",
      "PERFORM FROM runs WHERE id = r FOR UPDATE SKIP LOCKED; PERFORM advance(r);",
      "PERFORM FROM runs WHERE id = r FOR UPDATE; r := r + 1; PERFORM advance(r);",
      "PERFORM advance(r); PERFORM FROM runs WHERE id = r FOR UPDATE;",
    ])
  func others(body: String) throws {
    let other =
      "CREATE FUNCTION other(r bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN \(body) END $$;"
    let code = ["a.ts": "SELECT complete($1); SELECT other($1)"]
    #expect(try rules(Self.complete + other, code).contains("unordered-update-from"))
  }

  @Test("A caller of callers")
  func nested() throws {
    let inner = """
      CREATE FUNCTION inner_one(x bigint) RETURNS void LANGUAGE sql AS 'SELECT advance(x)';
      CREATE FUNCTION outer_one(y bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        UPDATE runs SET n = 5 WHERE id = y;
        PERFORM inner_one(y);
      END $$;
      """
    let code = ["a.ts": "SELECT outer_one($1); SELECT complete($1)"]
    #expect(try rules(Self.complete + inner, code) == [])
  }

  @Test("Rows that refer to a new one are nobody else's")
  func newParents() throws {
    func start(_ insert: String) -> String {
      """
      CREATE FUNCTION start_all() RETURNS void LANGUAGE plpgsql AS $$ DECLARE made bigint; BEGIN
        \(insert) RETURNING id INTO made;
        UPDATE steps SET n = 1 FROM kinds WHERE kinds.slug = steps.slug AND run_id = made;
      END $$;
      """
    }
    #expect(
      try rules(start("INSERT INTO runs (n) VALUES (0)"), [:]) == [
        "unordered-update-from", "lock-order-inversion", "unordered-update-from",
      ])
    let upsert = "INSERT INTO runs VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET n = 1"
    #expect(try rules(start(upsert), [:]).count > 3)
  }
}
