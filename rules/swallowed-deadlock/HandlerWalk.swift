import LockAnalysis
import LockModel
import PostgresSyntax

/// Goes over a PL/pgSQL body and judges the handlers that a deadlock can end in.
struct HandlerWalk {
  private let reach: LockReach
  private(set) var found: [Caught] = []
  /// Whether what comes behind the loop does not say that all attempts have failed.
  private var isGivenUp = false
  /// Whether a statement before the present one can have taken locks.
  private var hasLocked = false

  /// A handler with what is wrong with it.
  struct Caught {
    let handler: PLHandler
    let fault: Fault
  }

  enum Fault { case dropped, unbounded, keepsLocks, wrongCode }

  /// Goes over a routine of a catalog.
  init(_ routine: PLBlock, _ catalog: Catalog) {
    reach = LockReach(into: routine, catalog)
    // What statements may wait for is followed through all that they call: not where nothing is caught.
    if routine.hasHandlers { visit(routine, in: nil) }
  }

  static func catchesDeadlock(_ condition: String) -> Bool {
    ["deadlock_detected", "40p01", "others", "transaction_rollback", "40000"]
      .contains(condition.lowercased())
  }

  private static func catchesSerialization(_ condition: String) -> Bool {
    ["serialization_failure", "40001"].contains(condition.lowercased())
  }

  private mutating func visit(_ block: PLBlock, in loop: PLLoop?) {
    judge(block, in: loop)
    visit(block.statements, in: loop)
    for handler in block.handlers { visit(handler.statements, in: loop) }
  }

  private mutating func visit(_ statements: [PLStatement], in loop: PLLoop?) {
    var loop = loop
    for (index, statement) in statements.enumerated() {
      switch statement.kind {
      case .block(let block): visit(block, in: loop)
      case .choice(_, let arms): for arm in arms { visit(arm.statements, in: loop) }
      case .loop(let inner):
        let saved = isGivenUp
        isGivenUp = !Self.raises(Array(statements[(index + 1)...]))
        visit(inner.body, in: inner)
        isGivenUp = saved
      default: break
      }
      hasLocked = hasLocked || reach.mayWait([statement])
      // What comes behind it is done for something that this round has taken.
      if Self.takesRow(statement) { loop = nil }
    }
  }

  /// Whether a statement gets a row, which is another one in the next round.
  private static func takesRow(_ statement: PLStatement) -> Bool {
    switch statement.kind {
    case .sql(_, let targets, _), .fetch(_, let targets): !targets.isEmpty
    default: false
    }
  }

  /// The first handler that takes a deadlock decides what becomes of it.
  private mutating func judge(_ block: PLBlock, in loop: PLLoop?) {
    guard !block.handlers.isEmpty, reach.mayWait(block.statements) else { return }
    let handler = block.handlers.first { $0.conditions.contains(where: Self.catchesDeadlock) }
    guard let handler else {
      let other = block.handlers.first {
        $0.conditions.contains(where: Self.catchesSerialization)
      }
      if let other, loop != nil { found.append(Caught(handler: other, fault: .wrongCode)) }
      return
    }
    guard !Self.raises(handler.statements) else { return }
    if let loop, Self.canRepeat(loop), !Self.leaves(handler.statements) {
      if hasLocked {
        found.append(Caught(handler: handler, fault: .keepsLocks))
      } else if !Self.isBounded(loop, handler) {
        found.append(Caught(handler: handler, fault: .unbounded))
      } else if isGivenUp, Self.ends(loop), !Self.givesUp(handler.statements) {
        found.append(Caught(handler: handler, fault: .dropped))
      }
      return
    }
    found.append(Caught(handler: handler, fault: .dropped))
  }

  /// Whether a handler throws an error when it has caught a deadlock, as far as that can be told.
  private static func raises(_ statements: [PLStatement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .raise(let level, let isRethrow, _): level == "exception" || isRethrow
      case .choice(let value, let arms): raises(value, arms)
      case .block(let block): raises(block.statements)
      default: false
      }
    }
  }

  private static func raises(_ value: PLQuery?, _ arms: [PLArm]) -> Bool {
    for arm in arms {
      guard !arm.conditions.isEmpty else { return raises(arm.statements) }
      let verdicts = arm.conditions.map { DeadlockTest.verdict(value, $0) }
      if verdicts.contains(true) { return raises(arm.statements) }
      if verdicts.allSatisfy({ $0 == false }) { continue }
      let tests = (value.map { [$0] } ?? []) + arm.conditions
      if raises(arm.statements), tests.contains(where: { tellsErrors($0.text) }) { return true }
    }
    return arms.contains(where: \.conditions.isEmpty) && arms.allSatisfy { raises($0.statements) }
  }

  /// Whether a condition looks at the error's code.
  private static func tellsErrors(_ text: String) -> Bool {
    let text = text.lowercased()
    return ["sqlstate", "40p01", "deadlock", "returned_sqlstate"].contains { text.contains($0) }
  }

  /// Whether a handler leaves the loop in every case.
  private static func leaves(_ statements: [PLStatement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .exit(let isContinue, _, let condition): !isContinue && condition == nil
      case .return(_, let isNext): !isNext
      default: false
      }
    }
  }

  /// Whether a loop ends by itself after a number of rounds.
  private static func ends(_ loop: PLLoop) -> Bool {
    if case .range = loop.kind { return true }
    return false
  }

  /// Whether the next round of a loop can be another attempt, rather than the turn of another row.
  private static func canRepeat(_ loop: PLLoop) -> Bool {
    switch loop.kind {
    case .range, .while, .endless: true
    case .query, .dynamic, .cursor, .array: false
    }
  }

  /// Whether a loop ends by itself, or the handler gives up at some time.
  private static func isBounded(_ loop: PLLoop, _ handler: PLHandler) -> Bool {
    if ends(loop) { return true }
    if case .while(let condition) = loop.kind, counts(condition.text) { return true }
    return givesUp(handler.statements) || givesUp(loop.body)
  }

  /// Whether some branch raises, returns or leaves under a condition about a number.
  private static func givesUp(_ statements: [PLStatement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .choice(_, let arms):
        arms.contains { arm in
          arm.conditions.contains { counts($0.text) }
            && (raises(arm.statements) || leaves(arm.statements))
        }
      case .exit(let isContinue, _, let condition):
        !isContinue && (condition.map { counts($0.text) } ?? false)
      default: false
      }
    }
  }

  private static func counts(_ text: String) -> Bool {
    text.contains(">") || text.contains("<") || text.contains("=")
  }
}

extension PLBlock {
  /// Whether it, or a block in it, has EXCEPTION.
  fileprivate var hasHandlers: Bool { !handlers.isEmpty || Self.hasHandlers(in: statements) }

  private static func hasHandlers(in statements: [PLStatement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .block(let block): block.hasHandlers
      case .choice(_, let arms): arms.contains { hasHandlers(in: $0.statements) }
      case .loop(let loop): hasHandlers(in: loop.body)
      default: false
      }
    }
  }
}
