/// Makes transactions take turns without leaving anything to chance.
struct Schedule {
  /// Watches the others.
  let control: PostgresSession
  private(set) var participants: [Participant]
  /// One has waited for a lock.
  private(set) var waited = false

  /// So often a schedule may wait for the server, each time for a millisecond at least; far more than
  /// any needs. Time itself says nothing where other tests keep all threads busy.
  private static let limit = 120_000
  private var pauses = 0

  init(control: PostgresSession, participants: [Participant]) {
    self.control = control
    self.participants = participants
  }

  /// Lets all send their statements until each waits for a lock or has none left.
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

  /// Lets all send what is left, and commit, until all are through.
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
      if try waiting().isSuperset(of: busy) { return }
      try await pause()
    }
  }

  /// The sessions that wait for a lock, by their processes.
  private mutating func waiting() throws -> Set<Int32> {
    let pids = participants.map { String($0.session.pid) }.joined(separator: ", ")
    let rows = try control.execute(
      """
      SELECT pid FROM unnest(ARRAY[\(pids)]) AS pid WHERE cardinality(pg_blocking_pids(pid)) > 0
      """)
    let waiting = Set(rows.compactMap { $0[0].flatMap { Int32($0) } })
    waited = waited || !waiting.isEmpty
    return waiting
  }

  /// A moment for the server, within the time that is left.
  private mutating func pause() async throws {
    pauses += 1
    guard pauses < Self.limit else {
      throw PostgresError(sqlState: "", message: "not settled after \(Self.limit) looks")
    }
    try await Task.sleep(for: .milliseconds(1))
  }
}
