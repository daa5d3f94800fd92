import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax
import Testing

/// The order in which files take effect.
@Suite("Order of files")
struct FileOrderTests {
  /// The paths of files in their order; `others` are files beside them.
  private static func order(
    _ files: [(String, String)], others: [String: String] = [:]
  ) -> [String] {
    let reader = ProjectReader(
      threads: 1, includesTests: false, contents: { others[$0].map { Array($0.utf8) } },
      exists: { others[$0] != nil })
    let project = reader.read(
      files.map { ProjectFile(SourceFile(path: $0.0, bytes: Array($0.1.utf8))) }
    ).project
    return project.order.map { project.files[$0].source.path }
  }

  @Test(
    "Migrations come by their numbers, dates and versions",
    arguments: [
      ["m/9_a.sql", "m/10_b.sql"], ["m/20140924132253_a/up.sql", "m/2017-11-12-000000_b/up.sql"],
      ["m/2017-11-12-a.sql", "m/20180101_b.sql"], ["m/V1__a.sql", "m/V1.1__b.sql"],
      ["m/V1_2__a.sql", "m/V1_10__b.sql"], ["m/V2__a.sql", "m/R__b.sql"],
      ["m/01.00_a.sql", "m/01.01_b.sql", "m/02.00_c.sql"],
    ])
  func migrations(paths: [String]) {
    #expect(Self.order(paths.reversed().map { ($0, "SELECT 1;") }) == paths)
  }

  @Test("Sqitch's changes come as they are planned, reworked ones where they were before that")
  func sqitch() {
    let plan = """
      %syntax-version=1.0.0
      %project=shop

      schema/tables 2026-01-01T00:00:00Z A <a@example.org> # tables # of the shop
      pay [schema/tables] 2026-01-02T00:00:00Z A <a@example.org> # pays
      @v1.0 2026-01-03T00:00:00Z A <a@example.org> # first
      list 2026-01-04T00:00:00Z A <a@example.org> # lists
      @v1.1 2026-01-05T00:00:00Z A <a@example.org> # second
      +pay [pay@v1.1] 2026-01-06T00:00:00Z A <a@example.org> # pays otherwise
      # another 2026-01-07T00:00:00Z A <a@example.org>
      account 2026-01-08T00:00:00Z A <a@example.org> # last
      """
    let planned = [
      "db/deploy/schema/tables.sql", "db/deploy/pay@v1.1.sql", "db/deploy/list.sql",
      "db/deploy/pay.sql", "db/deploy/account.sql", "db/deploy/another.sql",
    ]
    let files = planned.sorted().map { ($0, "SELECT 1;") }
    #expect(Self.order(files, others: ["db/sqitch.plan": plan]) == planned)
    #expect(Self.order(files, others: ["db/sqitch.plan": ""]) == planned.sorted())
  }

  @Test("What adds to tables of other files comes last")
  func tables() {
    let found = Self.order([
      ("change.sql", "ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY (id);"),
      ("queries/q.sql", "UPDATE t SET n = 1;"), ("schema.sql", "CREATE TABLE t (id int, n int);"),
    ])
    #expect(found == ["schema.sql", "queries/q.sql", "change.sql"])
  }

  @Test("Triggers of a script find the tables of a file that only makes tables")
  func triggers() throws {
    let reader = ProjectReader(threads: 1, includesTests: false) { _ in false }
    let files = [
      (
        "functions/triggers.sql",
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE TRIGGER t_f AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION f();
        """
      ), ("schema.sql", "CREATE TABLE t (id int PRIMARY KEY);"),
    ]
    let project = reader.read(
      files.map { ProjectFile(SourceFile(path: $0.0, bytes: Array($0.1.utf8))) }
    ).project
    let catalog = WorkloadBuilder(project: project, threads: 1).build().catalog
    let table = try #require(catalog.relations[RelationName(schema: "public", name: "t")])
    #expect(table.triggers.map(\.name) == ["t_f"])
  }

  @Test("A migration may call routines of files that come later")
  func routines() throws {
    let reader = ProjectReader(threads: 1, includesTests: false) { _ in false }
    let files = [
      ("functions.sql", "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM t';"),
      ("upgrade/0001_a.sql", "CREATE TABLE t (id int PRIMARY KEY);"),
      ("upgrade/0002_b.sql", "SELECT f();"),
      ("upgrade/0003_c.sql", "SELECT other.f();"),
    ]
    let project = reader.read(
      files.map { ProjectFile(SourceFile(path: $0.0, bytes: Array($0.1.utf8))) }
    ).project
    let workload = WorkloadBuilder(project: project, threads: 1).build()
    let calls = workload.statements.filter { $0.file.source.path > "upgrade/0002" }
    #expect(calls.count == 2)
    #expect(calls.allSatisfy { $0.notes.isEmpty && !$0.acquisitions.isEmpty })
  }

  @Test("What takes everything down again does not empty the catalog")
  func tearDown() throws {
    let reader = ProjectReader(threads: 1, includesTests: false) { _ in false }
    let files = [
      ("CreateKeys.sql", "ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY (id);"),
      ("CreateTables.sql", "CREATE TABLE t (id int, n int);"),
      ("DropKeys.sql", "BEGIN; ALTER TABLE t DROP CONSTRAINT t_pk; COMMIT;"),
      ("DropTables.sql", "DROP TABLE t;"), ("Empty.sql", "TRUNCATE t;"),
    ]
    let project = reader.read(
      files.map { ProjectFile(SourceFile(path: $0.0, bytes: Array($0.1.utf8))) }
    ).project
    let catalog = WorkloadBuilder(project: project, threads: 1).build().catalog
    let table = try #require(catalog.relations[RelationName(schema: "public", name: "t")])
    #expect(table.keys.map(\.columns) == [["id"]])
  }
}
