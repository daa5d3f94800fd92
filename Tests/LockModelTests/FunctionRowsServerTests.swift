import PostgresTesting
import Testing

@testable import LockModel

/// What is said of built-in functions in FROM, held to the server's catalog.
@Suite(
  "Built-in functions in FROM",
  .enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct FunctionRowsServerTests {
  @Test("Functions that give one row are there, and none of their name gives a set")
  func ofOneRow() async throws {
    let sets = try await PostgresServer.shared().withDatabase { database in
      try database.connect().execute(
        "SELECT proname, bool_or(proretset)::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY 1"
      )
    }
    let known = Dictionary(
      sets.map { ($0[0] ?? "", $0[1] ?? "") }, uniquingKeysWith: { first, _ in first })
    #expect(FunctionRows.ofOneRow.filter { known[$0] != "false" } == [])
  }
}
