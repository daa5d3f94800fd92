import Diagnostics
import LockAnalysis
import Testing

/// What a file is, told by its path, its neighbours and its text.
@Suite("Roles of files")
struct FileRoleTests {
  /// The roles of files, each with some text, as if a user had named a folder above them.
  private static func roles(
    _ files: [(String, String)], named: Int = 0, includesTests: Bool = false
  ) -> [SourceRole] {
    ProjectReader(threads: 1, includesTests: includesTests) { _ in false }.read(
      files.map { path, text in
        ProjectFile(SourceFile(path: path, bytes: Array(text.utf8)), named: named)
      }
    ).readings.map(\.role)
  }

  private static func roles(_ paths: [String], named: Int = 0) -> [SourceRole] {
    roles(paths.map { ($0, "SELECT 1;") }, named: named)
  }

  @Test(
    "A folder of numbered files is a sequence, whatever it is called",
    arguments: [
      ["delta/0001_a.sql", "delta/0002_b.sql"],
      ["updates/20110602-merge.sql", "updates/20120213-trim.sql"],
      ["changes/1.add-x.sql", "changes/2.drop-y.sql", "changes/README.sql"],
      ["db/versions/0008-migration.sql", "db/versions/0009-migration.sql"],
      ["sql/v1.1__a.sql", "sql/v1.2__b.sql"],
      ["changes/step_1.0.1_a.sql", "changes/step_1.1.0_b.sql", "changes/README.sql"],
      ["db/product-2.1.sql", "db/product-2.10.sql"],
    ])
  func sequence(paths: [String]) {
    #expect(Self.roles(paths).prefix(2) == [.migration, .migration])
  }

  /// Where transactions of a migration begin and end.
  private static func boundary(
    _ path: String, _ text: String, beside files: [String: String] = [:]
  ) -> TransactionBoundary? {
    ProjectReader(
      threads: 1, includesTests: false, contents: { files[$0].map { Array($0.utf8) } },
      exists: { files[$0] != nil }
    )
    .read([ProjectFile(SourceFile(path: path, bytes: Array(text.utf8)))])
    .readings.first?.sections.first?.boundary
  }

  @Test(
    "A migration that says so, or could not run otherwise, has no transaction around it",
    arguments: [
      ("V1__a.sql", "CREATE INDEX CONCURRENTLY i ON t (a);"),
      ("V1__a.sql", "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;"),
      ("V1__a.sql", "VACUUM t;"), ("V1__a.sql", "REINDEX SCHEMA s;"),
      ("V1__a.sql", "DROP INDEX CONCURRENTLY i;"),
      ("migrations/1_a.sql", "-- no-transaction\nCREATE TABLE t ();"),
      ("migrations/1_a.sql", "-- atlas:txmode none\n\nCREATE TABLE t ();"),
      ("migrations/1_a.sql", "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE TABLE t ();"),
    ])
  func alone(path: String, text: String) {
    #expect(Self.boundary(path, text) == .statement)
  }

