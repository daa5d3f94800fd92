import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// Locks that foreign keys take, in the opposite order of others.
struct ForeignKeyLockInversion: Rule {
  static let description = RuleDescription(
    id: "foreign-key-lock-inversion", group: .workloadOrder,
    summary:
      "the lock that a foreign key takes on a parent's row, or a cascade on its children, meets the opposite order",
    severity: .warning)

  static let circles: Set<TransactionCircle.Kind> = [.foreignKeys]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.circles) { found in
      .init(
        message: "\(found.situation); \(found.consequence)",
        help: help(found), fix: WeakerLockFix.make(for: found))
    }
  }

  private func help(_ found: CircleFinding) -> String {
    let isBlockedByClause = found.circle.members.contains { member in
      let lock = found.workload[member.held]
      let wanted = found.workload[member.request]
      return [lock, wanted].contains { $0.mode == .row(.forUpdate) && $0.isOfClause }
    }
    if isBlockedByClause {
      return "lock the parent's row `FOR NO KEY UPDATE` where its key stays and it is not deleted: "
        + "the checks of foreign keys pass that"
    }
    return "lock the parent's row first, in all of these transactions: "
      + "`SELECT … \(found.rowMode)` before its children are touched"
  }
}

extension Acquisition {
  /// Whether a locking clause takes it.
  fileprivate var isOfClause: Bool {
    if case .lockingSelect? = form { true } else { false }
  }
}
