import Diagnostics
import Linting
import LockAnalysis
import LockModel
import Testing

/// What the DDL of a project says about its keys, seen through what a query locks.
@Suite("Catalog")
struct CatalogTests {
  /// DDL, a query, and how many rows it locks.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let ddl: String
    let query: String
    let rows: RowCount

    init(_ name: String, _ ddl: String, _ query: String, _ rows: RowCount) {
      testDescription = name
      self.ddl = ddl
      self.query = query
      self.rows = rows
    }
  }

  private static let table = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text);"

  static let cases: [Case] = [
    Case("a unique constraint", "\(table) ALTER TABLE t ADD UNIQUE (a);", "a = 1", .one),
    Case(
      "a constraint made of an index",
      "\(table) CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i;",
      "a = 1", .one),
    Case("a unique index", "\(table) CREATE UNIQUE INDEX i ON t (a) INCLUDE (b);", "a = 1", .one),
    Case(
      "an included column is no key", "\(table) CREATE UNIQUE INDEX i ON t (a) INCLUDE (b);",
      "b = 'x'", .many),
    Case(
      "a partial index", "\(table) CREATE UNIQUE INDEX i ON t (a) WHERE b IS NULL;", "a = 1", .many),
    Case(
      "a partial index whose predicate holds",
      "\(table) CREATE UNIQUE INDEX i ON t (a) WHERE b IS NULL;", "a = 1 AND b IS NULL", .one),
    Case(
      "an expression index", "\(table) CREATE UNIQUE INDEX i ON t (lower(b));", "lower(b) = 'x'",
      .one),
    Case(
      "an expression index and the bare column", "\(table) CREATE UNIQUE INDEX i ON t (lower(b));",
      "b = 'x'", .one),
    Case(
      "an expression that may be NULL",
      "CREATE TABLE t (a int, b bool); CREATE UNIQUE INDEX i ON t ((CASE WHEN b THEN a END));",
      "a = 1 AND b = $1", .many),
    Case(
      "COALESCE is none", "\(table) CREATE UNIQUE INDEX i ON t (coalesce(b, ''));", "b = 'x'", .one),
    Case(
      "equal values that an expression tells apart",
      "CREATE TABLE t (n numeric); CREATE UNIQUE INDEX i ON t (length(n::text));", "n = 1", .many),
    Case(
      "a dropped index", "\(table) CREATE UNIQUE INDEX i ON t (a); DROP INDEX i;", "a = 1", .many),
    Case("a dropped constraint", "\(table) ALTER TABLE t DROP CONSTRAINT t_pkey;", "id = 1", .many),
    Case(
      "a dropped column takes its key along",
      "\(table) CREATE UNIQUE INDEX i ON t (a, b); ALTER TABLE t DROP COLUMN b;", "a = 1", .many),
    Case(
      "a renamed column",
      "\(table) ALTER TABLE t RENAME COLUMN id TO a1; ALTER TABLE t RENAME a TO id;", "id = 1",
      .many),
    Case(
      "a renamed column keeps its key", "\(table) ALTER TABLE t RENAME COLUMN id TO pk;", "pk = 1",
      .one),
    Case(
      "a renamed table", "CREATE TABLE old (k int PRIMARY KEY); ALTER TABLE old RENAME TO t;",
      "k = 1", .one),
    Case(
      "a moved table",
      "CREATE SCHEMA s; CREATE TABLE t (k int PRIMARY KEY); ALTER TABLE t SET SCHEMA s; SET search_path TO s;",
      "k = 1", .one),
    Case(
      "LIKE copies keys only when it is told to",
      "CREATE TABLE o (k int PRIMARY KEY); CREATE TABLE t (LIKE o);", "k = 1", .many),
    Case(
      "LIKE INCLUDING ALL",
      "CREATE TABLE o (k int PRIMARY KEY); CREATE TABLE t (LIKE o INCLUDING ALL);", "k = 1", .one),
    Case(
      "CREATE TABLE AS has no keys",
      "CREATE TABLE o (k int PRIMARY KEY); CREATE TABLE t AS SELECT * FROM o;", "k = 1", .many),
    Case(
      "a partition has its parent's keys",
      "CREATE TABLE p (k int PRIMARY KEY) PARTITION BY RANGE (k); CREATE TABLE t PARTITION OF p DEFAULT;",
      "k = 1", .one),
    Case(
      "an attached partition gets them",
      "CREATE TABLE p (k int PRIMARY KEY) PARTITION BY RANGE (k); CREATE TABLE t (k int NOT NULL); ALTER TABLE p ATTACH PARTITION t DEFAULT;",
      "k = 1", .one),
    Case(
      "a parent's key does not cover its children",
      "CREATE TABLE t (k int PRIMARY KEY); CREATE TABLE c () INHERITS (t);", "k = 1", .many),
    Case(
      "the schema element of CREATE SCHEMA", "CREATE SCHEMA s CREATE TABLE t (k int PRIMARY KEY);",
      "k = 1", .one),
    Case(
      "IF NOT EXISTS leaves the first", "\(table) CREATE TABLE IF NOT EXISTS t (id int);", "id = 1",
      .one),
    Case(
      "a second definition of a table that has got its key by then",
      "CREATE TABLE t (a int); ALTER TABLE t ADD id int PRIMARY KEY; CREATE TABLE t (a int);",
      "id = 1", .one),
    Case(
      "a table that is made anew", "\(table) DROP TABLE t; CREATE TABLE t (id int);", "id = 1",
      .many),
  ]

  @Test("Keys are those that the DDL leaves", arguments: cases)
  func keys(_ example: Case) throws {
    let query = "SELECT * FROM t WHERE \(example.query) FOR UPDATE;"
    let lock = try Self.lastLock([("db/structure.sql", example.ddl), ("q.sql", query)])
    #expect(lock.rows?.count == example.rows)
  }

  @Test("A migration sees the schema of its time, the application the last one")
  func history() throws {
    let migrations = [
      ("migrations/2_backfill.up.sql", "UPDATE t SET b = 1 WHERE a = 1;"),
      ("migrations/10_key.up.sql", "CREATE UNIQUE INDEX i ON t (a);"),
      ("migrations/1_table.up.sql", "CREATE TABLE t (id int PRIMARY KEY, a int, b int);"),
      ("migrations/10_key.down.sql", "DROP INDEX i;"),
    ]
    let statements = try Self.statements(
      migrations + [("queries/q.sql", "UPDATE t SET b = 1 WHERE a = 1;")])
    #expect(statements[0].acquisitions.last?.rows?.count == .many)
    #expect(statements.last?.acquisitions.last?.rows?.count == .one)
  }

  private static func lastLock(_ files: [(String, String)]) throws -> Acquisition {
    try #require(try statements(files).last?.acquisitions.last)
  }

  private static func statements(_ files: [(String, String)]) throws -> [LoweredStatement] {
    let listing = LockListing.make(
      files.map { SourceFile(path: $0.0, bytes: Array($0.1.utf8)) }, threads: 2)
    #expect(listing.unreadable.isEmpty)
    return listing.statements
  }
}
