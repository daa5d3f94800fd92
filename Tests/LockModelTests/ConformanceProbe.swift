import Foundation
import LockModel
import PostgresTesting

extension ConformanceServer {
  /// What a second session holds while a statement runs.
  enum Obstacle {
    /// A table lock, so that this mode has to wait.
    case relation(String, mode: TableLockMode)
    /// Every row of the table.
    case rows(String)
    case advisory(String)
  }

  /// How a statement and an obstacle meet.
  enum Meeting {
    /// The line's preparation is in the obstacle's way.
    case unavailable
    /// The statement ended.
    case passed
    case stopped(Stop)
  }

  /// What a line locks.
  struct Observation {
    /// By its last statement.
    let locks: Set<ConformanceLock>
    /// By the statements that prepare the ground: table and advisory locks.
    let before: [ConformanceLock]
  }

  /// A statement that waits.
  struct Stop {
    /// What it has by then.
    let before: Set<ConformanceTrace>
    /// What it asks for.
    let waiting: [ConformanceLock]
    /// Tables whose row locks could not be looked at.
    let closed: Set<String>

    /// Without what the statement lets go again and what does not count.
    func within(_ seen: Observation) -> Stop {
      let before = before.intersection(seen.locks.compactMap(\.trace))
      return Stop(before: before, waiting: waiting, closed: closed)
    }
  }

  // MARK: Whole statements

  /// What a line's statement has locked when it is through.
  func observe(_ line: ConformanceLine) throws -> Observation {
    let session = try database.connect()
    try prepare(line, session)
    let before = line.preparation.isEmpty ? (held: Held(), rows: []) : try state(of: session)
    try session.execute(line.statement)
    let after = try state(of: session)
    try session.execute("ROLLBACK; SELECT pg_advisory_unlock_all()")
    let relations = Set(after.held.granted).subtracting(before.held.granted)
    let locks = relations.filter { counts($0, beside: relations, in: line) }
    let rows = Self.summary(after.rows.subtracting(before.rows))
    return Observation(locks: locks.union(rows), before: before.held.granted)
  }

  /// By table the strongest mode, and whether several rows have a lock in one mode.
  private static func summary(_ locks: Set<RowLock>) -> [ConformanceLock] {
    let strongest = Dictionary(grouping: locks) { "\($0.table) \($0.row)" }
      .compactMap { $0.value.max { $0.mode < $1.mode } }
    return Dictionary(grouping: strongest, by: \.table).compactMap { table, rows in
      let modes = Dictionary(grouping: rows, by: \.mode).mapValues(\.count)
      guard let mode = modes.keys.max() else { return nil }
      return .rows(table, mode, isMany: modes.values.contains { $0 > 1 })
    }
  }

  /// Whoever has a table to itself has its indexes as well: they count only in statements about
  /// indexes.
  private func counts(
    _ lock: ConformanceLock, beside others: Set<ConformanceLock>, in line: ConformanceLine
  ) -> Bool {
    guard let name = lock.relationName, let table = relation(name)?.table else { return true }
    if name.hasPrefix("pg_toast.") { return false }
    return line.isAboutIndexes || !others.contains(.relation(table, .accessExclusive))
  }

  private func state(of session: PostgresSession) throws -> (held: Held, rows: Set<RowLock>) {
    var held = try held(by: session.pid, seenBy: control)
    // Only the session itself knows the names of what it has made.
    if held.hasUnknown { held = try self.held(by: session.pid, seenBy: session) }
    let rows = try rowLocks(of: session.pid, in: held.withRows.subtracting(held.closed))
    return (held, rows)
  }

  private func prepare(_ line: ConformanceLine, _ session: PostgresSession) throws {
    try session.execute("BEGIN")
    for statement in line.preparation { try session.execute(statement) }
  }

  // MARK: Statements that are stopped on the way

  /// Runs a line's statement against an obstacle.
  func meet(_ line: ConformanceLine, _ obstacle: Obstacle) async throws -> Meeting {
    let session = try database.connect()
    try prepare(line, session)
    let before = line.preparation.isEmpty ? (held: Held(), rows: []) : try state(of: session)
    guard try setUp(obstacle) else {
      try session.execute("ROLLBACK; SELECT pg_advisory_unlock_all()")
      return .unavailable
    }
    try session.send(line.statement)
    let isStopped = try await waits(session)
    let stop = isStopped ? try look(at: session, obstacle, since: before) : nil
    if isStopped { try control.execute("SELECT pg_cancel_backend(\(session.pid))") }
    // It was cancelled, or has met an error that the blocker's lock makes.
    _ = try? session.finish()
    try session.execute("ROLLBACK; SELECT pg_advisory_unlock_all()")
    try blocker.execute("ROLLBACK")
    return stop.map { .stopped($0) } ?? .passed
  }

