import Diagnostics
import Linting
import LockAnalysis
import SQLLockRules
import Testing

/// Which rule reports which circle of waits.
@Suite("Kinds of deadlocks")
struct DeadlockKindTests {
  @Test("Every kind of hazard is claimed by exactly one rule")
  func kinds() {
    for kind in Deadlock.Kind.allCases {
      let claiming = RuleCatalog.rules.filter { $0.kinds.contains(kind) }
      #expect(claiming.count == 1, "\(kind): \(claiming.map { $0.description.id })")
    }
  }

  @Test("Every kind of circle is claimed by exactly one rule")
  func circles() {
    for kind in TransactionCircle.Kind.allCases {
      let claiming = RuleCatalog.rules.filter { $0.circles.contains(kind) }
      #expect(claiming.count == 1, "\(kind): \(claiming.map { $0.description.id })")
    }
  }

  @Test("Selecting a rule shows its hazard beside another of the same statement")
  func selection() throws {
    let text = """
      CREATE TABLE t (id int PRIMARY KEY, a int);
      CREATE TABLE u (id int PRIMARY KEY, a int);
      WITH gone AS (SELECT id FROM t WHERE a = 1 FOR UPDATE) DELETE FROM u WHERE a = 2;
      """
    func rules(_ select: [String]) throws -> [String] {
      let selection = try Selection(
        select: select, ignore: [], rules: RuleCatalog.descriptions)
      return RuleCatalog.linter(selection: selection, threads: 1)
        .lint([SourceFile(path: "q.sql", bytes: Array(text.utf8))]).findings.map(\.rule)
    }
    #expect(try rules(["unordered-bulk-write"]) == ["unordered-bulk-write"])
    #expect(try rules([]).count == 1)
  }
}
