import Foundation
import LockModel
import PostgresTesting

/// Statements that can't run in a transaction block: only what they ask for can be seen.
struct ConformanceOutside {
  private var server: ConformanceServer

  init(_ server: ConformanceServer) { self.server = server }

  /// What is wrong with a line; empty when the server agrees.
  mutating func problems(_ line: ConformanceLine) async throws -> [String] {
    var problems: [String] = []
    let listed = line.locks ?? []
    for (index, lock) in listed.enumerated() {
      let asked = try await request(line, lock, after: Array(listed[..<index]))
      if asked != lock {
        problems.append("asks for \(asked?.description ?? "nothing") instead of \(lock)")
      }
    }
    return problems
  }

  /// All that a line asks for, in the order of what it has by then.
  mutating func record(_ line: ConformanceLine) async throws -> [ConformanceLock] {
    var found: [ConformanceLock: Int] = [:]
    for name in server.identifiers.keys.sorted() {
      guard let relation = server.relation(name), relation.kind != "t" else { continue }
      let modes = relation.canBeLocked ? TableLockMode.allCases : [.accessExclusive]
      for mode in modes {
        try server.reset()
        guard let seen = try await request(line, .relation(name, mode: mode)) else { continue }
        found[seen.lock] = max(found[seen.lock] ?? 0, seen.before)
      }
    }
    // Whoever means to lock a table looks at it first; that lock is gone at once.
    let looks = found.keys.filter { look in
      if case .relation(_, .accessShare) = look {
        found.keys.contains { $0.isStronger(than: look) }
      } else {
        false
      }
    }
    for look in looks { found[look] = nil }
    return found.sorted { ($0.value, $0.key.description) < ($1.value, $1.key.description) }
      .map(\.key)
  }

  /// What a line waits for where a lock has to wait, but for a weaker one before it.
  private mutating func request(
    _ line: ConformanceLine, _ lock: ConformanceLock, after earlier: [ConformanceLock]
  ) async throws -> ConformanceLock? {
    try server.reset()
    guard let obstacle = server.obstacle(for: lock, after: earlier) else { return lock }
    let asked = try await request(line, obstacle)?.lock
    guard let asked, lock.isStronger(than: asked),
      let next = server.obstacle(for: lock, after: earlier + [asked])
    else { return asked }
    try server.reset()
    return try await request(line, next)?.lock
  }

  /// What a line waits for behind an obstacle; nil when that is not a relation or it does not wait.
  private func request(
    _ line: ConformanceLine, _ obstacle: ConformanceServer.Obstacle
  ) async throws -> (lock: ConformanceLock, before: Int)? {
    let session = try server.database.connect()
    for statement in line.preparation { try session.execute(statement) }
    guard try server.setUp(obstacle) else { return nil }
    try session.send(line.statement)
    let isStopped = try await server.waits(session)
    let held = try server.held(by: session.pid, seenBy: server.control)
    if isStopped { try server.control.execute("SELECT pg_cancel_backend(\(session.pid))") }
    // It was cancelled.
    _ = try? session.finish()
    try server.blocker.execute("ROLLBACK")
    return held.waiting.first.map { ($0, held.granted.count) }
  }
}
