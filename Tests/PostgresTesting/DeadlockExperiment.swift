/// Two or more transactions on a server, made to meet, with no timing left to chance.
///
/// Each statement is sent only when everything sent before it has either ended or waits for a
/// lock, so the same experiment takes the same course on every run:
///
/// 1. The blocker, if there is one, begins and runs its statement, which holds a row.
/// 2. All transactions begin, and take turns, one statement each, until all wait or are done.
/// 3. The blocker rolls back.
/// 4. All go on; each commits as soon as it is through.
package struct DeadlockExperiment: Sendable {
  /// What one session does.
  package struct Script: Sendable {
    /// `SET` statements, run before the transaction begins.
    package var settings: [String]
    /// The statements of one transaction, without `BEGIN` and `COMMIT`.
    package var statements: [String]

    /// Runs `statements` as one transaction, under `settings`.
    package init(_ statements: [String], settings: [String] = []) {
      self.settings = settings
      self.statements = statements
    }
  }

  /// How it ended.
  package enum Outcome: Hashable, Sendable {
    /// The server ended one of the transactions with 40P01.
    case deadlock
    /// All committed; `waited` when one of them had to wait on the way.
    case completed(waited: Bool)
    /// Something else went wrong, so the experiment says nothing.
    case failed(String)
  }

  /// Tables and rows.
  package var schema: String
  /// Goes first wherever there is a choice.
  package var first: Script
  package var second: Script
  /// Those that meet the two.
  package var others: [Script]
  /// Run by a third session that holds its locks until both others wait or are done.
  package var blocker: String?

  /// Describes an experiment; `run` carries it out.
  package init(
    schema: String, first: Script, second: Script, others: [Script] = [], blocker: String? = nil
  ) {
    self.schema = schema
    self.first = first
    self.second = second
    self.others = others
    self.blocker = blocker
  }

  /// Runs the experiment in an empty database.
  package func run(in database: PostgresDatabase) async -> Outcome {
    do {
      let control = try database.connect()
      try control.execute(schema)
      let blocking = try database.connect()
      if let blocker { try blocking.execute("BEGIN; \(blocker)") }
      var schedule = Schedule(
        control: control,
        participants: try ([first, second] + others).map { script in
          try Participant(script, session: database.connect())
        })
      try await schedule.runUntilStuck()
      if blocker != nil { try blocking.execute("ROLLBACK") }
      try await schedule.runToEnd()
      return Self.outcome(of: schedule)
    } catch {
      return .failed(String(describing: error))
    }
  }

  private static func outcome(of schedule: Schedule) -> Outcome {
    let errors = schedule.participants.compactMap(\.error)
    if let other = errors.first(where: { !$0.isDeadlock }) { return .failed(other.description) }
    return errors.isEmpty ? .completed(waited: schedule.waited) : .deadlock
  }
}
