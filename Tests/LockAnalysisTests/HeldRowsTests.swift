import Diagnostics
import Linting
import SQLLockRules
import Testing

/// Rows that a statement finds by the key of rows which are the transaction's own by then.
@Suite("Rows of rows that are held")
struct HeldRowsTests {
  private static let schema = """
    CREATE TABLE task (id int PRIMARY KEY, project int, tag int);
    CREATE TABLE slot (task int, kind int, v int, PRIMARY KEY (task, kind));
    CREATE TABLE q (id int PRIMARY KEY, n int);
    CREATE TABLE r (id int PRIMARY KEY, n int);

    """

  /// The findings of statements, each in a file of queries of its own, as `line rule`.
  private func found(_ statements: [String]) throws -> [String] {
    let text =
      Self.schema
      + statements.enumerated().map { "-- name: q\($0.offset)\n\($0.element);\n" }.joined()
    return try linted(text)
      .filter { $0.severity == .warning }.map(\.message)
  }

  private static let sorted = "SELECT id FROM task WHERE project = $1 ORDER BY id FOR UPDATE"

  @Test(
    "Copies of a statement meet at the rows that it has locked, not at those it finds by them",
    arguments: [
      "WITH t AS (\(sorted)) DELETE FROM slot USING t WHERE slot.task = t.id",
      "WITH t AS (\(sorted)) UPDATE slot SET v = 1 WHERE task IN (SELECT id FROM t)",
      "WITH t AS (\(sorted) SKIP LOCKED) DELETE FROM slot WHERE task = ANY (SELECT id FROM t)",
      "WITH t AS (\(sorted)) INSERT INTO slot SELECT id, 1, 2 FROM t ON CONFLICT (task, kind) DO UPDATE SET v = 1",
      "WITH d AS (DELETE FROM q WHERE id IN (SELECT id FROM q ORDER BY id FOR UPDATE) RETURNING id, n) INSERT INTO r SELECT id, n FROM d ON CONFLICT DO NOTHING",
    ])
  func kept(statement: String) throws {
    #expect(try found([statement]) == [])
  }

  @Test(
    "They meet where nothing is locked, or not by its key, or not against them",
    arguments: [
      "WITH t AS (SELECT id FROM task WHERE project = $1 ORDER BY id) DELETE FROM slot USING t WHERE slot.task = t.id",
      "WITH t AS (SELECT id FROM task WHERE project = $1 ORDER BY id FOR SHARE) DELETE FROM slot USING t WHERE slot.task = t.id",
      "WITH t AS (SELECT id, tag FROM task WHERE project = $1 ORDER BY id FOR UPDATE) DELETE FROM slot USING t WHERE slot.task = t.tag",
      "WITH t AS (SELECT id, tag FROM task WHERE project = $1 ORDER BY id FOR UPDATE) INSERT INTO slot SELECT tag, 1, 2 FROM t ON CONFLICT (task, kind) DO UPDATE SET v = 1",
    ])
  func open(statement: String) throws {
    #expect(try found([statement]).count == 1)
  }

  @Test("Who comes another way is met, and named")
  func stranger() throws {
    let messages = try found([
      "WITH t AS (\(Self.sorted)) DELETE FROM slot USING t WHERE slot.task = t.id",
      "UPDATE slot SET v = 2 WHERE v = 1",
    ])
    #expect(messages.count == 2)
    #expect(messages[0].hasSuffix("it can deadlock with q1"))
  }

  @Test("Who updates or deletes does not wait for keys that others have inserted")
  func entries() throws {
    let trigger = """
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO r SELECT id, n FROM new_rows ON CONFLICT DO NOTHING; RETURN NULL; END $$;
      CREATE TRIGGER f AFTER INSERT ON q REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION f()
      """
    #expect(try found([trigger, "DELETE FROM r WHERE n = 1"]).count == 1)
    // Rows that ON CONFLICT updates are locked.
    let upsert = trigger.replacing("DO NOTHING", with: "(id) DO UPDATE SET n = 2")
    #expect(try found([upsert, "DELETE FROM r WHERE n = 1"]).count == 2)
  }

  @Test("The row behind a record is the one that was locked")
  func record() throws {
    func function(_ lock: String, _ condition: String) -> String {
      """
      CREATE FUNCTION f(p int) RETURNS void LANGUAGE plpgsql AS $$ DECLARE t record; BEGIN
        SELECT * INTO t FROM task WHERE id = p \(lock);
        DELETE FROM child WHERE \(condition); END $$
      """
    }
    let child = "CREATE TABLE child (id int PRIMARY KEY, task int REFERENCES task, other int)"
    #expect(try found([child, function("FOR UPDATE", "task = t.id")]) == [])
    #expect(try found([child, function("FOR SHARE", "task = t.id")]).count == 1)
    #expect(try found([child, function("FOR UPDATE", "task = t.tag")]).count == 1)
    #expect(try found([child, function("FOR UPDATE", "other = t.id")]) == [])
    #expect(try found([child, function("FOR UPDATE", "other > t.id")]).count == 1)
  }

  @Test("INTO takes one row of what it locks itself")
  func into() throws {
    func function(_ statement: String) -> String {
      """
      CREATE FUNCTION f(p int) RETURNS void LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN
        \(statement); END $$
      """
    }
    #expect(try found([function("DELETE FROM q WHERE n = p RETURNING id INTO STRICT x")]) == [])
    #expect(try found([function("DELETE FROM q WHERE n = p RETURNING id INTO x")]) == [])
    #expect(try found([function("SELECT id INTO x FROM q WHERE n = p FOR UPDATE")]) == [])
    #expect(try found([function("DELETE FROM q WHERE n = p")]).count == 1)
    #expect(
      try found([function("SELECT id INTO x FROM q WHERE n = p OFFSET 2 FOR UPDATE")]).count == 1)
    #expect(
      try found([
        function(
          "FOR i IN 1..p LOOP SELECT id INTO x FROM q WHERE n > i FOR UPDATE; END LOOP")
      ]).count == 1)
    #expect(
      try found([
        function("WITH d AS (DELETE FROM q WHERE n = p RETURNING id) SELECT id INTO x FROM d")
      ]).count == 1)
    #expect(
      try found([
        function("SELECT id INTO x FROM (SELECT id FROM q WHERE n = p FOR UPDATE) s")
      ]).count == 1)
  }
}
