/// Makes two transactions take turns without leaving anything to chance.
struct Schedule {
  /// Watches the others.
  let control: PostgresSession
  private(set) var participants: [Participant]
  /// One has waited for the other.
  private(set) var met = false

  /// The longest a schedule may take; far more than any needs.
  private static let limit = Duration.seconds(20)
  private let deadline = ContinuousClock.now + limit

  init(control: PostgresSession, participants: [Participant]) {
    self.control = control
    self.participants = participants
  }

  /// Lets both send their statements until each waits for a lock or has none left.
  mutating func runUntilStuck() async throws {
    var sent = true
    while sent {
      sent = false
      for index in participants.indices {
        sent = try participants[index].sendNext() || sent
        try await settle()
      }
    }
  }

  /// Lets both send what is left, and commit, until both are through.
  mutating func runToEnd() async throws {
    while !participants.allSatisfy(\.isEnded) {
      for index in participants.indices {
        try await settle()
        if try participants[index].sendNext() { continue }
        _ = try participants[index].sendEnd()
      }
      try await pause()
    }
  }

  /// Waits until each session has answered or waits for a lock.
  private mutating func settle() async throws {
    while true {
      for index in participants.indices { participants[index].collect() }
      let busy = participants.filter(\.isBusy).map(\.session.pid)
      let waiting = try waits()
      if busy.allSatisfy({ waiting[$0] != nil }) { return }
      try await pause()
    }
  }

  /// Whom each session waits for; sessions that don't wait are missing.
  private mutating func waits() throws -> [Int32: Set<Int32>] {
    let pids = participants.map(\.session.pid)
    let list = pids.map(String.init).joined(separator: ", ")
    let rows = try control.execute(
      """
      SELECT waiter, blocker FROM unnest(ARRAY[\(list)]) AS waiter,
        LATERAL unnest(pg_blocking_pids(waiter)) AS blocker
      """)
    var waits: [Int32: Set<Int32>] = [:]
    for row in rows {
      guard let waiter = row[0].flatMap({ Int32($0) }), let blocker = row[1].flatMap({ Int32($0) })
      else { continue }
      waits[waiter, default: []].insert(blocker)
      met = met || pids.contains(blocker)
    }
    return waits
  }

  /// A moment for the server, within the time that is left.
  private func pause() async throws {
    guard ContinuousClock.now < deadline else {
      throw PostgresError(sqlState: "", message: "not settled within \(Self.limit)")
    }
    try await Task.sleep(for: .milliseconds(1))
  }
}
