import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// A transaction that locks tables in another order than the one that the configuration declares.
struct DeclaredOrderViolation: Rule {
  static let description = RuleDescription(
    id: "declared-order-violation", group: .workloadOrder,
    summary: "a transaction does not follow the order of tables that the configuration declares",
    severity: .warning)

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    guard let order = context.declaredOrder else { return [] }
    let workload = context.workload
    return context.violations.map { violation in
      let held = workload[violation.held]
      let wanted = workload[violation.request]
      let (first, second) = (Self.table(wanted), Self.table(held))
      var finding = Finding(
        rule: Self.description.id,
        severity: violation.runsOnce ? .note : Self.description.severity,
        message: "locks \(wanted.inWords(isQuoted: true)) while it holds "
          + "\(held.inWords(isQuoted: true)), but `lock-order` has `\(first)` before `\(second)`",
        range: wanted.range, statement: workload.statements[violation.request.statement].range)
      finding.isAboutMigration = violation.runsOnce
      finding.subject = Finding.subject(held: held, wanted: wanted)
      finding.rangeText = "locks \(wanted.inWords(isQuoted: false))"
      finding.help =
        "lock `\(first)` before `\(second)`, or change the order in \(order.path)"
      finding.labels = [
        .init(range: held.range, text: "locks \(held.inWords(isQuoted: false))")
      ]
      finding.flows = [flow(violation, workload)]
      return finding
    }
  }

  private static func table(_ lock: Acquisition) -> String {
    lock.target.relation?.short ?? ""
  }

  /// What the transaction does.
  private func flow(_ violation: OrderViolation, _ workload: Workload) -> Finding.Flow {
    let ids = [violation.held, violation.request]
    let steps = ids.enumerated().map { index, id in
      let lock = workload[id]
      let call = violation.inferred?.calls.first { $0.statement == id.statement }
      return Finding.Step(
        range: lock.range, action: .locks, target: lock.target.nameInReports,
        text: "locks \(lock.inWords(isQuoted: false))", moment: index + 1,
        reason: lock.reason.texts,
        call: call.map { .init(path: violation.inferred?.path ?? "", line: $0.line) })
    }
    return Finding.Flow(title: violation.transaction, steps: steps)
  }
}
