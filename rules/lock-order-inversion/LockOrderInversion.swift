import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// Transactions that take locks in opposite orders.
struct LockOrderInversion: Rule {
  static let description = RuleDescription(
    id: "lock-order-inversion", group: .workloadOrder,
    summary: "two or more transactions lock tables, rows or keys in opposite orders",
    severity: .warning)

  static let circles: Set<TransactionCircle.Kind> = [.inversion]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.circles) { found in
      .init(
        message: "\(found.situation); \(opposite(found))",
        help:
          "lock \(found.tables) in one order in all of these transactions, "
          + "if need be by a SELECT … FOR UPDATE at the beginning")
    }
  }

  private func opposite(_ found: CircleFinding) -> String {
    if found.isOfCopies { return found.consequence }
    return found.circle.members.count == 2
      ? "\(found.others) takes them in the opposite order"
      : "\(found.others) close the circle"
  }
}
