import Foundation
import LockModel
import PostgresTesting

/// Holds lines of the conformance tables to a server.
struct ConformanceJudge {
  let server: ConformanceServer

  /// What is wrong with a line; empty when the server agrees.
  func problems(_ line: ConformanceLine) async throws -> [String] {
    let seen = try server.observe(line)
    let listed = Self.comparable(line.locks ?? [], server)
    let extra = Set(listed).subtracting(seen.locks).map(\.description).sorted()
    let missing = seen.locks.subtracting(listed).filter { lock in
      !(seen.before + listed).contains { $0.includes(lock) }
    }.map(\.description).sorted()
    guard extra.isEmpty, missing.isEmpty else {
      return ["only listed: \(extra); only on the server: \(missing)"]
    }
    guard seen.locks.count > 1 else { return [] }
    var problems: [String] = []
    for (index, lock) in listed.enumerated() {
      let earlier = Array(listed[..<index])
      switch try await server.meet(line, lock, after: earlier, seen) {
      case nil, .unavailable: continue
      case .passed where Self.mayPass(line): continue
      case .passed: problems.append("does not wait for \(lock)")
      case .stopped(let stop): problems += self.problems(at: lock, stop.within(seen), earlier, seen)
      }
    }
    return problems
  }

  private func problems(
    at lock: ConformanceLock, _ stop: ConformanceServer.Stop, _ earlier: [ConformanceLock],
    _ seen: ConformanceServer.Observation
  ) -> [String] {
    let expected = Set(earlier.compactMap(\.trace)).filter { trace in
      if case .rows(let name) = trace { !stop.closed.contains(name) } else { true }
    }
    let isIndex = lock.relationName.flatMap { server.relation($0)?.isIndex } ?? false
    // Many statements look at an index before they lock it.
    if isIndex, stop.waiting.isEmpty { return [] }
    if case .relation = lock, stop.waiting != [lock] {
      return ["asks for \(stop.waiting.text) instead of \(lock)"]
    }
    let before = stop.before.filter { trace in
      expected.contains(trace) || !(seen.before + earlier).contains { trace.isIncluded(in: $0) }
    }
    guard before != expected else { return [] }
    let sides = [expected, before].map { $0.map(\.description).sorted() }
    return ["before \(lock): listed \(sides[0]), on the server \(sides[1])"]
  }

  /// Statements that go on where somebody else holds a lock.
  private static func mayPass(_ line: ConformanceLine) -> Bool {
    ["SKIP LOCKED", "NOWAIT", "pg_try_"].contains(where: line.statement.contains)
  }

  /// What the server can show: no entries of unique keys, no rows of materialized views.
  static func comparable(
    _ locks: [ConformanceLock], _ server: ConformanceServer
  ) -> [ConformanceLock] {
    locks.filter { lock in
      switch lock {
      case .key: false
      case .rows(let name, _, _): server.relation(name)?.kind != "m"
      default: true
      }
    }
  }
}
