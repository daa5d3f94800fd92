import Foundation
import LockModel
import PostgresTesting

/// Finds out what a statement locks, and in which order.
struct ConformanceRecorder {
  let server: ConformanceServer

  /// A lock and what was seen when it was asked for.
  private struct Finding {
    let lock: ConformanceLock
    var before: Set<ConformanceTrace>?
  }

  /// The locks of a line's last statement; what the server can't show is kept from the old list.
  func record(_ line: ConformanceLine) async throws -> [ConformanceLock] {
    let seen = try server.observe(line)
    var findings: [Finding] = []
    for lock in seen.locks.sorted(by: { $0.description < $1.description }) {
      findings.append(Finding(lock: lock, before: try await before(lock, line, seen)))
    }
    let ranks = findings.map { Self.rank($0, among: findings) }
    let sorted = zip(findings.map(\.lock), ranks)
      .sorted { ($0.1, $0.0.isRelation ? 0 : 1) < ($1.1, $1.0.isRelation ? 0 : 1) }.map(\.0)
    let taken = sorted.withoutIncluded(after: seen.before)
    return Self.keeping(line.locks ?? [], in: taken, server)
  }

  /// What the statement has when it asks for a lock; nil where it can't be stopped there.
  private func before(
    _ lock: ConformanceLock, _ line: ConformanceLine, _ seen: ConformanceServer.Observation
  ) async throws -> Set<ConformanceTrace>? {
    let others = seen.locks.filter { $0 != lock && $0.relationName == lock.relationName }
    // As the first on its relation, then as one that comes after others.
    for earlier in [[], others.filter(\.isRelation)] {
      guard
        case .stopped(let stop) = try await server.meet(line, lock, after: earlier, seen)
      else { continue }
      if !lock.isRelation || stop.waiting == [lock] { return stop.within(seen).before }
    }
    return nil
  }

  /// The number of locks before it; a lock that could not be probed goes before the first that
  /// found it held.
  private static func rank(_ finding: Finding, among findings: [Finding]) -> Double {
    if let before = finding.before { return Double(before.count) }
    guard let trace = finding.lock.trace else { return .infinity }
    let after = findings.compactMap(\.before).filter { $0.contains(trace) }.map(\.count).min()
    return after.map { Double($0) - 0.5 } ?? .infinity
  }

  /// Puts the locks that the server can't show after the lock that they followed.
  private static func keeping(
    _ old: [ConformanceLock], in new: [ConformanceLock], _ server: ConformanceServer
  ) -> [ConformanceLock] {
    var result = new
    for (index, lock) in old.enumerated()
    where ConformanceJudge.comparable([lock], server).isEmpty {
      let place = index > 0 ? result.firstIndex(of: old[index - 1]) : nil
      result.insert(lock, at: place.map { $0 + 1 } ?? (index > 0 ? result.count : 0))
    }
    return result
  }
}
