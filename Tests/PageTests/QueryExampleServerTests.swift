import Diagnostics
import Foundation
import PostgresSyntax
import PostgresTesting
import Testing

/// What examples say of their queries is true of them on a server.
@Suite(.enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct QueryExampleServerTests {
  /// Queries that meet, each with what its parameters are given.
  struct Meeting: Sendable, CustomTestStringConvertible {
    let story: String
    let form: String
    let file: String
    let rows: String
    let calls: [(name: String, values: [String])]
    let outcome: DeadlockExperiment.Outcome

    var testDescription: String { "\(story)/\(form)" }
    var folder: URL {
      URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "examples/\(story)/\(form)")
    }
  }

  private static let meetings: [Meeting] = {
    let accounts = "INSERT INTO accounts (id, owner, balance) VALUES (1, 1, 100), (2, 2, 100)"
    let all =
      "INSERT INTO customers VALUES (1); INSERT INTO orders VALUES (1); INSERT INTO invoices VALUES (1)"
    let threeWay = [
      ("PlaceOrder", ["1", "1"]), ("BillOrder", ["1", "1"]), ("CloseInvoice", ["1", "1"]),
    ]
    let transfers = [("Transfer", ["1", "2", "5"]), ("Transfer", ["2", "1", "5"])]
    return [
      Meeting(
        story: "three-way", form: "broken", file: "queries/orders.sql", rows: all, calls: threeWay,
        outcome: .deadlock),
      Meeting(
        story: "three-way", form: "repaired", file: "queries/orders.sql", rows: all,
        calls: threeWay, outcome: .completed(waited: true)),
      Meeting(
        story: "upsert-batch", form: "broken", file: "queries/stock.sql",
        rows: "INSERT INTO stock VALUES (1, 0), (2, 0)",
        calls: [("BookTwo", ["1", "5", "2", "5"]), ("BookTwo", ["2", "5", "1", "5"])],
        outcome: .deadlock),
      Meeting(
        story: "upsert-batch", form: "repaired", file: "queries/stock.sql",
        rows: "INSERT INTO stock VALUES (1, 0), (2, 0)",
        calls: [("BookAll", ["'{1,2}'", "'{5,5}'"]), ("BookAll", ["'{2,1}'", "'{5,5}'"])],
        outcome: .completed(waited: true)),
      Meeting(
        story: "transfer", form: "broken", file: "queries/accounts.sql", rows: accounts,
        calls: transfers, outcome: .deadlock),
      Meeting(
        story: "transfer", form: "repaired", file: "queries/accounts.sql", rows: accounts,
        calls: transfers, outcome: .completed(waited: true)),
    ]
  }()

  @Test("The queries of an example come to what it says", arguments: meetings)
  func meeting(_ meeting: Meeting) async throws {
    let schema = try String(
      contentsOf: meeting.folder.appending(path: "schema.sql"), encoding: .utf8)
    let scripts = try meeting.calls.map { call in
      DeadlockExperiment.Script(try Self.statements(of: call.name, call.values, in: meeting))
    }
    let experiment = DeadlockExperiment(
      schema: schema + meeting.rows, first: scripts[0], second: scripts[1],
      others: Array(scripts.dropFirst(2)))
    let outcome = try await PostgresServer.shared().withDatabase { await experiment.run(in: $0) }
    #expect(outcome == meeting.outcome)
  }

  /// The statements of a named query with values for its parameters, without BEGIN and COMMIT.
  private static func statements(
    of name: String, _ values: [String], in meeting: Meeting
  ) throws -> [String] {
    let text = try String(
      contentsOf: meeting.folder.appending(path: meeting.file), encoding: .utf8)
    let query = try #require(
      text.components(separatedBy: "-- name: ").first { $0.hasPrefix(name + " ") })
    let body = query.drop { $0 != "\n" }
    let file = FileParser.parse(SourceFile(path: meeting.file, bytes: Array(body.utf8)))
    return file.statements.compactMap { statement in
      if case .transaction = statement.command { return nil }
      var text = file.source.text(statement.range)
      for (index, value) in values.enumerated().reversed() {
        text = text.replacing("$\(index + 1)", with: value)
      }
      return text
    }
  }
}
