import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// A statement that takes several advisory locks in no fixed order.
struct UnorderedAdvisoryLocks: Rule {
  static let description = RuleDescription(
    id: "unordered-advisory-locks", group: .advisory,
    summary: "one statement takes several advisory locks in no fixed order", severity: .warning)

  static let kinds: Set<Deadlock.Kind> = [.advisory]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    var seen: Set<Int> = []
    return context.deadlocks.filter { Self.kinds.contains($0.kind) }
      .filter { seen.insert($0.request.statement).inserted }
      .map {
        finding(context.workload[$0.request], context.workload.statements[$0.request.statement])
      }
  }

  private func finding(_ lock: Acquisition, _ statement: LoweredStatement) -> Finding {
    var finding = Finding(
      rule: Self.description.id, severity: Self.description.severity,
      message: "takes several advisory locks in no fixed order; "
        + (statement.routine.map { "two calls of `\($0)()` can deadlock" }
          ?? "two copies of this statement can deadlock"),
      range: lock.range, statement: statement.range)
    switch lock.rows?.order {
    case .unordered(let why)?, .partial(_, let why, _)?: finding.rangeText = why
    case .total?, .alreadyLocked?, .unknown?, nil: break
    }
    finding.help =
      lock.loop == nil
      ? "pick the keys in a sub-select and lock them in order: `SELECT pg_advisory_xact_lock(id) "
        + "FROM (SELECT id FROM … ORDER BY id) AS keys ORDER BY id`"
      : "sort what the loop goes over by the key"
    finding.flows = flows(lock, statement)
    return finding
  }

  /// Two copies that have taken one key each.
  private func flows(_ lock: Acquisition, _ statement: LoweredStatement) -> [Finding.Flow] {
    [("A", "B", 1), ("B", "A", 2)].map { first, second, session in
      Finding.Flow(
        title: "\(statement.title) (\(session))",
        steps: [
          step(lock, .locks, "locks key \(first)", at: session),
          step(lock, .waits, "waits for key \(second)", at: session + 2),
        ])
    }
  }

  private func step(
    _ lock: Acquisition, _ action: Finding.Step.Action, _ text: String, at moment: Int
  ) -> Finding.Step {
    Finding.Step(
      range: lock.range, action: action, target: "advisory locks", text: text, moment: moment,
      reason: lock.reason.texts, deadlocks: moment == 4)
  }
}
