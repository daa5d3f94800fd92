import Diagnostics
import Linting
import LockAnalysis
import LockModel
import PostgresSyntax

/// PL/pgSQL that catches a deadlock and does not pass it on.
struct SwallowedDeadlock: Rule {
  static let description = RuleDescription(
    id: "swallowed-deadlock", group: .retry,
    summary: "PL/pgSQL catches a deadlock and drops it, or retries where that can't help",
    severity: .warning)

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.workload.routines.flatMap { statement -> [Finding] in
      guard case .plpgsql(let block)? = statement.statement.routine?.content else { return [] }
      return HandlerWalk(block, context.workload.catalog).found.map { finding($0, statement) }
    }
  }

  private func finding(
    _ caught: HandlerWalk.Caught, _ statement: LoweredStatement
  ) -> Finding {
    let file = statement.range.file
    let range = SourceRange(file: file, bytes: caught.handler.range)
    let isReported = isReported(caught, file)
    var finding = Finding(
      rule: Self.description.id,
      severity: statement.isRunOnce || isReported ? .note : Self.description.severity,
      message: message(caught, isReported: isReported), range: range, statement: range)
    finding.help = help(caught)
    finding.isAboutMigration = statement.isRunOnce
    return finding
  }

  /// Whether a handler for all errors passes the message on in some other way: a choice that somebody
  /// has made.
  private func isReported(_ caught: HandlerWalk.Caught, _ file: SourceFile) -> Bool {
    let statements = caught.handler.statements
    guard caught.fault == .dropped, let first = statements.first, let last = statements.last,
      caught.handler.conditions.contains("others")
    else { return false }
    let text = file.text(first.range.lowerBound..<last.range.upperBound).lowercased()
    return text.contains("sqlerrm") || text.contains("message_text")
  }

  private func message(_ caught: HandlerWalk.Caught, isReported: Bool) -> String {
    let name = caught.handler.conditions.first { HandlerWalk.catchesDeadlock($0) } ?? "it"
    let what = name == "others" ? "`WHEN OTHERS` catches a deadlock too" : "catches a deadlock"
    switch caught.fault {
    case .dropped:
      return "\(what) and \(isReported ? "only reports" : "drops") it: what the block has done is "
        + "undone, and the transaction goes on"
    case .unbounded: return "\(what) and tries again without a bound"
    case .keepsLocks:
      return "\(what) and tries again while the locks taken before the block are kept"
    case .wrongCode:
      return "catches `serialization_failure` (40001), which is not the code of a deadlock (40P01)"
    }
  }

  private func help(_ caught: HandlerWalk.Caught) -> String {
    switch caught.fault {
    case .dropped:
      return "let the error through: add `WHEN deadlock_detected THEN RAISE;` before it, and retry "
        + "the whole transaction in the client"
    case .unbounded, .keepsLocks, .wrongCode:
      return "retry the whole transaction in the client: only 40P01 and 40001, a few times, with "
        + "growing random pauses"
    }
  }
}
