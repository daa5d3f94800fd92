import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// A transaction that asks for a stronger lock on what it holds already.
struct LockUpgrade: Rule {
  static let description = RuleDescription(
    id: "lock-upgrade", group: .transactionOrder,
    summary: "a weaker lock is held, then a stronger one on the same thing is asked for",
    severity: .warning)

  static let circles: Set<TransactionCircle.Kind> = [.upgrade]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.circles) { found in
      .init(
        message: "\(situation(found)); \(found.consequence)",
        help: help(found))
    }
  }

  private func situation(_ found: CircleFinding) -> String {
    let (thing, held) = (found.thingAlone(found.wanted), found.held.mode.spelling)
    if case .advisory = found.wanted.target {
      return "asks for \(thing) exclusively while it holds it shared"
    }
    return "asks for \(found.wanted.mode.spelling) on \(thing) while it holds "
      + "\(found.thingAlone(found.held)) in \(held)"
  }

  private func help(_ found: CircleFinding) -> String {
    let mode = found.wanted.mode.spelling
    switch found.wanted.target {
    case .table:
      return
        "take the strongest lock first: `LOCK TABLE \(found.table(found.wanted, isQuoted: false)) "
        + "IN \(mode) MODE` at the beginning, or do the two in transactions of their own"
    case .rows, .uniqueKey:
      return "lock the row in \(mode) from the start"
    case .advisory: return "take the exclusive lock from the start"
    }
  }
}
