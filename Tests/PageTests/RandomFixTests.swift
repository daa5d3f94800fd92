import Diagnostics
import Foundation
import LockAnalysis
import Linting
import PostgresTesting
import SQLLockRules
import SeededRandom
import Testing

/// The laws of fixes, for random statements: a fixed text parses, its finding is gone, no other has
/// come, a second run changes nothing, and on a server it does what the text did.
///
/// `SQLLOCK_SEED=7 SQLLOCK_FIXES=2000 swift test --filter RandomFixTests` tries others.
@Suite(.enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct RandomFixTests {
  private static func setting(_ name: String, _ standard: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
  }

  private static let schema = """
    CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL, "Note" text);
    CREATE TABLE b (x int, y int, n int, a int REFERENCES a ON DELETE SET NULL, PRIMARY KEY (x, y));
    INSERT INTO a SELECT i, i % 5, 'n' || i % 3 FROM generate_series(1, 12) i;
    INSERT INTO b SELECT i % 4, i, i % 3, 1 + i % 12 FROM generate_series(1, 20) i;
    """

  // MARK: Statements

  private static func statement(_ random: inout GeneratorRandom) -> String {
    func pick(_ texts: [String]) -> String { random.pick(texts) }
    let isA = random.chance(50)
    let table = isA ? "a" : "b"
    let alias = pick(["", "", " AS t", " t"])
    let name = alias.isEmpty ? table : "t"
    let conditions = [
      "\(name).n > 1", "n < 3", "\(name).n IN (1, 2)", isA ? "\"Note\" = 'n1'" : "y % 2 = 0",
      isA ? "id IN (SELECT a FROM b WHERE b.n = 1)" : "a IN (SELECT id FROM a WHERE a.n = 2)",
      "\(name).n > 1 OR \(name).n = 0 /* why */",
    ]
    let other = isA ? "b" : "a"
    let join = isA ? "b.a = \(name).id" : "a.id = \(name).a"
    let end = pick(["", "", "\n-- done"])
    let set = pick(["SET n = \(name).n + 1", "SET n = 7"])
    let returning = pick(["", "", "\nRETURNING \(name).n", " RETURNING *"])
    switch random.number(0...5) {
    case 0: return "UPDATE \(table)\(alias) \(set)\nWHERE \(pick(conditions))\(returning)\(end)"
    case 1: return "DELETE FROM \(table)\(alias) WHERE \(pick(conditions))\(returning)\(end)"
    case 2:
      return
        "UPDATE \(table)\(alias)\n\(set) FROM \(other)\nWHERE \(join) AND \(other).n > 0"
        + pick(["", " OR \(name).n = 2"]) + end
    case 3:
      return "SELECT \(name).n, \(pick(["*", "'x' AS y", "1 AS id", "\(name).n::text"]))\n"
        + "FROM \(table)\(alias) WHERE \(pick(conditions))\nFOR "
        + pick(["UPDATE", "NO KEY UPDATE", "SHARE"]) + end
    case 4:
      return "WITH w AS (SELECT n FROM \(other)) UPDATE \(table)\(alias) SET n = 2 "
        + "WHERE \(name).n IN (SELECT n FROM w)\(end)"
    default:
      return "INSERT INTO a (id, n) SELECT DISTINCT y, 3 FROM b WHERE n < \(random.number(1...3)) "
        + "ON CONFLICT (id) DO UPDATE SET n = excluded.n\(end)"
    }
  }

  // MARK: Laws

  private static func files(_ text: String) -> [ProjectFile] {
    [("structure.sql", schema), ("q.sql", text + ";\n")].map { path, text in
      ProjectFile(
        SourceFile(path: path, bytes: Array(text.utf8)), at: "/" + path, named: Int.max)
    }
  }

  private static func fixed(_ text: String) throws -> (text: String, count: Int, left: [Finding]) {
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let linter = RuleCatalog.linter(selection: selection, threads: 1)
    let reader = ProjectReader(threads: 1, includesTests: true, exists: { _ in false })
    let outcome = Fixer(linter, reader, unsafe: true).fix(files(text), wanted: \.findings) { _, _ in
    }
    return (
      String(decoding: outcome.files[1].source.bytes.dropLast(2), as: UTF8.self), outcome.count,
      outcome.result.findings
    )
  }

  /// What a statement returns and what the tables hold then; nothing of it stays.
  private static func effect(_ text: String, _ session: PostgresSession) throws -> [[String]] {
    _ = try session.execute("BEGIN")
    defer { _ = try? session.execute("ROLLBACK") }
    return try [text, "SELECT a::text FROM a", "SELECT b::text FROM b"].map { query in
      try session.execute(query).map { $0.map { $0 ?? "null" }.joined(separator: "|") }.sorted()
    }
  }

  @Test("Random statements do the same after their fixes")
  func laws() async throws {
    var random = GeneratorRandom(seed: UInt64(Self.setting("SQLLOCK_SEED", 11)))
    var fixes = 0
    try await PostgresServer.shared().withDatabase { database in
      let session = try database.connect()
      _ = try session.execute(Self.schema)
      for _ in 0..<Self.setting("SQLLOCK_FIXES", 150) {
        let text = Self.statement(&random)
        let before = try Self.effect(text, session)
        let fixed = try Self.fixed(text)
        guard fixed.count > 0 else { continue }
        fixes += 1
        #expect(fixed.left.isEmpty, "\(text)\n\(fixed.text)")
        #expect(try Self.fixed(fixed.text).text == fixed.text, "\(text)")
        #expect(try Self.effect(fixed.text, session) == before, "\(text)\n\(fixed.text)")
      }
    }
    #expect(fixes > 40, "\(fixes)")
  }
}
