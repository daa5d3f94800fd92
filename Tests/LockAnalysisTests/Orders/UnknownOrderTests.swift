import Diagnostics
import Linting
import LockAnalysis
import SQLLockRules
import Testing

/// Migrations that lock several tables of which nothing is known.
@Suite("Unknown orders")
struct UnknownOrderTests {
  private static let schema = """
    CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);
    CREATE TABLE c (id int PRIMARY KEY);
    """

  /// What is found beside a schema in a migration, which the user has named unless it ran long ago,
  /// with queries of the application.
  private func found(
    _ migration: String, _ queries: String = "", isPending: Bool = true
  ) throws -> [String] {
    let reader = ProjectReader(threads: 1, includesTests: false) { _ in false }
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    func file(_ path: String, _ text: String, named: Int = 0) -> ProjectFile {
      ProjectFile(SourceFile(path: path, bytes: Array(text.utf8)), named: named)
    }
    return RuleCatalog.linter(selection: selection, threads: 1).lint(
      [
        file("migrations/0001_a.sql", Self.schema),
        file("migrations/0002_b.sql", migration, named: isPending ? .max : 0),
        file("queries.sql", queries),
      ], with: reader
    ).findings.map { "\($0.severity): \($0.message)" }
  }

  private static let two = "BEGIN; ALTER TABLE b ADD x int; ALTER TABLE a ADD x int; COMMIT;"

  @Test(
    "Strong locks on two tables are a note, with the tables",
    arguments: [
      (Self.two, "`b` (ACCESS EXCLUSIVE), then `a` (ACCESS EXCLUSIVE), until"),
      (
        "BEGIN; CREATE INDEX ON b (id); LOCK a, c; COMMIT;",
        "`b` (SHARE), then `a` (ACCESS EXCLUSIVE) and 1 more table, until"
      ),
      (
        "ALTER TABLE c ADD FOREIGN KEY (id) REFERENCES a;",
        "`c` (SHARE ROW EXCLUSIVE), then `a` (SHARE ROW EXCLUSIVE), until"
      ),
      ("DROP TABLE c, b;", "`c` (ACCESS EXCLUSIVE), then `b` (ACCESS EXCLUSIVE), until"),
    ])
  func strong(migration: String, tables: String) throws {
    let found = try found(migration)
    #expect(found.count == 1)
    #expect(found.allSatisfy { $0.hasPrefix("note: the migration locks " + tables) })
  }

  @Test(
    "One table, or what others may use meanwhile, is none",
    arguments: [
      "BEGIN; ALTER TABLE a ADD x int; COMMIT; BEGIN; ALTER TABLE b ADD x int; COMMIT;",
      "BEGIN; ALTER TABLE a ADD x int; CREATE INDEX ON a (x); COMMIT;",
      "BEGIN; ALTER TABLE a ADD x int; INSERT INTO b VALUES (1); SELECT FROM c; COMMIT;",
      "BEGIN; CREATE TABLE n (id int REFERENCES a); ALTER TABLE n ADD x int; COMMIT;",
      "BEGIN; ALTER TABLE a ADD x int; ANALYZE b; COMMIT;",
      "BEGIN; ALTER TABLE a ADD x int; CREATE TEMP TABLE n (id int); DROP TABLE n; COMMIT;",
    ])
  func weak(migration: String) throws {
    #expect(try found(migration) == [])
  }

  @Test("What was run long ago can't be changed any more")
  func old() throws { #expect(try found(Self.two, isPending: false) == []) }

  @Test("The application's SQL tells whether its order is another one")
  func known() throws {
    #expect(try found(Self.two, "SELECT FROM b; SELECT FROM a;") == [])
    let queries = "BEGIN; SELECT FROM a; SELECT FROM b; COMMIT;"
    #expect(try found(Self.two, queries).map { $0.contains("opposite order") } == [true])
    #expect(try found(Self.two, "SELECT FROM c;").count == 1)
  }
}