  @Test(
    "A file beside a migration says whether it has a transaction",
    arguments: [
      ("db/V1__a.sql", "db/V1__a.sql.conf", "executeInTransaction=false\n", true),
      ("db/V1__a.sql", "db/V1__a.sql.conf", " executeInTransaction = FALSE", true),
      ("db/V1__a.sql", "db/V1__a.sql.conf", "executeInTransaction=true", false),
      ("db/V1__a.sql", "db/V2__b.sql.conf", "executeInTransaction=false", false),
      ("m/2024-01-01_a/up.sql", "m/2024-01-01_a/metadata.toml", "run_in_transaction = false", true),
      (
        "m/2024-01-01_a/up.sql", "m/2024-01-01_a/metadata.toml", "# run_in_transaction = false",
        false
      ),
      ("m/2024-01-01_a/up.sql", "m/metadata.toml", "run_in_transaction = false", false),
    ])
  func sidecar(path: String, beside: String, text: String, isAlone: Bool) {
    #expect(
      Self.boundary(path, "CREATE TABLE t ();", beside: [beside: text])
        == (isAlone ? .statement : .section))
  }

  @Test(
    "Prisma runs one statement at a time from 7.4 on",
    arguments: [
      ("package.json", #"{"devDependencies": {"prisma": "^7.4.0"}}"#, true),
      ("app/package.json", #"{"dependencies": {"@prisma/client" : "7.10.1"}}"#, true),
      ("package.json", #"{"devDependencies": {"prisma": ">=8"}}"#, true),
      ("package.json", #"{"devDependencies": {"prisma": "~7.3.2"}}"#, false),
      ("package.json", #"{"devDependencies": {"prisma": "6.19.0"}}"#, false),
      ("package.json", #"{"devDependencies": {"prisma": "latest"}}"#, false),
      ("package.json", #"{"prisma": {"seed": "7.4"}}"#, false),
      ("package.json", "{\n  \"prisma\": {\n \"x\": 1},\n  \"prisma\": \"7.4\"\n}", true),
      ("web/package.json", #"{"devDependencies": {"prisma": "7.4.0"}}"#, false),
    ])
  func prisma(beside: String, text: String, isAlone: Bool) {
    let path = "app/prisma/migrations/20260101000000_a/migration.sql"
    #expect(
      Self.boundary(path, "CREATE TABLE t ();", beside: [beside: text])
        == (isAlone ? .statement : .section))
  }

  @Test(
    "Other migrations are one transaction",
    arguments: [
      ("V1__a.sql", "CREATE INDEX i ON t (a); ANALYZE t; REINDEX TABLE t;"),
      ("migrations/1_a.sql", "CREATE TABLE t ();\n-- no-transaction\n"),
      ("migrations/1_a.sql", "-- atlas:txmode file\nCREATE TABLE t ();"),
    ])
  func together(path: String, text: String) {
    #expect(Self.boundary(path, text) == .section)
  }

  @Test("The files in numbered folders are a sequence")
  func folders() {
    #expect(
      Self.roles(["schema/delta/54/add_x.sql", "schema/delta/55/fill.sql", "queries/get.sql"])
        == [.migration, .migration, .application])
  }

  @Test("A migration alone in its folder is numbered like those of others")
  func alone() {
    let others = ["core/sql/570010_a.sql", "core/sql/570020_b.sql"]
    #expect(Self.roles(others + ["mobile/sql/570030_c.sql"]).last == .migration)
    #expect(Self.roles(others + ["mobile/sql/12_c.sql"]).last == .application)
    #expect(Self.roles(["mobile/sql/570030_c.sql"]).last == .application)
  }

  @Test(
    "Rows that a script changes which a person runs",
    arguments: [
      ("misc/dev-support/reset.sql", "DELETE FROM t; DELETE FROM u;", SourceRole.migration),
      ("admin/sql/rows.sql", "BEGIN; INSERT INTO t VALUES (1); COMMIT;", .migration),
      ("scripts/one.sql", "DELETE FROM t WHERE id = $1;", .application),
      ("scripts/one.sql", "DELETE FROM t WHERE id = :id;", .application),
      ("scripts/one.sql", "-- name: all\nDELETE FROM t;", .application),
      ("scripts/tables.sql", "CREATE TABLE t (id int); UPDATE t SET id = 1;", .application),
      ("tools/fix.sql", "DO $$ BEGIN DELETE FROM t; END $$;", .migration),
      ("queries/one.sql", "DELETE FROM t;", .application),
    ])
  func byHand(path: String, text: String, role: SourceRole) {
    #expect(Self.roles([(path, text)]) == [role])
    #expect(Self.roles([(path, text)], named: Int.max) == [.application])
  }

  @Test("Numbers without a version behind a word are no sequence")
  func words() {
    #expect(
      Self.roles(["q/report_1.sql", "q/report_2.sql"]) == [.application, .application])
    #expect(
      Self.roles(["q/a-1.0.sql", "q/b-1.0.sql", "q/c.sql", "q/d.sql"]).allSatisfy {
        $0 == .application
      })
  }

  @Test(
    "What is below a folder of migrations or changes",
    arguments: [
      ("db/migrations/data/core/rows.sql", "UPDATE t SET a = 1;", SourceRole.migration),
      ("db/migrations/v1/x.sql", "UPDATE t SET a = :start;", .migration),
      ("db/migrations/queries/x.sql", "UPDATE t SET a = $1;", .application),
      ("db/migrations/queries/x.sql", "-- name: all\nUPDATE t SET a = 1;", .application),
      ("upgrade/final/x.sql", "ALTER TABLE t ADD a int; UPDATE t SET a = 1;", .migration),
      ("upgrade/final/x.sql", "UPDATE t SET a = :a;", .application),
      ("db/beforeMigrate.sql", "UPDATE t SET a = 1;", .migration),
      ("db/afterEachMigrate__grants.sql", "UPDATE t SET a = 1;", .migration),
      ("db/beforeLunch.sql", "UPDATE t SET a = 1;", .application),
    ])
  func below(path: String, text: String, role: SourceRole) {
    #expect(Self.roles([(path, text)]) == [role])
  }

  @Test(
    "Rows that are written in a file are put in once",
    arguments: [
      ("DELETE FROM t; INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);", SourceRole.migration),
      ("INSERT INTO t VALUES (1);", .application),
      ("INSERT INTO t VALUES (:a); INSERT INTO u VALUES (:b);", .application),
      ("INSERT INTO t SELECT 1; INSERT INTO t SELECT 2;", .application),
      (
        "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING; "
          + "INSERT INTO t VALUES (2) ON CONFLICT DO NOTHING;", .application
      ),
      ("DELETE FROM t; DELETE FROM u; INSERT INTO t VALUES (1), (2);", .application),
    ])
  func loads(text: String, role: SourceRole) {
    #expect(Self.roles([("schema/kinds.sql", text)]) == [role])
  }

  @Test(
    "A file that makes a table and fills it with rows that are written in it is run once",
    arguments: [
      ("CREATE TABLE k (id int);", SourceRole.migration),
      ("CREATE TABLE k (id int); CREATE INDEX ON k (id);", .migration),
      ("CREATE TABLE IF NOT EXISTS k (id int);", .application),
      ("CREATE TEMP TABLE k (id int);", .application),
      ("CREATE TABLE j (id int);", .application),
      ("CREATE TABLE k (id int); UPDATE k SET id = $1;", .application),
      (
        "CREATE TABLE k (id int); UPDATE a SET a = 1; UPDATE b SET a = 1; UPDATE c SET a = 1; "
          + "DELETE FROM a; DELETE FROM b; DELETE FROM c;", .application
      ),
    ])
  func filled(text: String, role: SourceRole) {
    let rows = (1...3).map { "INSERT INTO k VALUES (\($0));\nUPDATE k SET id = id WHERE x = 1;\n" }
    #expect(Self.roles([("lists/kinds.sql", text + rows.joined())]) == [role])
  }

  @Test("A file for a client that sets its delimiter is another database's")
  func delimiter() {
    let deletes = (0..<40).map { "DELETE FROM t\($0) WHERE a = b;" }.joined(separator: "\n")
    let text = "DELIMITER //\nCREATE PROCEDURE p(a int)\nBEGIN\n\(deletes)\nEND;\n//\n"
    #expect(Self.roles([("sql/p.sql", text)]) == [.otherDatabase])
  }

  @Test("A folder beside many numbered ones is one of them")
  func besideFolders() {
    let numbered = (1...4).map { "changes/1.\($0)/a.sql" }
    #expect(Self.roles(numbered + ["changes/mc/b.sql"]).last == .migration)
    #expect(Self.roles(Array(numbered.dropLast()) + ["changes/mc/b.sql"]).last == .application)
  }

  @Test(
    "A script is run once by its name alone",
    arguments: [
      "fix-2024-01-31.sql", "tools/users_20240131.sql", "sql/MBS-1234.sql", "hstore--1.0--1.1.sql",
      "ext/hstore--1.0.sql", "backfill_names.sql", "hotfixes/a.sql",
      "scripts/validate-grants.sql", "demo.sql", "db/migrations/data_x.sql",
      "UPGRADE_v061_to_v07.sql", "upgrade.sql", "sql/upgrade-2.1.sql", "UNINSTALL_LOG.sql",
      "install.sql",
    ])
  func once(path: String) {
    #expect(Self.roles([path]) == [.migration])
  }

  @Test(
    "Queries stay the application's",
    arguments: [
      "queries/orders.sql", "2fa.sql", "queries/3d_points.sql", "sql/01_orders.sql",
      "sql/utf-8.sql", "queries/top_100.sql", "import/batch.sql", "queries/contest.sql",
      "queries/latest.sql", "queries/get-demo.sql", "api/v1/get.sql", "a-1.sql",
      "sql/item--name.sql", "queries/upgrade_plan.sql", "queries/list_install_counts.sql",
    ])
  func application(path: String) {
    #expect(Self.roles([path]) == [.application])
  }

  @Test(
    "Tests, and what they are fed, are left out",
    arguments: [
      "t/a.sql", "test/a.sql", "db/tests/a.sql", "spec/a.sql", "sql-tests/a.sql",
      "migratest/testdata/a.sql", "fixtures/users.sql", "seeds/a.sql", "seed.sql", "pgtap/a.sql",
      "__tests__/a.sql", "queries/orders_test.sql", "queries/test_orders.sql",
      "migrations/7/up_tests_after.sql", "bench/a.sql", "orders.test.sql",
      "internal/sqltest/initdb.d/01.sql", "examples/queue/a.sql", "experiments/a.sql",
    ])
  func tests(path: String) {
    #expect(Self.roles([path]) == [.test])
    #expect(
      Self.roles([(path, "SELECT 1;")], includesTests: true).allSatisfy { !$0.isLeftOut })
  }

  @Test("What pg_regress compares with an expected output is a test")
  func regression() {
    let files = ["ext/sql/a.sql", "ext/sql/b.sql"].map {
      ProjectFile(SourceFile(path: $0, bytes: Array("SELECT 1;".utf8)))
    }
    let reader = ProjectReader(threads: 1, includesTests: false) { $0 == "ext/expected/a.out" }
    #expect(reader.read(files).readings.map(\.role) == [.test, .application])
  }

  @Test("Of an extension's scripts the newest that sets up a version has what there is")
  func extensions() {
    let body = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;"
    let paths = [
      "ext/x--1.2.sql", "ext/x--1.2--1.10.sql", "ext/x--1.10.sql", "ext/x--1.10--1.11.sql",
      "ext/y--1.0--1.1.sql", "other/x--1.0.sql",
    ]
    let readings = ProjectReader(threads: 1, includesTests: false) { _ in false }.read(
      paths.map { ProjectFile(SourceFile(path: $0, bytes: Array(body.utf8))) }
    ).readings
    #expect(readings.map(\.isReplaced) == [true, true, false, false, false, false])
    #expect(readings[0].why == "replaced by `x--1.10.sql`, a newer version of the extension")
  }

  @Test("What the user names is no test")
  func named() {
    #expect(Self.roles(["tests/queries/a.sql"], named: 1) == [.application])
    #expect(Self.roles(["tests/fixtures/a.sql"], named: 1) == [.test])
    #expect(Self.roles(["tests/a_test.sql"], named: Int.max) == [.application])
  }

  @Test("A migration that makes a table of tests is none")
  func tableOfTests() {
    #expect(
      Self.roles(["migrations/0007_create_test_results.sql", "migrations/0008_tests_index.sql"])
        == [.migration, .migration])
  }

  @Test(
    "Paths name other databases",
    arguments: [
      "migrations/1.mysql.up.sql", "migrations/1.sqlite3.sql", "db/1_x.cockroach.up.sql",
      "mysql/schema.sql", "drivers/riversqlite/queries/a.sql", "schema_mysql.sql", "sqlite.sql",
      "sql/clickhouse-logs/a.sql",
    ])
  func otherPaths(path: String) {
    #expect(Self.roles([path]) == [.otherDatabase])
    #expect(Self.roles([path], named: Int.max) != [.otherDatabase])
  }

  @Test(
    "PostgreSQL nearer to the end of a path counts",
    arguments: [
      "mysql/postgres/a.sql", "mysql_to_postgres.sql", "sqlite/1.postgres.sql", "db/oracles/a.sql",
      "price_oracle/a.sql", "mysql-import/pg/a.sql",
    ])
  func postgres(path: String) {
    #expect(Self.roles([path]) == [.application])
  }

  @Test(
    "A text gives itself away",
    arguments: [
      "CREATE TABLE `a` (`id` INT);",
      "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);\nINSERT INTO a VALUES (1);",
      "CREATE TABLE a (id INT) ENGINE=InnoDB;",
      "PRAGMA foreign_keys = ON;\nUPDATE a SET b = 1;",
      "INSERT INTO a (id) VALUES (1) ON DUPLICATE KEY UPDATE n = 1;",
      "UPDATE a SET at = datetime('now') WHERE id = 1;",
      "SELECT json_extract(data, '$.a') FROM a;",
      "SELECT 1\nGO\nSELECT 2",
    ])
  func otherTexts(text: String) {
    #expect(Self.roles([("a.sql", text)]) == [.otherDatabase])
  }

  @Test(
    "A text of PostgreSQL does not",
    arguments: [
      "SELECT '`a`', 'datetime(1)', $$ ENGINE=InnoDB $$;\n-- PRAGMA datetime('now')",
      "SELECT a @@ b, a #- '{b}', x[1] FROM t;\nSELEC `;".replacing("`", with: "x"),
      "CREATE TABLE engine (unsigned int, pragma int);",
    ])
  func ownTexts(text: String) {
    #expect(Self.roles([("a.sql", text)]) == [.application])
  }

  @Test("One odd statement among many does not make a file another database's")
  func share() {
    let text = String(repeating: "SELECT 1;\n", count: 100) + "SELECT `a`;"
    #expect(Self.roles([("a.sql", text)]) == [.application])
  }

  @Test("The way back of a migration is told by its name")
  func reverse() {
    let files = ["db/0001-migration.sql", "db/0001-downgrade.sql", "db/0002-migration.sql"].map {
      ProjectFile(SourceFile(path: $0, bytes: Array("SELECT 1;".utf8)))
    }
    let readings = ProjectReader(threads: 1, includesTests: false) { _ in false }.read(files)
      .readings
    #expect(readings.map { $0.sections.map(\.isReverse) } == [[false], [true], [false]])
  }

  @Test(
    "What a psql script includes is run with it",
    arguments: [
      ("db/setup.sql", "\\i fill.sql", "db/fill.sql"),
      ("db/setup.sql", "\\ir parts/fill.sql", "db/parts/fill.sql"),
      ("setup.sql", "\\include 'parts/fill.sql'", "db/parts/fill.sql"),
      ("db/a/setup.sql", "\\ir ../b/fill.sql", "db/b/fill.sql"),
      ("setup.sql", "\\i :dir/parts/fill.sql", "db/parts/fill.sql"),
    ])
  func included(script: String, text: String, included: String) {
    let fill = "DELETE FROM kinds; INSERT INTO kinds SELECT * FROM old_kinds;"
    #expect(Self.roles([(script, text + "\n"), (included, fill)]).last == .migration)
  }

  @Test(
    "A file of the same name elsewhere is not included",
    arguments: [
      ("db/setup.sql", "\\i fill.sql", "app/fill.sql"),
      ("db/setup.sql", "\\ir parts/fill.sql", "db/fill.sql"),
      ("db/a/setup.sql", "\\ir ../fill.sql", "app/fill.sql"),
      ("db/setup.sql", "-- \\i fill.sql", "db/fill.sql"),
      ("db/setup.sql", "SELECT '\\i fill.sql';", "db/fill.sql"),
    ])
  func notIncluded(script: String, text: String, other: String) {
    #expect(
      Self.roles([(script, text + "\n"), (other, "DELETE FROM kinds;")]).last == .application)
  }
}
