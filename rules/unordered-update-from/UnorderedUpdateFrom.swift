import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// An UPDATE or DELETE whose rows a join or sub-select picks.
struct UnorderedUpdateFrom: Rule {
  static let description = RuleDescription(
    id: "unordered-update-from", group: .rowOrder,
    summary:
      "UPDATE or DELETE driven by a join or sub-select locks its rows in the order of the plan",
    severity: .warning)

  static let kinds: Set<Deadlock.Kind> = [.drivenWrite]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.kinds) { found in
      .init(
        message:
          "\(found.through)rows of `\(found.table.short)` are locked in the order of a join or "
          + "sub-select; \(found.consequence)",
        help: found.isDirect ? WriteHelp.text(found) : found.indirectHelp,
        fix: found.isDirect ? LockFirstFix.make(for: found) : nil)
    }
  }
}
