import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// Several rows of one table, by one statement after another.
struct UnorderedRowWrites: Rule {
  static let description = RuleDescription(
    id: "unordered-row-writes", group: .transactionOrder,
    summary: "rows of one table are locked one after another, in an order that the caller chooses",
    severity: .warning)

  static let circles: Set<TransactionCircle.Kind> = [.rowWrites]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.circles) { found in
      .init(
        message:
          "locks \(found.thing(found.wanted, isQuoted: true)) after another one, and nothing says "
          + "in which order; \(found.consequence)",
        help: "lock the rows in one order first, for example in one "
          + "`SELECT … ORDER BY … \(found.rowMode)` over all of them, or sort the values before")
    }
  }
}
