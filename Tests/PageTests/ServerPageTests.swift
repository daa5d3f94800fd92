import Foundation
import PostgresTesting
import Testing

/// What the pages say about two sessions on a server is true.
///
/// `PAGE_REPEATS=20` runs every example as many times.
@Suite(.enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct ServerPageTests {
  private static let repeats =
    ProcessInfo.processInfo.environment["PAGE_REPEATS"].flatMap { Int($0) } ?? 1

  @Test(arguments: try ServerExample.all())
  func comesToWhatThePageSays(_ example: ServerExample) async throws {
    let experiment = try example.experiment()
    let expected =
      example.deadlocks ? .deadlock : DeadlockExperiment.Outcome.completed(waited: true)
    for _ in 0..<Self.repeats {
      let outcome = try await PostgresServer.shared().withDatabase { await experiment.run(in: $0) }
      #expect(outcome == expected, sourceLocation: example.location)
    }
  }

  @Test func everyDeadlockHasASurvivingTwin() throws {
    for page in try RulePages.read() {
      for section in page.sections {
        let deadlocks = section.blocks.first { $0.isKind("sql", "deadlocks") }
        let survives = section.blocks.contains { $0.isKind("sql", "survives") }
        guard let deadlocks, !survives else { continue }
        Issue.record(
          "\(section.heading): no `survives` beside `deadlocks`",
          sourceLocation: ServerExample(page: page.id, block: deadlocks).location)
      }
    }
  }
}
