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
        help: help(found, context), fix: ReorderFix.make(for: found))
    }
  }

  private func help(_ found: CircleFinding, _ context: LintContext) -> String {
    if let order = context.declaredOrder, let tables = context.declared(found.held, found.wanted),
      tables[0] != tables[1]
    {
      return
        "lock `\(tables[0].short)` before `\(tables[1].short)` in all of these transactions, as "
        + "`lock-order` in \(order.path) says"
    }
    let isOfTables = [found.held, found.wanted].allSatisfy { $0.rows == nil }
    let means =
      found.lockTable.map { ", for example by `\($0)` at the beginning of this one" }
      ?? (isOfTables ? "" : ", if need be by a SELECT … FOR UPDATE at the beginning")
    return "lock \(found.tables) in one order in all of these transactions" + means
  }

  private func opposite(_ found: CircleFinding) -> String {
    if found.isOfCopies { return found.consequence }
    return found.circle.members.count == 2
      ? "\(found.others) takes them in the opposite order"
      : "\(found.others) close the circle"
  }
}
