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

  static let kinds: Set<Deadlock.Kind> = []

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Set(TransactionCircle.Kind.allCases)) { found in
      .init(
        message: "[\(found.circle.kind)] waits for \(found.thing(found.wanted)) while it holds \(found.thing(found.held)); "
          + found.consequence + " +\(found.circle.others)",
        help: "take these locks in one order everywhere")
    }
  }
}
