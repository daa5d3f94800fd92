import Diagnostics
import Testing

/// Copies of a transaction that wait for each other before they come to some rows.
@Suite("Rows of the same values, one table after the other")
struct EarlierMeetingTests {
  private static let tables = """
    CREATE TABLE parent (id int PRIMARY KEY, kind int, n int);
    CREATE TABLE child (id int PRIMARY KEY, parent int, kind int, n int);

    """

  private func severities(_ body: String) throws -> [Severity] {
    let text = """
      CREATE FUNCTION f(p int, q int, ids int[], others int[]) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN \(body) END $$;
      """
    return try linted(Self.tables + text).sorted {
      $0.range.bytes.lowerBound < $1.range.bytes.lowerBound
    }
    .map(\.severity)
  }

  @Test(
    "The second of two statements by one value is a note",
    arguments: [
      "DELETE FROM child WHERE kind = p; DELETE FROM parent WHERE kind = p;",
      "DELETE FROM child WHERE parent = ANY(ids); UPDATE parent SET n = 1 WHERE id = ANY(ids);",
      "DELETE FROM child; DELETE FROM parent WHERE kind = p;",
      "DELETE FROM child WHERE true; DELETE FROM parent WHERE kind = p AND 1 = 1;",
      "DELETE FROM child WHERE kind = p; UPDATE parent SET n = 1 WHERE kind = p AND n > 3;",
    ])
  func second(_ body: String) throws {
    #expect(try severities(body) == [.warning, .note])
  }

  @Test(
    "Other values, other conditions, other ways and other waits",
    arguments: [
      "DELETE FROM child WHERE kind = p; DELETE FROM parent WHERE kind = q;",
      "DELETE FROM child WHERE parent = ANY(ids); DELETE FROM parent WHERE id = ANY(others);",
      "DELETE FROM child WHERE kind = p AND n > 3; DELETE FROM parent WHERE kind = p;",
      "DELETE FROM child WHERE kind = 1; DELETE FROM parent WHERE kind = p;",
      "UPDATE child SET n = 1 WHERE kind = p; p := q; DELETE FROM parent WHERE kind = p;",
    ])
  func both(_ body: String) throws {
    #expect(try severities(body) == [.warning, .warning])
  }

  @Test("A lock that some runs don't take, or that does not wait, keeps nobody apart")
  func uncertain() throws {
    let rest = " DELETE FROM parent WHERE kind = p;"
    #expect(
      try severities("IF q > 1 THEN DELETE FROM child WHERE kind = p; END IF;" + rest).last
        == .warning)
    let skip = "PERFORM 1 FROM child WHERE kind = p ORDER BY id FOR UPDATE SKIP LOCKED;"
    #expect(try severities(skip + rest) == [.warning])
    let sorted = "PERFORM 1 FROM child WHERE kind = p ORDER BY id FOR UPDATE;"
    #expect(try severities(sorted + rest) == [.note])
  }

  @Test("Another transaction that locks several of the rows")
  func rival() throws {
    let text = """
      CREATE FUNCTION f(p int) RETURNS void LANGUAGE sql
        AS 'DELETE FROM child WHERE kind = p; DELETE FROM parent WHERE kind = p';
      UPDATE parent SET n = 1 WHERE n > $1;
      """
    #expect(try linted(Self.tables + text).allSatisfy { $0.severity == .warning })
  }
}
