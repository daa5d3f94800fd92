import Diagnostics
import Linting
import LockAnalysis
import Testing

/// Which statement a `-- name:` comment names.
@Suite("Names of queries")
struct QueryNameTests {
  private static func names(in text: String) -> [String?] {
    let source = SourceFile(path: "q.sql", bytes: Array(text.utf8))
    return LockListing.make([source], threads: 1).statements.map(\.name)
  }

  @Test(
    "A comment names the statement that comes next",
    arguments: [
      ("-- name: a :one\nSELECT 1;\nSELECT 2;", ["a", nil]),
      ("-- a --\nSELECT 1\n-- b --\nSELECT 2;\n-- see a -- or b\nSELECT 3;", ["a", "b", nil]),
      ("-- name: a :one\n-- name: b :one\nSELECT 1;", ["b"]),
      ("/* @name a */ SELECT 1;\n-- :name b :*\nSELECT 2;", ["a", "b"]),
      ("SELECT 1 -- name: a :one\n;\nSELECT 2;", [nil, "a"]),
      ("-- name: a :one\nSELECT 1\n-- name: b :one\nSELECT 2", ["a", "b"]),
    ])
  func next(text: String, expected: [String?]) {
    #expect(Self.names(in: text) == expected)
  }

  @Test("A comment within a statement does not name the next one")
  func within() {
    let query = "SELECT f(id) FROM t -- name: inner :one\nWHERE id = 1;\nUPDATE t SET v = 1;"
    #expect(Self.names(in: query) == [nil, nil])
    let routine =
      "DO $$ BEGIN\n-- name: inner :one\nPERFORM 1; END $$;\nUPDATE t SET v = 1;"
    #expect(Self.names(in: routine) == [nil, nil])
  }

  @Test("A comment before BEGIN names the transaction, and one within it its own statement")
  func transaction() {
    let text = """
      -- name: a :exec
      BEGIN;
      SELECT 1;
      SAVEPOINT s;
      -- name: b :exec
      SELECT 2;
      SELECT 3;
      -- name: c :exec
      COMMIT;
      SELECT 4;
      """
    #expect(Self.names(in: text) == ["a", "a", "a", "b", "a", "c", nil])
  }
}
