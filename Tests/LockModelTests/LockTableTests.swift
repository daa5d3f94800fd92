import LockAnalysis
import Diagnostics
import Foundation
import Linting
import LockModel
import PostgresTesting
import Testing

/// One table of statements, held to the model and to a server.
@Suite("Row locks")
struct LockTableTests {
  @Test("The model locks what the table says", arguments: try LockTable.lines())
  func model(_ line: LockTable.Line) throws {
    #expect(try Self.modelled(line).map(Self.describe) == line.locks)
  }

  @Test(
    "PostgreSQL locks what the table says",
    .enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
  func server() async throws {
    let table = try LockTable.read()
    var right: [String: Int] = [:]
    var tried: [String: Int] = [:]
    try await PostgresServer.shared().withDatabase { database in
      let session = try database.connect()
      let observer = try database.connect()
      _ = try session.execute("CREATE EXTENSION pgrowlocks")
      _ = try session.execute(table.schema)
      for line in table.lines {
        let seen = try Self.observed(line, session, observer)
        let wanted = Self.summary(try Self.modelled(line))
        tried[line.family, default: 0] += 1
        if seen == wanted { right[line.family, default: 0] += 1 }
        #expect(seen == wanted, "row-locks.txt:\(line.number) \(line.statement)")
      }
    }
    for family in tried.keys.sorted() {
      print("row locks, \(family): \(right[family] ?? 0) of \(tried[family] ?? 0) as on the server")
    }
  }

  /// The row locks that the model gives a statement.
  private static func modelled(_ line: LockTable.Line) throws -> [Acquisition] {
    let sources = [
      SourceFile(path: "structure.sql", bytes: Array(try LockTable.read().schema.utf8)),
      SourceFile(path: "line.sql", bytes: Array(line.statement.utf8)),
    ]
    let listing = LockListing.make(sources, threads: 1)
    #expect(listing.unreadable.isEmpty)
    let last = try #require(listing.statements.last)
    return last.acquisitions.filter { lock in
      switch lock.target {
      case .rows, .uniqueKey: true
      case .table, .advisory: false
      }
    }
  }

  /// As the table writes it.
  private static func describe(_ lock: Acquisition) -> String {
    var words = [lock.target.relation?.name ?? ""]
    if case .uniqueKey = lock.target {
      words.append("key")
    } else {
      words.append(lock.mode.spelling)
    }
    guard let rows = lock.rows else { return words.joined(separator: " ") }
    words.append(rows.count.rawValue)
    if rows.count == .many {
      switch rows.order {
      case .total(let terms):
        words.append("by " + terms.map(\.description).joined(separator: ", "))
      case .partial: words.append("partial")
      case .unknown: words.append("unknown")
      case .unordered: words.append("unordered")
      case .alreadyLocked: words.append("held")
      }
    }
    if lock.waits != .blocks { words.append(lock.waits.rawValue) }
    return words.joined(separator: " ")
  }

  // MARK: The server

  private static let tables = ["t", "c", "j", "p1", "p2", "only_one", "lease"]
  private static let strengths: [RowLockMode] = RowLockMode.allCases

  /// By table the strongest mode, and whether it is on several rows.
  private static func summary(_ locks: [Acquisition]) -> [String: String] {
    var result: [String: (mode: RowLockMode, isMany: Bool)] = [:]
    for lock in locks {
      guard case .rows(let table) = lock.target, case .row(let mode) = lock.mode else { continue }
      let old = result[table.name]
      result[table.name] = (
        max(old?.mode ?? mode, mode), (old?.isMany ?? false) || lock.rows?.count == .many
      )
    }
    return result.mapValues { "\($0.mode.rawValue) \($0.isMany ? "many" : "one")" }
  }

  private static func observed(
    _ line: LockTable.Line, _ session: PostgresSession, _ observer: PostgresSession
  ) throws -> [String: String] {
    _ = try session.execute("BEGIN")
    defer { _ = try? session.execute("ROLLBACK") }
    _ = try session.execute(line.statement)
    var result: [String: (mode: RowLockMode, rows: Int)] = [:]
    for table in tables {
      for row in try observer.execute("SELECT modes::text FROM pgrowlocks('\(table)')") {
        let name = table.hasPrefix("p") ? "p" : table
        guard let mode = Self.mode(of: row[0] ?? "") else { continue }
        let old = result[name]
        result[name] = (max(old?.mode ?? mode, mode), (old?.rows ?? 0) + 1)
      }
    }
    return result.mapValues { "\($0.mode.rawValue) \($0.rows > 1 ? "many" : "one")" }
  }

  /// The strongest of the modes that pgrowlocks names (its manual page lists them).
  private static func mode(of text: String) -> RowLockMode? {
    let names: [(String, RowLockMode)] = [
      ("For Key Share", .forKeyShare), ("For Share", .forShare),
      ("For No Key Update", .forNoKeyUpdate), ("No Key Update", .forNoKeyUpdate),
      ("For Update", .forUpdate), ("Update", .forUpdate),
    ]
    let found = text.trimmingCharacters(in: ["{", "}"]).components(separatedBy: ",")
      .map { $0.trimmingCharacters(in: ["\""]) }
    return names.filter { found.contains($0.0) }.map(\.1).max()
  }
}
