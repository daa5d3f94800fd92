import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// A locking SELECT whose ORDER BY is not total, or sorts by something that changes.
struct UnstableRowOrder: Rule {
  static let description = RuleDescription(
    id: "unstable-row-order", group: .rowOrder,
    summary: "there is an ORDER BY, but it is not total, or sorts by something that changes",
    severity: .warning)

  static let kinds: Set<Deadlock.Kind> = [.unstableOrder]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.kinds) { found in
      let table = found.table.short
      let key = found.keyText
      switch found.deadlock.cause {
      case .partial(_, let isExtensible):
        return .init(
          message: "ORDER BY does not settle the order in which rows of `\(table)` are locked; "
            + found.consequence,
          help: help(found, key, isExtensible),
          fix: found.isDirect
            ? OrderByFix.make(for: found) ?? LockOneTableFix.make(for: found) : nil)
      case .changing(let column, _):
        return .init(
          message:
            "rows of `\(table)` are locked in the order of `\(column)`, which other statements "
            + "change; \(found.consequence)",
          help: changingHelp(found, key))
      case .unordered, .conflicting: preconditionFailure("there is an order that does not hold")
      }
    }
  }

  private func changingHelp(_ found: RowOrderFinding, _ key: String) -> String {
    if key.isEmpty { return "sort by columns that never change" }
    if found.acquisition.rows?.isLimited ?? false {
      return "pick the rows in a sub-select without a lock, then lock them with `ORDER BY \(key)`, "
        + "which does not change"
    }
    return "sort by `\(key)`, which does not change"
  }

  private func help(_ found: RowOrderFinding, _ key: String, _ isExtensible: Bool) -> String {
    if key.isEmpty { return "sort by columns that are unique together and not null" }
    if found.acquisition.isJoined, let alias = found.acquisition.alias.map(found.quoted) {
      return "one ORDER BY orders the rows of one table; lock only that one with "
        + "`\(found.acquisition.mode.spelling) OF …`, or sort by `\(alias).\(key)`"
    }
    return isExtensible
      ? "end ORDER BY with a unique key: `\(key)`"
      : "sort by a unique key instead: `ORDER BY \(key)`"
  }
}
