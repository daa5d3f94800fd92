import Diagnostics
import Linting
import LockAnalysis
import SQLLockRules
import Testing

/// Scripts that lead from one version to another, beside what has the newest version.
@Suite("Upgrade scripts")
struct UpgradeScriptTests {
  private static let table = "CREATE TABLE t (id int PRIMARY KEY, a int);\n"

  private static func routine(_ name: String, _ body: String) -> String {
    "CREATE OR REPLACE FUNCTION \(name)() RETURNS void LANGUAGE sql AS $$ \(body) $$;\n"
  }

  private static let sorted = "SELECT FROM t ORDER BY id FOR UPDATE"
  private static let unsorted = "UPDATE t SET a = 1"

  /// The files in which something is found.
  private func found(_ files: [(String, String)]) throws -> [String] {
    let reader = ProjectReader(threads: 1, includesTests: false) { _ in false }
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    return RuleCatalog.linter(selection: selection, threads: 1).lint(
      files.map { ProjectFile(SourceFile(path: $0.0, bytes: Array($0.1.utf8))) }, with: reader
    ).findings.map(\.range.file.path)
  }

  @Test(
    "A routine is looked at where the newest version has it",
    arguments: [
      "sql/upgrades/2.1.sql", "sql/zz/2.1-2.2-upgrade-db.sql", "sql/zz/app--1.0--1.1.sql",
      "sql/zz/1.0.3to1.1.0.sql", "sql/zz/upgrade_1.0_to_1.1.sql",
    ])
  func newest(upgrade: String) throws {
    let base = ("sql/base.sql", Self.table + Self.routine("f", Self.sorted))
    #expect(try found([base, (upgrade, Self.routine("f", Self.unsorted))]) == [])
    let other = ("sql/base.sql", Self.table + Self.routine("f", Self.unsorted))
    let drop = "DROP FUNCTION f();\n"
    #expect(
      try found([other, (upgrade, drop + Self.routine("f", Self.sorted))]) == ["sql/base.sql"])
  }

  @Test("Of several upgrades the last one counts")
  func several() throws {
    let files = [
      ("sql/base.sql", Self.table + Self.routine("g", Self.sorted)),
      ("sql/zz/1.0-1.1.sql", Self.routine("f", Self.unsorted) + Self.routine("g", Self.sorted)),
      ("sql/zz/1.1-1.2.sql", Self.routine("f", Self.sorted)),
    ]
    #expect(try found(files) == [])
  }

  @Test("A base that lacks most of what upgrades define is an old one")
  func old() throws {
    let names = ["g", "h", "i"].map { Self.routine($0, "SELECT 1") }.joined()
    let files = [
      ("sql/base.sql", Self.table + Self.routine("f", Self.sorted)),
      ("sql/zz/1.0-1.1.sql", names + Self.routine("f", Self.unsorted)),
    ]
    #expect(try found(files) == ["sql/zz/1.0-1.1.sql"])
  }

  @Test(
    "Other names say nothing of versions",
    arguments: ["sql/zz/2.1.sql", "sql/zz/v1.2_part_3.4_fix.sql"])
  func others(path: String) throws {
    let base = ("sql/base.sql", Self.table + Self.routine("f", Self.sorted))
    #expect(try found([base, (path, Self.routine("f", Self.unsorted))]) == [path])
  }
}
