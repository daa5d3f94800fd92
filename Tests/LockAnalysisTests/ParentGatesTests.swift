import Diagnostics
import Linting
import SQLLockRules
import Testing

/// Rows of one parent, behind a lock on the parent.
@Suite("Parent gates")
struct ParentGatesTests {
  private static let schema = """
    CREATE TABLE u (id int PRIMARY KEY, n int, state text);
    CREATE TABLE o (id int PRIMARY KEY, u_id int NOT NULL REFERENCES u, state text);

    """
  private static let write = "UPDATE o SET state = 'x' WHERE u_id = $1;"

  /// The findings of transactions, one a line.
  private func findings(_ transactions: [String]) throws -> [Finding] {
    let text = Self.schema + transactions.map { "BEGIN; \($0) COMMIT;\n" }.joined()
    return try linted(text)
  }

  /// Their lines, from 1.
  private func lines(_ transactions: [String]) throws -> [Int] {
    try findings(transactions).map { $0.range.start.line - 2 }
  }

  @Test(
    "Whoever locks the parent first meets copies of itself there",
    arguments: [
      "SELECT 1 FROM u WHERE id = $1 FOR UPDATE;", "UPDATE u SET n = n + 1 WHERE id = $1;",
      "SELECT 1 FROM u WHERE id = $1 FOR NO KEY UPDATE; SAVEPOINT s; UPDATE u SET n = 0 WHERE id = 7; ROLLBACK TO s;",
    ])
  func gate(_ first: String) throws {
    #expect(try lines([first + Self.write]).isEmpty)
    #expect(try lines([first + Self.write, first + Self.write]).isEmpty)
  }

  @Test(
    "A lock on the parent that need not be there is no gate",
    arguments: [
      "SELECT 1 FROM u WHERE id = $2 FOR UPDATE;", "SELECT 1 FROM u WHERE id = $1 FOR SHARE;",
      "SELECT 1 FROM u WHERE id = $1;", "UPDATE u SET n = 1 WHERE id = $1 AND state = 'open';",
      "SELECT 1 FROM u WHERE id = $1 FOR UPDATE SKIP LOCKED;",
      "SAVEPOINT s; SELECT 1 FROM u WHERE id = $1 FOR UPDATE; ROLLBACK TO s;",
    ])
  func noGate(_ first: String) throws {
    #expect(try lines([first + Self.write]) == [1])
  }

  @Test("Placeholders without a name may be different values")
  func nameless() throws {
    let text = "SELECT 1 FROM u WHERE id = ? FOR UPDATE; UPDATE o SET state = 'x' WHERE u_id = ?;"
    #expect(try lines([text]) == [1])
  }

  @Test("Somebody who does not pass the gate can meet the others behind it")
  func stranger() throws {
    let first = "SELECT 1 FROM u WHERE id = $1 FOR UPDATE;"
    #expect(try lines([first + Self.write, "UPDATE o SET state = 'y';"]) == [1, 2])
  }

  @Test(
    "Behind a gate it takes somebody else, not a copy",
    arguments: [
      "SELECT 1 FROM u WHERE id = $1 FOR UPDATE;", "SELECT pg_advisory_xact_lock(1);",
    ])
  func partner(_ first: String) throws {
    let messages = try findings([first + Self.write, "UPDATE o SET state = 'y';"]).map(\.message)
    #expect(messages.first?.contains("it can deadlock with q.sql:4") ?? false)
    #expect(messages.last?.contains("two copies of this statement") ?? false)
  }

  @Test("Rows that change hands belong to two")
  func moving() throws {
    let first = "SELECT 1 FROM u WHERE id = $1 FOR UPDATE;"
    #expect(
      try lines([first + Self.write, "UPDATE o SET u_id = $2 WHERE id = $1;"]) == [1])
  }

  /// What is found where a trigger on a table finds rows of another by a column of its own row.
  private func fired(_ column: String, _ statement: String, and more: String = "") throws
    -> [String]
  {
    try linted(
      """
      CREATE TABLE part (id int, n int, code int NOT NULL DEFAULT nextval('part_code_seq'),
        place int NOT NULL DEFAULT nextval('places'), PRIMARY KEY (id, n));
      CREATE TABLE mirror (id int PRIMARY KEY, source text, a int);
      CREATE FUNCTION keep_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        \(statement) WHERE source = OLD.\(column)::text;
        RETURN NULL;
      END $$;
      CREATE TRIGGER t AFTER UPDATE ON part FOR EACH ROW EXECUTE FUNCTION keep_up();
      \(more)
      """
    ).map { "\($0.severity): \($0.message)" }
  }

  @Test("A sequence that is called as that of a serial column has no value twice")
  func sequence() throws {
    #expect(try fired("code", "UPDATE mirror SET a = 1") == [])
    #expect(try fired("place", "UPDATE mirror SET a = 1").count == 1)
  }

  @Test("What is found by a key of OLD and gets that of NEW changes with the key only")
  func keepsUp() throws {
    let statement = "UPDATE mirror SET source = NEW.code, a = 1"
    #expect(try fired("code", statement) == [])
    let found = try fired(
      "code", statement, and: "UPDATE part SET code = $1 WHERE id = 1 AND n = 2;")
    #expect(found.count == 1)
    #expect(
      found.allSatisfy {
        $0.hasPrefix("note")
          && $0.hasSuffix("kept apart by the row that `source` names, unless it changes meanwhile")
      })
  }

  @Test("Rows that change hands between two statements make a note")
  func changesHands() throws {
    let lock = "SELECT 1 FROM u WHERE id = $1 FOR UPDATE;"
    let moved = try findings([lock + Self.write, "UPDATE o SET u_id = $2 WHERE id = $1;"])
    #expect(moved.map(\.severity) == [.note])
    #expect(
      try lines([lock + Self.write, "UPDATE o SET u_id = $1 WHERE u_id = $1 AND id = $2;"]) == [])
  }
}
