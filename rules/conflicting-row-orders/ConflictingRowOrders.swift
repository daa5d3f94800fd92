import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// Two statements that lock rows of one table in different total orders.
struct ConflictingRowOrders: Rule {
  static let description = RuleDescription(
    id: "conflicting-row-orders", group: .rowOrder,
    summary: "two statements lock rows of one table in different total orders",
    severity: .warning)

  static let kinds: Set<Deadlock.Kind> = [.conflictingOrders]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.kinds) { found in
      guard case .conflicting(let own, let other) = found.deadlock.cause else {
        preconditionFailure("two orders conflict")
      }
      let isInsert = found.acquisition.form == .upsert || found.acquisition.form == .insert
      let key = other.filter { !$0.isDescending }.map(\.text)
      return .init(
        message:
          "rows of `\(found.table.short)` are locked in the order \(RowOrderFinding.describe(own)), "
          + "but \(found.partner?.title ?? "another statement") locks them in the order "
          + RowOrderFinding.describe(other),
        help: "lock rows of `\(found.table.short)` in one order everywhere, here "
          + RowOrderFinding.describe(other),
        fix: isInsert && key.count == other.count ? SortedRowsFix.make(for: found, by: key) : nil)
    }
  }
}
