import CommandTesting
import Diagnostics
import Foundation
import Linting
import SQLLockRules
import Testing

@Suite("explain, rules and locks")
struct ListingTests {
  @Test("Every rule is explained", arguments: RuleCatalog.descriptions.map(\.id))
  func explain(rule: String) async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await Command.run(["explain", rule], in: folder)
      #expect(outcome.code == 0)
      #expect(outcome.output.hasPrefix("# \(rule)\n\n"))
      #expect(outcome.output.count > rule.count + 20)
      if let page = RuleCatalog.page(of: rule) {
        #expect(outcome.output == RulePageText(page).plain)
        #expect(!outcome.output.contains("-- finding"))
      }
    }
  }

  @Test("The rules are listed, in a table and as JSON")
  func rules() async throws {
    try await TemporaryFolder.with { folder in
      let text = try await Command.run(["rules"], in: folder)
      let ids = text.lines.compactMap { $0.split(separator: " ").first.map(String.init) }
      #expect(ids == RuleCatalog.descriptions.map(\.id))
      struct Listing: Decodable {
        struct Rule: Decodable { let id, group, severity, summary: String }
        let version: Int
        let rules: [Rule]
      }
      let json = try await Command.run(["rules", "--output-format", "json"], in: folder)
      let listing = try JSONDecoder().decode(Listing.self, from: Data(json.output.utf8))
      #expect(listing.version == 1)
      #expect(listing.rules.map(\.id) == ids)
      #expect(listing.rules.map(\.summary) == RuleCatalog.descriptions.map(\.summary))
      #expect(listing.rules.map(\.severity) == RuleCatalog.descriptions.map(\.severity.rawValue))
    }
  }

  @Test("Locks as JSON say what is locked, how, and in which order")
  func locks() async throws {
    let text = """
      -- name: All :exec
      UPDATE c SET v = 1;
      SELECT id FROM c ORDER BY id FOR SHARE;
      SELECT pg_advisory_xact_lock(42);
      """
    try await TemporaryFolder.with(["a.sql": Samples.table, "b.sql": text]) { folder in
      let outcome = try await Command.run(["locks", "--output-format", "json"], in: folder)
      #expect(outcome.code == 0)
      let document = try JSONDecoder().decode(LocksJSON.self, from: Data(outcome.output.utf8))
      #expect(document.version == 1)
      let statements = document.statements.filter { $0.location.path == "b.sql" }
      #expect(statements.map(\.kind) == ["UpdateStmt", "SelectStmt", "SelectStmt"])
      #expect(statements.map(\.name) == ["All", nil, nil])
      #expect(Set(statements.map(\.transaction)).count == 3)
      #expect(statements[0].location.start == .init(line: 2, column: 1, offset: 19))
      #expect(statements[0].location.end == .init(line: 2, column: 19, offset: 37))
      let write = statements[0].locks
      #expect(write.map(\.target) == ["table", "rows"])
      #expect(write.map(\.relation) == ["public.c", "public.c"])
      #expect(write.map(\.mode) == ["ROW EXCLUSIVE", "FOR NO KEY UPDATE"])
      #expect(write.map(\.reason) == [["direct"], ["direct"]])
      #expect(write.map(\.rows) == [nil, "many"])
      #expect(write[1].order?.kind == "unordered")
      #expect(write[1].order?.why?.isEmpty == false)
      #expect(write[1].waits == "blocks")
      #expect(statements[1].locks.map(\.mode) == ["ROW SHARE", "FOR SHARE"])
      #expect(statements[1].locks.last?.order == .init(kind: "total", keys: ["id asc"], why: nil))
      let advisory = statements[2].locks
      #expect(advisory.map(\.target) == ["advisory"])
      #expect(advisory.map(\.key) == ["42"])
      #expect(advisory.map(\.mode) == ["exclusive"])
      #expect(advisory.map(\.duration) == ["transaction"])
    }
  }

  @Test("Findings as JSON have a place, a flow for each session and a fix")
  func findings() async throws {
    struct Report: Decodable {
      struct Finding: Decodable {
        struct Flow: Decodable { let title: String }
        struct Fix: Decodable { let applicability: String }
        let rule, severity, message, fingerprint: String
        let location: LocksJSON.Location
        let flows: [Flow]
        let fix: Fix?
      }
      let version: Int
      let summary: [String: Int]
      let findings: [Finding]
    }
    let text = Samples.table + Samples.unordered
    try await TemporaryFolder.with(["a.sql": text]) { folder in
      let outcome = try await Command.run(["lint", "--output-format", "json"], in: folder)
      let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
      #expect(report.version == 1)
      #expect(report.summary["warnings"] == 1)
      #expect(report.summary["files"] == 1)
      #expect(report.findings.map(\.rule) == ["unordered-bulk-write"])
      #expect(report.findings.map(\.severity) == ["warning"])
      #expect(report.findings[0].location.path == "a.sql")
      #expect(report.findings[0].location.start == .init(line: 2, column: 1, offset: 44))
      #expect(report.findings[0].flows.count == 2)
      #expect(report.findings[0].fix?.applicability == "unsafe")
    }
  }
}

/// The shape of `sqllock locks --output-format json`.
private struct LocksJSON: Decodable {
  struct Position: Decodable, Equatable { let line, column, offset: Int }

  struct Location: Decodable {
    let path: String
    let start, end: Position
  }

  struct Order: Decodable, Equatable {
    let kind: String
    let keys: [String]?
    let why: String?
  }

  struct Lock: Decodable {
    let target, mode: String
    let relation, key, rows, waits, duration: String?
    let order: Order?
    let reason: [String]
  }

  struct Statement: Decodable {
    let location: Location
    let kind: String
    let name: String?
    let transaction: Int
    let locks: [Lock]
    let notes: [String]?
  }

  let version: Int
  let statements: [Statement]
}
