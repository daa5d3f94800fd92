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
}
