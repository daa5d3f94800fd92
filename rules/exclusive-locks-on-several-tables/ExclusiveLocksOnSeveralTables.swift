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
    let found = context.findings(of: Self.description, Self.circles) { found in
      .init(
        message:
          "the migration \(found.situation); \(found.others) takes them in the opposite order",
        help: help(found))
    }
    return found + UnknownOrders(context.workload).orders.map { finding($0, context.workload) }
  }

  /// What is said where nothing shows how the application uses the tables.
  private func finding(_ order: UnknownOrders.Order, _ workload: Workload) -> Finding {
    let locks = order.locks.map { workload[$0] }
    let (held, wanted) = (locks[0], locks[1])
    let more = locks.count - 2
    var finding = Finding(
      rule: Self.description.id, severity: .note,
      message: "the migration locks \(held.inWords(isQuoted: true)), then "
        + wanted.inWords(isQuoted: true)
        + (more > 0 ? " and \(more) more table\(more == 1 ? "" : "s")" : "")
        + ", until it ends; no SQL was seen that shows in which order the application uses them",
      range: wanted.range, statement: workload.statements[order.locks[1].statement].range)
    finding.isAboutMigration = true
    finding.subject = Finding.subject(held: held, wanted: wanted)
    finding.rangeText = "locks \(wanted.inWords(isQuoted: false))"
    finding.labels = [
      .init(range: held.range, text: "locks \(held.inWords(isQuoted: false))")
    ]
    let tables = locks.compactMap { $0.target.relation?.short }.joined(separator: ", ")
    finding.help =
      "do each in a transaction of its own, or lock them first, in the order in which the "
      + "application uses them: `LOCK TABLE \(tables) IN ACCESS EXCLUSIVE MODE`; a `lock_timeout` of "
      + "less than a second, the `deadlock_timeout`, makes the migration fail early instead"
    return finding
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
