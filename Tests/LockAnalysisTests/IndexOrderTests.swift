import Diagnostics
import Testing

/// Plain writes that find their rows by one value of a column with an index.
@Suite("Rows in the order of an index")
struct IndexOrderTests {
  private let table = """
    CREATE TABLE parent (id int PRIMARY KEY);
    CREATE TABLE child (id int PRIMARY KEY, parent int, other int, n int);

    """
  private let index = "CREATE INDEX ON child (parent);\n"

  private func severities(_ text: String) throws -> [Severity] {
    try linted(table + text).map(\.severity)
  }

  @Test("Copies of such a write alone are a note")
  func copies() throws {
    let write = "DELETE FROM child WHERE parent = $1;"
    #expect(try severities(write) == [.warning])
    #expect(try severities(index + write) == [.note])
    #expect(try severities(index + "DELETE FROM child WHERE parent = $1 AND other = 2;") == [.note])
    let wider = "CREATE INDEX ON child (parent, n);"
    #expect(try severities(wider + write) == [.note])
  }

  @Test(
    "Other indexes, other ways to the rows and others' orders",
    arguments: [
      "CREATE INDEX ON child (parent) WHERE n > 1; DELETE FROM child WHERE parent = $1;",
      "CREATE INDEX ON child USING gin (parent); DELETE FROM child WHERE parent = $1;",
      "CREATE INDEX ON child (parent); DELETE FROM child WHERE parent = $1 AND id <= $2;",
      "CREATE INDEX ON child (n, parent); DELETE FROM child WHERE parent = $1;",
      "CREATE INDEX ON child (parent); DELETE FROM child WHERE parent = 1;",
      "CREATE INDEX ON child (parent); DELETE FROM child WHERE parent = ANY($1);",
      "CREATE INDEX ON child (parent); SELECT FROM child WHERE parent = $1 FOR UPDATE;",
    ])
  func others(_ text: String) throws {
    #expect(try severities(text) == [.warning])
  }

  @Test("Another statement that locks several of the rows in no such order")
  func rival() throws {
    let found = try linted(
      table + index
        + "DELETE FROM child WHERE parent = $1;\nUPDATE child SET n = 1 WHERE other > $1;")
    #expect(found.map(\.severity) == [.warning, .warning])
    let same = try severities(
      index + "DELETE FROM child WHERE parent = $1;\nUPDATE child SET n = 1 WHERE parent = $1;")
    #expect(same == [.note, .note])
  }

  @Test(
    "A loop over rows that a query finds so",
    arguments: [
      ("SELECT * FROM child WHERE parent = p", "id = r.id", Severity.note),
      ("SELECT id FROM child WHERE parent = p", "id = r.id", .note),
      ("SELECT * FROM child WHERE other = p", "id = r.id", .warning),
      ("SELECT other AS id FROM child WHERE parent = p", "id = r.id", .warning),
      ("SELECT c.id FROM child c, parent WHERE c.parent = p", "id = r.id", .warning),
      ("SELECT * FROM child WHERE parent = p ORDER BY n", "id = r.id", .warning),
    ])
  func loops(_ query: String, _ condition: String, _ severity: Severity) throws {
    let text = """
      CREATE FUNCTION f(p int) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE r record;
      BEGIN
        FOR r IN \(query) LOOP UPDATE child SET n = 1 WHERE \(condition); END LOOP;
      END $$;
      """
    #expect(try severities(index + text) == [severity])
  }

  @Test("A function of one such write, called for several values")
  func calls() throws {
    let function = """
      CREATE FUNCTION f(a int) RETURNS void LANGUAGE sql AS 'DELETE FROM child WHERE parent = a';

      """
    #expect(try severities(index + function) == [.note])
    #expect(try severities(index + function + "SELECT f($1); SELECT f(3);") == [.note])
    let loop = """
      CREATE FUNCTION g(xs int[]) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE x int; BEGIN FOREACH x IN ARRAY xs LOOP PERFORM f(x); END LOOP; END $$;
      """
    #expect(try severities(index + function + loop).contains(.warning))
    #expect(try severities(index + function + "SELECT f(id) FROM parent;").contains(.warning))
  }
}
