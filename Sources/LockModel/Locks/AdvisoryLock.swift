import PostgresSyntax

/// A call of one of the advisory-lock functions (manual 13.3.5).
struct AdvisoryLock {
  let key: [Term]
  let isExclusive: Bool
  let duration: LockDuration
  let waits: WaitPolicy
  let arguments: [Node]

  init?(_ call: FunctionCall) {
    guard call.name.hasPrefix("pg_"), call.name.contains("advisory"), !Self.isUnlock(call) else {
      return nil
    }
    arguments = call.arguments
    key = call.arguments.map { Term($0) }
    isExclusive = !call.name.hasSuffix("_shared")
    duration = call.name.contains("xact") ? .transaction : .session
    waits = call.name.hasPrefix("pg_try") ? .skips : .blocks
  }

  /// Whether a call gives back locks of the session.
  static func isUnlock(_ call: FunctionCall) -> Bool { call.name.hasPrefix("pg_advisory_unlock") }
}
