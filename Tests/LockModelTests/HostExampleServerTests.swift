import Diagnostics
import Foundation
import LockAnalysis
import LockModel
import PostgresTesting
import Testing

/// What the example with a host program says of its functions is true of its queries on a server, run
/// in the order and with the values that were read from the program.
@Suite(.enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct HostExampleServerTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "examples/sqlc-bank")

  /// The functions of two sessions with what they are called with.
  private static let meetings: [[(name: String, values: [String: Int])]] = [
    [
      ("Transfer", ["from": 1, "to": 2, "amount": 5]),
      ("Transfer", ["from": 2, "to": 1, "amount": 5]),
    ],
    [
      ("Ship", ["account": 1, "parcel": 7, "price": 5]),
      ("TakeBack", ["account": 1, "parcel": 7, "price": 5]),
    ],
  ]

  // Which account the repaired transfer takes first is decided by its values.
  @Test(arguments: [(0, true), (1, true), (1, false)])
  func comesToWhatTheExampleSays(meeting: Int, isBroken: Bool) async throws {
    let folder = Self.root.appending(path: isBroken ? "broken" : "repaired")
    let workload = try Self.workload(folder)
    let scripts = try Self.meetings[meeting].map { call in
      let transaction = try #require(workload.inferred.first { $0.name == call.name })
      return DeadlockExperiment.Script(statements(of: transaction, call.values, in: workload))
    }
    let schema = try String(contentsOf: folder.appending(path: "db/schema.sql"), encoding: .utf8)
    let experiment = DeadlockExperiment(
      schema: schema
        + "INSERT INTO accounts VALUES (1, 0), (2, 0); INSERT INTO parcels VALUES (7, 1, 'new')",
      first: scripts[0], second: scripts[1])
    let outcome = try await PostgresServer.shared().withDatabase { await experiment.run(in: $0) }
    #expect(outcome == (isBroken ? .deadlock : .completed(waited: true)))
  }

  /// The queries of a call in the order in which they run.
  private func statements(
    of transaction: InferredTransaction, _ values: [String: Int], in workload: Workload
  ) -> [String] {
    transaction.calls.map { call in
      let range = workload.statements[call.statement].range
      var text = range.file.text(range.bytes)
      for (parameter, value) in call.values {
        let number = values[value.text] ?? 0
        let name = parameter.text.drop { $0 == "@" }
        text = text.replacing("sqlc.arg(\(name))", with: "\(number)")
          .replacing(parameter.text, with: parameter.number == 2 ? "'x'" : "\(number)")
      }
      return text
    }
  }

  private static func workload(_ folder: URL) throws -> Workload {
    @Sendable func bytes(_ path: String) throws -> [UInt8] {
      Array(try Data(contentsOf: folder.appending(path: path)))
    }
    let files = try ["db/schema.sql", "db/queries.sql"].map { path in
      ProjectFile(SourceFile(path: path, bytes: try bytes(path)))
    }
    let host = HostProgram(["store.go"], threads: 1) { try? bytes($0) }
    let reader = ProjectReader(threads: 1, includesTests: false, host: host) { _ in false }
    return WorkloadBuilder(project: reader.read(files).project, threads: 1).build()
  }
}
