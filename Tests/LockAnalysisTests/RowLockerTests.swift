import Diagnostics
import Linting
import Testing

/// Who can be met at the rows of a table.
@Suite("Who locks rows")
struct RowLockerTests {
  /// What is found in two transactions that delete rows of a table by its columns, both by an index,
  /// with something before the second.
  private func found(_ first: String) throws -> [Finding] {
    try linted(
      """
      CREATE TABLE t (id int PRIMARY KEY, a int, b int, n int);
      CREATE INDEX by_a ON t (a);
      DELETE FROM t WHERE a = $1;
      BEGIN; \(first) UPDATE t SET n = 0; COMMIT;
      """)
  }

  @Test(
    "Who has the table alone is met by nobody at its rows",
    arguments: [
      "LOCK TABLE t;", "LOCK TABLE t IN EXCLUSIVE MODE;", "ALTER TABLE t ADD COLUMN c int;",
      "SAVEPOINT s; ALTER TABLE t ADD COLUMN c int; RELEASE s;",
    ])
  func alone(first: String) throws {
    #expect(try !found(first).contains { $0.severity == .warning && $0.range.start.line == 3 })
  }

  @Test(
    "A lock that lets others in keeps nobody away",
    arguments: [
      "LOCK TABLE t IN ROW EXCLUSIVE MODE;", "LOCK TABLE other;", "SELECT FROM t;",
      "SAVEPOINT s; LOCK TABLE t; ROLLBACK TO s;",
    ])
  func others(first: String) throws {
    #expect(try found(first).contains { $0.severity == .warning && $0.range.start.line == 3 })
  }

  @Test("A procedure gives its locks back at COMMIT")
  func commit() throws {
    let found = try linted(
      """
      CREATE TABLE t (id int PRIMARY KEY, a int, b int, n int);
      CREATE INDEX by_a ON t (a);
      DELETE FROM t WHERE a = $1;
      CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN
        LOCK TABLE t;
        COMMIT;
        UPDATE t SET n = 0;
      END $$;
      """)
    #expect(found.contains { $0.severity == .warning && $0.range.start.line == 3 })
  }
}
