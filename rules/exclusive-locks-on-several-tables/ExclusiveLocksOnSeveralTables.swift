import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// A migration that locks what the application locks in another order.
struct ExclusiveLocksOnSeveralTables: Rule {
  static let description = RuleDescription(
    id: "exclusive-locks-on-several-tables", group: .migration,
    summary: "a migration locks several tables that the application locks in another order",
    severity: .note)

  static let circles: Set<TransactionCircle.Kind> = [.migration]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.circles) { found in
      .init(
        message:
          "the migration \(found.situation); \(found.others) takes them in the opposite order",
        help: help(found))
    }
  }

  private func help(_ found: CircleFinding) -> String {
    "do the two in transactions of their own, or lock the tables in the application's order first: "
      + "`LOCK TABLE \(found.table(found.wanted, isQuoted: false)), "
      + "\(found.table(found.held, isQuoted: false)) IN ACCESS EXCLUSIVE MODE`; "
      + (found.timeout.map {
        "where they meet, `\($0)` makes the migration fail; run it again then"
      }
        ?? "a `lock_timeout` of less than a second, the `deadlock_timeout`, makes it fail early instead")
  }
}
