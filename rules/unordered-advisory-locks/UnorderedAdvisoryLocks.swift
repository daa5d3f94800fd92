import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// A statement that takes several advisory locks in no fixed order.
struct UnorderedAdvisoryLocks: Rule {
  static let description = RuleDescription(
    id: "unordered-advisory-locks", group: .advisory,
    summary: "several advisory locks are taken in no fixed order", severity: .warning)

  static let kinds: Set<Deadlock.Kind> = [.advisory]
  static let circles: Set<TransactionCircle.Kind> = [.advisory]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    var seen: Set<SourceRange?> = []
    return statements(context, &seen)
      + context.findings(of: Self.description, Self.circles) { found in
        .init(
          message: "\(found.situation); \(found.consequence)",
          help: "take the two in one order everywhere: sort their keys first")
      }
      .filter { seen.insert($0.statement).inserted }
  }

  /// Statements that take several.
  private func statements(
    _ context: LintContext, _ seen: inout Set<SourceRange?>
  ) -> [Finding] {
    context.findings(of: Self.description, Self.kinds) { found in
      .init(
        message: "takes several advisory locks in no fixed order; \(found.consequence)",
        help: help(found.acquisition))
    }
    .filter { seen.insert($0.statement).inserted }
    .map { finding in
      var finding = finding
      // It stands beside what is found of the statement's rows.
      finding.rank = nil
      return finding
    }
  }

  private func help(_ lock: Acquisition) -> String {
    lock.loop == nil
      ? "pick the keys in a sub-select and lock them in order: `SELECT pg_advisory_xact_lock(id) "
        + "FROM (SELECT id FROM … ORDER BY id) AS keys ORDER BY id`"
      : "sort what the loop goes over by the key"
  }
}
