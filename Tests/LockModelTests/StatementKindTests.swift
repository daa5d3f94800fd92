import Diagnostics
import Foundation
import Linting
import LockAnalysis
import LockModel
import Testing

/// Every kind of statement that the grammar knows.
@Suite("Kinds of statements")
struct StatementKindTests {
  /// Nodes whose name ends like that of a statement, but which are no statements of a file.
  private static let parts: [String: String] = [
    "RawStmt": "the wrapper of every statement",
    "SetOperationStmt": "made by the analysis of UNION and its kin",
    "ReplicaIdentityStmt": "part of ALTER TABLE",
    "ReturnStmt": "the body of an SQL function",
    "PLAssignStmt": "an assignment in PL/pgSQL",
  ]

  /// Statements that lock what something before them has named.
  private static let running: Set<String> = [
    "CallStmt", "DoStmt", "FetchStmt", "ConstraintsSetStmt", "ExecuteStmt",
  ]

  @Test("Every kind of the grammar has an example here")
  func complete() throws {
    let url = URL(filePath: "/usr/include/pg_query/pg_query.proto")
    guard let grammar = try? String(contentsOf: url, encoding: .utf8) else {
      Issue.record("the grammar's list of nodes is part of libpg-query-dev: \(url.path())")
      return
    }
    let kinds = grammar.matches(of: #/message (?<kind>[A-Z]\w+Stmt)\b/#).map { String($0.kind) }
    #expect(kinds.count > 100)
    let shown = try Set(Self.lowered().map(\.kind))
    for kind in kinds where Self.parts[kind] == nil { #expect(shown.contains(kind), "\(kind)") }
  }

  @Test("A statement either has locks or is listed with a reason")
  func modelled() throws {
    for statement in try Self.lowered() {
      let reason = UnlockedStatement.reasons[statement.kind]
      let isRunning = Self.running.contains(statement.kind)
      if reason == nil || isRunning {
        #expect(
          isRunning || !statement.acquisitions.isEmpty, "\(statement.kind) has neither")
      } else {
        #expect(statement.acquisitions.isEmpty, "\(statement.kind) has both")
      }
      #expect(
        !statement.notes.map(\.text).contains { $0.contains("not modelled") }, "\(statement.kind)")
    }
  }

  @Test("A reason is given for kinds of the grammar only")
  func reasons() throws {
    let shown = try Set(Self.lowered().map(\.kind))
    for (kind, reason) in UnlockedStatement.reasons where Self.parts[kind] == nil {
      #expect(shown.contains(kind) && !reason.isEmpty, "\(kind)")
    }
  }

  /// The examples, each on its own.
  private static func lowered() throws -> [LoweredStatement] {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "statement-kinds.txt")
    let text = try String(contentsOf: url, encoding: .utf8)
    let parts = text.components(separatedBy: "\nkinds\n")
    let schema = parts[0].components(separatedBy: "\nschema\n")[1]
    return try parts[1].split(separator: "\n").map { line in
      let sources = [
        SourceFile(path: "structure.sql", bytes: Array(schema.utf8)),
        SourceFile(path: "line.sql", bytes: Array("\(line);".utf8)),
      ]
      let listing = LockListing.make(sources, threads: 1)
      return try #require(
        listing.statements.first { $0.range.file.path == "line.sql" }, "\(line)")
    }
  }
}
