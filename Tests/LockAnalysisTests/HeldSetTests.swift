import Diagnostics
import Linting
import SQLLockRules
import Testing

/// What a transaction holds by the time it makes a request, told by what is still found.
@Suite("Held sets")
struct HeldSetTests {
  private static let schema = """
    CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text);
    CREATE TABLE u (id int PRIMARY KEY, t_id int);

    """

  /// The lines of `unordered-…` findings in a body of PL/pgSQL, counted from its BEGIN.
  private func lines(_ body: String, as kind: String = "FUNCTION f() RETURNS void") throws -> [Int]
  {
    let head = "CREATE \(kind) LANGUAGE plpgsql AS $$"
    let text = Self.schema + head + body + "$$;\n"
    let selection = try Selection(
      select: ["row-order"], ignore: [], rules: RuleCatalog.descriptions)
    let findings = RuleCatalog.linter(selection: selection, threads: 1)
      .lint([SourceFile(path: "f.sql", bytes: Array(text.utf8))]).findings
    let first = Self.schema.split(separator: "\n", omittingEmptySubsequences: false).count
    return findings.map { $0.range.start.line - first + 1 }
  }

  @Test("Rows that are locked in order before need no order")
  func before() throws {
    let found = try lines(
      """
      BEGIN
      PERFORM 1 FROM t WHERE a = 1 ORDER BY id FOR UPDATE;
      UPDATE t SET b = '' WHERE a = 1;
      END
      """)
    #expect(found.isEmpty)
  }

  @Test("A lock in one arm of IF does not protect the other")
  func otherArm() throws {
    let found = try lines(
      """
      BEGIN
      IF now() > '2000-01-01' THEN
      PERFORM 1 FROM t WHERE a = 1 ORDER BY id FOR UPDATE;
      ELSE
      UPDATE t SET b = '' WHERE a = 1;
      END IF;
      END
      """)
    #expect(found == [5])
  }

  @Test("A lock that only some runs take does not protect what comes after")
  func someRuns() throws {
    let found = try lines(
      """
      BEGIN
      IF now() > '2000-01-01' THEN
      PERFORM 1 FROM t WHERE a = 1 ORDER BY id FOR UPDATE;
      END IF;
      UPDATE t SET b = '' WHERE a = 1;
      END
      """)
    #expect(found == [5])
  }

  @Test("A lock protects what follows in its own arm, and what only its arm comes to")
  func ownArm() throws {
    let found = try lines(
      """
      BEGIN
      IF now() > '2000-01-01' THEN
      PERFORM 1 FROM t WHERE a = 1 ORDER BY id FOR UPDATE;
      UPDATE t SET b = '' WHERE a = 1;
      ELSE
      RETURN;
      END IF;
      UPDATE t SET b = 'x' WHERE a = 1;
      END
      """)
    #expect(found.isEmpty)
  }

  @Test(
    "A lock that is tried for is a gate where the routine leaves without it",
    arguments: [
      ("BEGIN IF NOT pg_try_advisory_xact_lock(1) THEN RETURN; END IF;", true),
      (
        "DECLARE got boolean; BEGIN got := pg_try_advisory_xact_lock(1); IF NOT got THEN RETURN; END IF;",
        true
      ),
      (
        "DECLARE got boolean; BEGIN SELECT pg_try_advisory_lock(1) INTO got; IF got = false THEN RAISE EXCEPTION 'busy'; END IF;",
        true
      ),
      (
        "DECLARE got boolean; BEGIN got := pg_try_advisory_xact_lock(1); IF NOT got THEN RAISE NOTICE 'x'; END IF;",
        false
      ),
      (
        "DECLARE got boolean; BEGIN got := pg_try_advisory_xact_lock(1); got := true; IF NOT got THEN RETURN; END IF;",
        false
      ),
      (
        "BEGIN IF (SELECT NOT pg_try_advisory_xact_lock(1)) THEN PERFORM pg_advisory_xact_lock(1); END IF;",
        true
      ),
      (
        "BEGIN IF NOT pg_try_advisory_xact_lock(1) THEN PERFORM pg_advisory_xact_lock(2); END IF;",
        false
      ),
      ("BEGIN PERFORM pg_try_advisory_xact_lock(1);", false),
      ("BEGIN IF NOT pg_try_advisory_xact_lock_shared(1) THEN RETURN; END IF;", false),
    ])
  func attempt(head: String, isGate: Bool) throws {
    let found = try lines(head + "\nUPDATE t SET b = '' WHERE a = 1;\nEND")
    #expect(found == (isGate ? [] : [2]))
  }

  @Test("A procedure that commits gives back what it has locked")
  func commit() throws {
    let found = try lines(
      """
      BEGIN
      PERFORM 1 FROM t WHERE a = 1 ORDER BY id FOR UPDATE;
      COMMIT;
      UPDATE t SET b = '' WHERE a = 1;
      END
      """, as: "PROCEDURE f()")
    #expect(found == [4])
  }

  @Test("A gate before COMMIT keeps nobody out afterwards")
  func gateBeforeCommit() throws {
    let found = try lines(
      """
      BEGIN
      LOCK TABLE t IN EXCLUSIVE MODE;
      UPDATE t SET b = 'x';
      COMMIT;
      UPDATE t SET b = '' WHERE a = 1;
      END
      """, as: "PROCEDURE f()")
    #expect(found == [5])
  }

  @Test("What a block with EXCEPTION locks is not certain behind it unless its handlers leave")
  func handlers() throws {
    func found(_ handler: String) throws -> [Int] {
      try lines(
        """
        BEGIN
        BEGIN
        PERFORM 1 FROM t WHERE a = 1 ORDER BY id FOR UPDATE;
        EXCEPTION WHEN division_by_zero THEN \(handler);
        END;
        UPDATE t SET b = '' WHERE a = 1;
        END
        """)
    }
    #expect(try found("NULL") == [6])
    #expect(try found("RAISE").isEmpty)
  }

  @Test(
    "Rows that ROLLBACK TO has given back protect nothing",
    arguments: [
      "SELECT 1 FROM t WHERE a = 1 ORDER BY id FOR UPDATE;",
      "SELECT 1 FROM t WHERE a = 1 ORDER BY id FOR UPDATE; SAVEPOINT s; RELEASE s;",
    ])
  func savepoint(_ locking: String) throws {
    let text =
      Self.schema + """
        BEGIN;
        SAVEPOINT s;
        \(locking)
        ROLLBACK TO s;
        UPDATE t SET b = '' WHERE a = 1;
        COMMIT;
        """
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let findings = RuleCatalog.linter(selection: selection, threads: 1)
      .lint([SourceFile(path: "q.sql", bytes: Array(text.utf8))]).findings
    #expect(findings.map(\.rule) == ["unordered-bulk-write"])
  }
}
