import Diagnostics
import Linting
import LockAnalysis
import SQLLockRules
import Testing

/// Queries that the code of a repository calls, or does not.
@Suite("Queries that nothing calls")
struct UncalledQueriesTests {
  private static let queries = """
    CREATE TABLE t (id int PRIMARY KEY, a int);
    -- name: mark-all
    UPDATE t SET a = 1;
    -- name: drop-marked
    DELETE FROM t WHERE a = 1;
    -- name: get-one
    SELECT FROM t WHERE id = $1;
    """

  /// What is found of the queries in a repository with code, as severities and messages.
  private func found(_ code: [String: String]) throws -> [String] {
    let host = HostProgram(code.keys.sorted(), threads: 1) { code[$0].map { Array($0.utf8) } }
    let reader = ProjectReader(threads: 1, includesTests: false, host: host) { _ in false }
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let file = SourceFile(path: "db/queries.sql", bytes: Array(Self.queries.utf8))
    return RuleCatalog.linter(selection: selection, threads: 1)
      .lint([ProjectFile(file)], with: reader).findings.map { "\($0.severity): \($0.message)" }
  }

  @Test(
    "Each language spells names in its own way",
    arguments: [
      ["a.go": "q.MarkAll(ctx); q.DropMarked(ctx)"], ["a.py": "q.mark_all(c)\nq.drop_marked(c)"],
      ["a.ts": "markAll.run(c); dropMarked.run(c)"],
      ["a.clj": "(db/mark-all c) (db/drop-marked c)"],
      ["a.go": "x.MarkAll()", "b/c.go": "x.DropMarked()", "d.go": "nothing"],
    ])
  func called(code: [String: String]) throws {
    #expect(try found(code).filter { $0.hasPrefix("warning") }.count == 2)
  }

  @Test(
    "A query that no code mentions is a note, and nobody meets it",
    arguments: [
      ["a.go": "q.MarkAll(ctx); q.GetOne(ctx)"],
      ["a.go": "q.MarkAll(ctx); q.GetOne(ctx)", "a_test.go": "q.DropMarked()"],
      ["a.go": "q.MarkAll(ctx); q.GetOne(ctx)", "q.go": "// Code generated\nfunc DropMarked() {}"],
      ["a.go": "q.MarkAll(ctx); q.GetOne(ctx); q.DropMarkedRows()", "a.md": "DropMarked"],
    ])
  func uncalled(code: [String: String]) throws {
    let found = try found(code)
    #expect(found.count == 2)
    #expect(found.last?.hasPrefix("note") ?? false)
    #expect(found.last?.hasSuffix("nothing in the repository calls `drop-marked`") ?? false)
  }

  @Test("Where the code mentions few of them they may be called in another way")
  func unknown() throws {
    #expect(try found(["a.go": "q.GetOne(ctx)"]).filter { $0.hasPrefix("warning") }.count == 2)
    #expect(try found([:]).filter { $0.hasPrefix("warning") }.count == 2)
  }
}
