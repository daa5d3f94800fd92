import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// A locking SELECT that may lock several rows and has no ORDER BY.
struct UnorderedSelectForUpdate: Rule {
  static let description = RuleDescription(
    id: "unordered-select-for-update", group: .rowOrder,
    summary: "a locking SELECT may lock several rows with no total order", severity: .warning)

  static let kinds: Set<Deadlock.Kind> = [.lockingSelect]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.kinds) { found in
      let table = found.table.short
      let mode = found.acquisition.mode.spelling
      return .init(
        message:
          "\(found.through)\(mode) locks several rows of `\(table)` in no particular order; "
          + found.consequence,
        help: found.isDirect ? help(found) : found.indirectHelp,
        fix: found.isDirect ? OrderByFix.make(for: found) ?? LockOneTableFix.make(for: found) : nil)
    }
  }

  private func help(_ found: RowOrderFinding) -> String {
    let clause = found.acquisition.mode.spelling
    let key = found.keyText
    if key.isEmpty {
      return
        found.missingKey + "lock a row that all copies share first, or use SKIP LOCKED"
    }
    if found.acquisition.isJoined {
      let alias = found.quoted(found.acquisition.alias ?? found.table.name)
      return "sort by a unique key of the one table whose rows must be locked, and lock only that "
        + "one: `ORDER BY \(alias).\(key) \(clause) OF \(alias)`"
    }
    return "add `ORDER BY \(key)` in front of \(clause), on the same level of the query"
  }
}
