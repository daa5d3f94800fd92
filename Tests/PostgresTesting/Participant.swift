/// One of the transactions of an experiment, and how far it has got.
struct Participant {
  private enum State {
    case open
    case closing
    case ended
  }

  let session: PostgresSession
  /// The first error; after it the transaction is rolled back.
  private(set) var error: PostgresError?
  private var remaining: ArraySlice<String>
  private var state = State.open
  /// A statement was sent and its result has not been collected.
  private(set) var isBusy = false

  /// Begins the transaction.
  init(_ script: DeadlockExperiment.Script, session: PostgresSession) throws(PostgresError) {
    self.session = session
    remaining = script.statements[...]
    for setting in script.settings { try session.execute(setting) }
    try session.execute("BEGIN")
  }

  /// Committed or rolled back.
  var isEnded: Bool { state == .ended }

  /// Sends the next statement of the script, unless one is under way; true when it did.
  mutating func sendNext() throws(PostgresError) -> Bool {
    guard !isBusy, error == nil, let statement = remaining.popFirst() else { return false }
    try session.send(statement)
    isBusy = true
    return true
  }

  /// Sends the end of the transaction once the script is through or has failed.
  mutating func sendEnd() throws(PostgresError) -> Bool {
    guard !isBusy, state == .open, error != nil || remaining.isEmpty else { return false }
    try session.send(error == nil ? "COMMIT" : "ROLLBACK")
    isBusy = true
    state = .closing
    return true
  }

  /// Takes the result of what was sent, if it is there.
  mutating func collect() {
    guard isBusy, !session.isBusy else { return }
    do throws(PostgresError) {
      try session.finish()
    } catch {
      self.error = self.error ?? error
    }
    isBusy = false
    if state == .closing { state = .ended }
  }
}
