import Diagnostics
import Testing

@testable import PostgresSyntax

@Suite("Named queries")
struct NamedQueryTests {
  private func texts(_ text: String) -> [String] {
    let file = FileParser.parse(SourceFile(path: "q.sql", bytes: Array(text.utf8)))
    return file.statements.map { file.source.text($0.range) }
      + file.failures.map { "! \(file.source.text($0.statement))" }
  }

  @Test("a comment that names a query ends the one before it")
  func withoutSemicolons() {
    let text = """
      -- name: delete-old!
      DELETE FROM jobs WHERE created_at < :before

      -- name: update-all!
      -- Update them; all.
      UPDATE jobs SET state = 'x' WHERE state = :state
      -- name: get-one^
      SELECT * FROM jobs WHERE id = :id;
      -- name: last
      SELECT 1
      """
    #expect(
      texts(text) == [
        "DELETE FROM jobs WHERE created_at < :before",
        "UPDATE jobs SET state = 'x' WHERE state = :state",
        "SELECT * FROM jobs WHERE id = :id", "SELECT 1",
      ])
  }

  @Test(
    "a line of dashes or of a migration tool ends a statement, too",
    arguments: [
      "SELECT 1\n-- register_worker --\nSELECT 2", "SELECT 1\n-- +goose Down\nSELECT 2",
      "-- a --\nSELECT 1\n\n-- b --\n-- About b\nSELECT 2",
      "SELECT 1\n-- +goose StatementEnd\nSELECT 2", "SELECT 1\n-- migrate:down\nSELECT 2",
    ])
  func separators(text: String) {
    #expect(texts(text) == ["SELECT 1", "SELECT 2"])
  }

  @Test(
    "a comment in a statement names nothing",
    arguments: [
      "CREATE TABLE t (\n  id int,\n  -- name: shown\n  name text)",
      "UPDATE t SET\n  -- name: shown\n  name = 'x'\nWHERE b > 1",
      "UPDATE t\n-- name: shown\nSET name = 'x'", "SELECT a,\n-- name: b\nb FROM t",
      "INSERT INTO t (a)\n-- name: x\nSELECT 1", "WITH a AS (SELECT 1)\n-- name: x\nSELECT 2",
      "SELECT a FROM t WHERE\n-- name: x\nb = 1", "SELECT a FROM t\n-- name: x\nWHERE b = 1",
      "ALTER TABLE t\n-- name: old\nDROP COLUMN name", "SELECT 1 +\n-- name: x\n-- y\n2",
    ])
  func remarks(_ statement: String) {
    #expect(texts("\(statement);\nSELECT 2;") == [statement, "SELECT 2"])
  }

  @Test(
    "any end of a statement can be followed by a name",
    arguments: [
      "UPDATE t SET a = :set", "UPDATE t SET a = ?", "DELETE FROM t RETURNING *",
      "SELECT a FROM t FOR UPDATE", "INSERT INTO t DEFAULT VALUES", "SELECT f(1)",
      "INSERT INTO t (a) VALUES (%s)", "UPDATE t SET a = @where", "WITH a AS (SELECT 1) SELECT 2",
      "SELECT a FROM b -- c", "UPDATE t SET a = {{ a }}",
    ])
  func ends(_ statement: String) {
    let rest = "-- name: b\n-- doc: DELETE\nWITH x AS (SELECT 1) SELECT 2"
    let expected = statement.replacing(" -- c", with: "")
    #expect(
      texts("\(statement)\n\(rest)") == [expected, "WITH x AS (SELECT 1) SELECT 2"])
  }

  @Test("names of HugSQL's parameters have hyphens, differences elsewhere stay")
  func hyphens() {
    func placeholders(_ text: String) -> [String] {
      FileParser.parse(SourceFile(path: "q.sql", bytes: Array(text.utf8))).placeholders.map(\.text)
    }
    #expect(
      placeholders("-- :name a\nUPDATE t SET n = n-1 WHERE id = :user-id AND m = :m - 1")
        == [":user-id", ":m"])
    #expect(placeholders("UPDATE t SET n = :a-b") == [":a"])
  }
}