  private func look(
    at session: PostgresSession, _ obstacle: Obstacle,
    since before: (held: Held, rows: Set<RowLock>)
  ) throws -> Stop {
    let held = try held(by: session.pid, seenBy: control)
    var closed = held.closed
    switch obstacle {
    case .relation(let name, mode: .accessExclusive), .rows(let name): closed.insert(name)
    case .relation, .advisory: break
    }
    let rows = try rowLocks(of: session.pid, in: held.withRows.subtracting(closed))
    var traces = Set(Set(held.granted).subtracting(before.held.granted).compactMap(\.trace))
    traces.formUnion(rows.subtracting(before.rows).map { .rows($0.table) })
    if held.hasUnknown, !before.held.hasUnknown { traces.insert(.created) }
    return Stop(before: traces, waiting: held.waiting, closed: closed)
  }

  /// Lets the blocker take its lock, unless somebody is in the way.
  func setUp(_ obstacle: Obstacle) throws -> Bool {
    try blocker.execute("BEGIN")
    do {
      switch obstacle {
      case .relation(let name, let mode):
        if relation(name)?.canBeLocked == true {
          try blocker.execute("LOCK TABLE ONLY \(name) IN \(mode.rawValue) MODE NOWAIT")
        } else {
          try blocker.execute("ALTER TABLE \(name) RENAME TO conformance_obstacle")
        }
      case .rows(let name):
        try blocker.execute("SELECT FROM ONLY \(name) FOR UPDATE NOWAIT")
      case .advisory(let key):
        try blocker.execute("SELECT pg_advisory_xact_lock(\(key))")
      }
      return true
    } catch {
      try blocker.execute("ROLLBACK")
      return false
    }
  }

  /// Whether the session comes to wait for the blocker; false when its statement ends.
  func waits(_ session: PostgresSession) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
      guard session.isBusy else { return false }
      let rows = try control.execute(
        "SELECT \(blocker.pid) = ANY (pg_blocking_pids(\(session.pid)))")
      if rows.first?.first == "t" { return true }
      try await Task.sleep(for: .microseconds(300))
    }
    throw PostgresError(sqlState: "", message: "neither ended nor waiting after 30 s")
  }

  /// Runs a line's statement up to a lock. A statement may take a weaker lock on the relation for a
  /// moment; it is let through then. Nil where no obstacle stops just that lock.
  func meet(
    _ line: ConformanceLine, _ lock: ConformanceLock, after earlier: [ConformanceLock],
    _ seen: Observation
  ) async throws -> Meeting? {
    let others = seen.before + earlier
    guard let obstacle = obstacle(for: lock, after: others) else { return nil }
    let meeting = try await meet(line, obstacle)
    guard case .stopped(let stop) = meeting, let asked = stop.waiting.first,
      lock.isStronger(than: asked), !seen.locks.contains(asked),
      let next = self.obstacle(for: lock, after: others + [asked])
    else { return meeting }
    return try await meet(line, next)
  }

  /// What makes a lock wait that is taken after others in the same transaction; nil where nothing
  /// does without stopping those.
  func obstacle(
    for lock: ConformanceLock, after others: [ConformanceLock]
  ) -> Obstacle? {
    switch lock {
    case .relation(let name, let mode):
      guard let relation = relation(name) else { return nil }
      let earlier = others.compactMap { other -> TableLockMode? in
        if case .relation(name, let mode) = other { mode } else { nil }
      }
      let modes = relation.canBeLocked ? TableLockMode.allCases.reversed() : [.accessExclusive]
      return modes.first { blocking in
        blocking.conflicts(with: mode) && !earlier.contains { blocking.conflicts(with: $0) }
      }.map { .relation(name, mode: $0) }
    case .rows(let name, _, _):
      return relation(name)?.hasRows == true ? .rows(name) : nil
    case .advisory(let key, _): return .advisory(key)
    case .created, .key: return nil
    }
  }
}
