import PostgresTesting
import Testing

/// A timeout ends a migration before the server looks for deadlocks, and one that is longer does not.
@Suite(.enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct TimeoutServerTests {
  private static let migration = [
    "ALTER TABLE a ADD COLUMN n int", "ALTER TABLE b ADD COLUMN n int",
  ]
  private static let application = ["SELECT FROM b", "SELECT FROM a"]

  /// What happens where both sessions look for deadlocks after so long.
  private func outcome(
    deadlock: String, lock: String
  ) async throws -> DeadlockExperiment.Outcome {
    let own = "SET deadlock_timeout = '\(deadlock)'"
    let experiment = DeadlockExperiment(
      schema: "CREATE TABLE a (id int); CREATE TABLE b (id int)",
      first: .init(Self.migration, settings: [own, "SET lock_timeout = '\(lock)'"]),
      second: .init(Self.application, settings: [own]))
    return try await PostgresServer.shared().withDatabase { await experiment.run(in: $0) }
  }

  @Test func aShortTimeoutMakesTheMigrationFail() async throws {
    let outcome = try await outcome(deadlock: "60s", lock: "100ms")
    guard case .failed(let reason) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(reason.contains("55P03"))
  }

  @Test func aLongTimeoutComesTooLate() async throws {
    let outcome = try await outcome(deadlock: "100ms", lock: "60s")
    #expect(outcome == .deadlock)
  }
}
