import Diagnostics
import Linting
import SQLLockRules
import Testing

/// What a finding says of a lock in WITH that is not taken.
@Suite("Locks in WITH that nothing reads")
struct UnreadLocksTests {
  private static let locked = "SELECT id FROM t ORDER BY id FOR UPDATE"
  private static let update = "UPDATE t SET a = 1 FROM u WHERE u.t_id = t.id"

  @Test(
    "They are shown where they stand",
    arguments: [
      ("WITH locked AS (\(locked)) \(update);", ["locked"]),
      (
        "WITH locked AS (\(locked)) \(update) AND t.id IN (SELECT id FROM other.locked);",
        ["locked"]
      ),
      ("WITH locked AS (SELECT id FROM t) \(update);", []),
      ("WITH locked AS (\(locked)), n AS (SELECT FROM locked) \(update);", []),
      ("WITH locked AS (\(locked)) \(update) AND t.id IN (SELECT id FROM locked);", []),
    ])
  func labels(sql: String, names: [String]) throws {
    let schema =
      "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE u (id int PRIMARY KEY, t_id int);\n"
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let file = SourceFile(path: "q.sql", bytes: Array((schema + sql).utf8))
    let findings = RuleCatalog.linter(selection: selection, threads: 1).lint([file]).findings
      .filter { $0.rule == "unordered-update-from" }
    let labels = findings.flatMap(\.labels).filter { $0.text.hasPrefix("nothing reads") }
    #expect(labels.map { String(decoding: file.bytes[$0.range.bytes], as: UTF8.self) } == names)
  }
}
