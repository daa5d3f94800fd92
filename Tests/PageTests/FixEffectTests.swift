import PostgresTesting
import Testing

/// A fix changes the order of locks and nothing else: on a server the fixed statements return and
/// change the same rows.
@Suite(.enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct FixEffectTests {
  /// What the statements of both sessions return, one after another, and what the tables hold then;
  /// each without the order of the rows.
  private func effect(of example: ServerExample) async throws -> [[String]] {
    let experiment = try example.experiment()
    return try await PostgresServer.shared().withDatabase { database in
      let session = try database.connect()
      _ = try session.execute(experiment.schema)
      var results: [[String]] = []
      for script in [experiment.first, experiment.second] + experiment.others {
        _ = try session.execute("BEGIN")
        for statement in script.statements {
          results.append(Self.sorted(try session.execute(statement)))
        }
        _ = try session.execute("COMMIT")
      }
      let tables = try session.execute(
        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
      for table in tables {
        let name = table[0] ?? ""
        results.append([name] + Self.sorted(try session.execute("SELECT t::text FROM \(name) t")))
      }
      return results
    }
  }

  private static func sorted(_ rows: [[String?]]) -> [String] {
    rows.map { row in row.map { $0 ?? "null" }.joined(separator: "|") }.sorted()
  }

  @Test("Fixed examples do what they did", arguments: try LintExample.repairable())
  func sameEffect(_ example: LintExample) async throws {
    let fixed = example.block.replacing(text: try example.fixed().text)
    let before = try await effect(of: ServerExample(page: example.page, block: example.block))
    let after = try await effect(of: ServerExample(page: example.page, block: fixed))
    #expect(before == after, sourceLocation: example.location())
  }
}
