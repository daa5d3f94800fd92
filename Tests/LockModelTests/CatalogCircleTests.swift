import Diagnostics
import Linting
import LockAnalysis
import LockModel
import Testing

/// DDL that PostgreSQL refuses or that is seen out of order, so that names lead back to where they
/// came from: everything ends, takes each lock once, and says the same in every run.
@Suite("Circles in the catalog", .timeLimit(.minutes(2)))
struct CatalogCircleTests {
  /// DDL that makes a circle or a diamond, and a table on it.
  struct Circle: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let ddl: String
    let table: String

    init(_ name: String, of table: String, _ ddl: String) {
      testDescription = name
      self.ddl = ddl
      self.table = table
    }
  }

  private static let columns = "(id int, n int) PARTITION BY LIST (id)"

  static let circles: [Circle] = [
    Circle(
      "a partition whose name means its parent", of: "b",
      "CREATE TABLE s.b \(columns); CREATE TABLE s.b PARTITION OF b DEFAULT;"),
    Circle(
      "ATTACH of itself", of: "b",
      "CREATE TABLE b \(columns); ALTER TABLE b ADD FOREIGN KEY (n) REFERENCES b;"
        + String(repeating: "ALTER TABLE b ATTACH PARTITION b DEFAULT;", count: 40)),
    Circle(
      "two tables attached to each other", of: "a",
      "CREATE TABLE a \(columns); CREATE TABLE b \(columns);"
        + "ALTER TABLE a ATTACH PARTITION b DEFAULT; ALTER TABLE b ATTACH PARTITION a DEFAULT;"),
    Circle(
      "two tables attached and detached in turn", of: "a",
      "CREATE TABLE a \(columns); CREATE TABLE b \(columns);"
        + "ALTER TABLE a ADD FOREIGN KEY (n) REFERENCES b;"
        + "ALTER TABLE b ADD FOREIGN KEY (n) REFERENCES a;"
        + String(
          repeating: "ALTER TABLE a ATTACH PARTITION b DEFAULT; ALTER TABLE a DETACH PARTITION b;"
            + "ALTER TABLE b ATTACH PARTITION a DEFAULT; ALTER TABLE b DETACH PARTITION a;",
          count: 40)),
    Circle(
      "a partition renamed to its parent's name", of: "b",
      "CREATE TABLE b \(columns); CREATE TABLE c PARTITION OF b DEFAULT PARTITION BY LIST (n);"
        + "ALTER TABLE c RENAME TO b;"),
    Circle(
      "a parent renamed to its partition's name", of: "c",
      "CREATE TABLE b \(columns); CREATE TABLE c PARTITION OF b DEFAULT PARTITION BY LIST (n);"
        + "CREATE TABLE d PARTITION OF c DEFAULT; ALTER TABLE b RENAME TO d;"),
    Circle(
      "tables that inherit from each other", of: "a",
      "CREATE TABLE a (id int, n int); CREATE TABLE b () INHERITS (a);"
        + "CREATE TABLE c () INHERITS (b); ALTER TABLE a INHERIT c; ALTER TABLE a INHERIT a;"),
    Circle(
      "a parent that is made after its child", of: "a",
      "CREATE TABLE a () INHERITS (b); CREATE TABLE b (id int, n int) INHERITS (a);"),
    Circle(
      "a parent that is dropped and made again", of: "c",
      "CREATE TABLE s.p (id int, n int); CREATE TABLE c () INHERITS (s.p);"
        + "DROP SCHEMA s CASCADE; CREATE TABLE s.p () INHERITS (c);"),
    Circle(
      "a partition moved into its parent's schema", of: "b",
      "CREATE TABLE b \(columns); CREATE TABLE s.b PARTITION OF public.b DEFAULT;"
        + "ALTER TABLE s.b SET SCHEMA public;"),
    Circle(
      "foreign keys of each other, and of itself", of: "a",
      "CREATE TABLE a (id int PRIMARY KEY, n int REFERENCES a ON DELETE CASCADE);"
        + "CREATE TABLE b (id int PRIMARY KEY, n int REFERENCES a ON DELETE CASCADE);"
        + "ALTER TABLE a ADD FOREIGN KEY (n) REFERENCES b ON DELETE CASCADE;"),
    Circle(
      "views of each other", of: "a",
      "CREATE VIEW a AS SELECT * FROM b; CREATE VIEW b AS SELECT * FROM a;"
        + "CREATE VIEW pg_x AS SELECT * FROM a, pg_x;"
        + "CREATE OR REPLACE VIEW a AS SELECT * FROM pg_x;"),
    Circle(
      "a rule of its own table", of: "a",
      "CREATE TABLE a (id int, n int);"
        + "CREATE RULE r AS ON UPDATE TO a DO ALSO UPDATE a SET n = 1;"
        + "CREATE RULE s AS ON UPDATE TO a DO ALSO UPDATE a SET n = 2;"),
    Circle(
      "policies that read each other", of: "a",
      "CREATE TABLE a (id int, n int); CREATE TABLE b (id int, n int);"
        + "ALTER TABLE a ENABLE ROW LEVEL SECURITY; ALTER TABLE b ENABLE ROW LEVEL SECURITY;"
        + "CREATE POLICY p ON a USING (id IN (SELECT id FROM b) OR id IN (SELECT n FROM b));"
        + "CREATE POLICY p ON b USING (id IN (SELECT id FROM a) OR id IN (SELECT n FROM a));"),
    Circle("a table that copies another twice, again and again", of: "t24", doubled),
    Circle("diamonds of inheritance", of: "t0", diamonds),
    Circle("diamonds of partitions", of: "t0", partitionDiamonds),
  ]

  private static let doubled =
    "CREATE TABLE t0 (id int PRIMARY KEY, n int UNIQUE);"
    + (1...24).map {
      "CREATE TABLE t\($0) (LIKE t\($0 - 1) INCLUDING ALL, LIKE t\($0 - 1) INCLUDING ALL);"
    }.joined()

  private static let diamonds =
    "CREATE TABLE t0 (id int, n int);"
    + (1...24).map { level in
      "CREATE TABLE l\(level) () INHERITS (t\(level - 1));"
        + "CREATE TABLE r\(level) () INHERITS (t\(level - 1));"
        + "CREATE TABLE t\(level) () INHERITS (l\(level), r\(level));"
    }.joined()

  private static let partitionDiamonds =
    "CREATE TABLE t0 \(columns);"
    + (1...24).map { level in
      ["l", "r", "t"].map { "CREATE TABLE \($0)\(level) \(columns);" }.joined()
        + "ALTER TABLE t\(level - 1) ATTACH PARTITION l\(level) FOR VALUES IN (1);"
        + "ALTER TABLE t\(level - 1) ATTACH PARTITION r\(level) FOR VALUES IN (2);"
        + "ALTER TABLE l\(level) ATTACH PARTITION t\(level) FOR VALUES IN (1);"
        + "ALTER TABLE t\(level) INHERIT r\(level);"
    }.joined()

  /// Statements that go over parents, children and what depends on a table.
  static func probes(_ table: String) -> [String] {
    [
      "LOCK TABLE \(table)", "SELECT * FROM \(table) FOR UPDATE",
      "UPDATE \(table) SET id = 1 WHERE id = 2", "DELETE FROM \(table)",
      "INSERT INTO \(table) VALUES (1, 2)", "TRUNCATE \(table) CASCADE",
      "ALTER TABLE \(table) ADD COLUMN x int", "ALTER TABLE \(table) RENAME COLUMN n TO o",
      "CREATE INDEX ON \(table) (id)", "REINDEX TABLE \(table)", "VACUUM ANALYZE \(table)",
      "CREATE TRIGGER g AFTER UPDATE ON \(table) FOR EACH ROW EXECUTE FUNCTION f()",
      "DROP TRIGGER g ON \(table)", "CREATE TABLE z PARTITION OF \(table) FOR VALUES IN (9)",
      "ALTER TABLE \(table) ATTACH PARTITION y FOR VALUES IN (8)",
      "ALTER TABLE \(table) DETACH PARTITION z",
      "ALTER TABLE y ADD FOREIGN KEY (id) REFERENCES \(table)",
      "ALTER TABLE \(table) DROP COLUMN id CASCADE", "DROP VIEW \(table) CASCADE",
      "DROP TABLE \(table) CASCADE", "SELECT * FROM \(table)",
    ]
  }

  @Test("Every statement ends and takes each lock once", arguments: circles)
  func ends(_ circle: Circle) throws {
    let text = circle.ddl + Self.probes(circle.table).map { $0 + ";\n" }.joined()
    let first = Self.locks(text)
    for locks in first { #expect(Set(locks).count == locks.count) }
    #expect(first == Self.locks(text))
  }

  /// The locks on relations of each statement, as a person reads them.
  private static func locks(_ text: String) -> [[String]] {
    let source = SourceFile(path: "migrations/001.sql", bytes: Array(text.utf8))
    return LockListing.make([source], threads: 1).statements.map { statement in
      statement.acquisitions.compactMap { lock in
        guard case .table(let name) = lock.target, lock.duration == .transaction else { return nil }
        return "\(name) \(lock.mode)"
      }
    }
  }

  @Test("Partitions come in one order, whatever the types of their bounds")
  func boundsOfSeveralTypes() throws {
    let bounds = ["1", "'a'", "true", "'10'", "2.5", "'2024-01-01'", "NULL", "now()", "'B'", "-3"]
    var orders: Set<[String]> = []
    for shift in bounds.indices {
      let turned = bounds.indices.map { ($0 + shift) % bounds.count }
      for order in [turned, turned.reversed()] {
        let ddl = order.map {
          "CREATE TABLE p\($0) PARTITION OF p FOR VALUES IN (\(bounds[$0]));"
        }.joined()
        let table = "CREATE TABLE p (k text) PARTITION BY LIST (k);"
        let locks = Self.locks("\(table)\(ddl)SELECT * FROM p;")
        orders.insert(try #require(locks.last))
      }
    }
    #expect(orders.count == 1)
  }
}
