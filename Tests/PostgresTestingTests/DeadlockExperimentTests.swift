import PostgresTesting
import Testing

/// The harness itself: what it calls a deadlock is one, and nothing else is.
@Suite(.enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct DeadlockExperimentTests {
  private let schema = """
    CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL);
    INSERT INTO accounts SELECT id, 0 FROM generate_series(5, 1, -1) AS id
    """

  private func outcome(
    _ first: [String], _ second: [String], settings: [String] = [], blocker: String? = nil
  ) async throws -> DeadlockExperiment.Outcome {
    let experiment = DeadlockExperiment(
      schema: schema, first: .init(first), second: .init(second, settings: settings),
      blocker: blocker)
    return try await PostgresServer.shared().withDatabase { await experiment.run(in: $0) }
  }

  private func update(_ id: Int) -> String {
    "UPDATE accounts SET balance = balance + 1 WHERE id = \(id)"
  }

  @Test(arguments: 1...3)
  func oppositeOrdersDeadlock(_: Int) async throws {
    #expect(try await outcome([update(1), update(2)], [update(2), update(1)]) == .deadlock)
  }

  @Test(arguments: 1...3)
  func sameOrderCompletes(_: Int) async throws {
    let outcome = try await outcome([update(1), update(2)], [update(1), update(2)])
    #expect(outcome == .completed(waited: true))
  }

  @Test func strangersNeverMeet() async throws {
    #expect(try await outcome([update(1)], [update(2)]) == .completed(waited: false))
  }

  @Test(arguments: 1...3)
  func differentPlansDeadlockOnceTheBlockerLetsGo(_: Int) async throws {
    let statement = "UPDATE accounts SET balance = balance + 1 WHERE id > 0"
    let settings = ["SET enable_seqscan = off", "SET enable_bitmapscan = off"]
    let blocker = "SELECT FROM accounts WHERE id = 3 FOR UPDATE"
    let outcome = try await outcome(
      [statement], [statement], settings: settings, blocker: blocker)
    #expect(outcome == .deadlock)
  }

  @Test func otherErrorsAreFailures() async throws {
    let typo = try await outcome([update(1)], ["UPDATE acounts SET balance = 1"])
    #expect(typo == .failed("relation \"acounts\" does not exist (SQLSTATE 42P01)"))
    let setting = try await outcome([update(1)], [update(1)], settings: ["SET nonsense = 1"])
    guard case .failed = setting else {
      Issue.record("\(setting)")
      return
    }
  }

  @Test func anErrorEndsItsTransactionOnly() async throws {
    let outcome = try await outcome([update(1), "SELECT 1 / 0"], [update(1), update(2)])
    #expect(outcome == .failed("division by zero (SQLSTATE 22012)"))
  }
}
