import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// Any other UPDATE, DELETE or MERGE of several rows.
struct UnorderedBulkWrite: Rule {
  static let description = RuleDescription(
    id: "unordered-bulk-write", group: .rowOrder,
    summary: "UPDATE, DELETE or MERGE of several rows locks them in the order of the plan",
    severity: .warning)

  static let kinds: Set<Deadlock.Kind> = [.plainWrite]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.kinds) { found in
      guard found.isDirect else {
        return .init(
          message: "\(found.through)several rows of `\(found.table.short)` are locked in no "
            + "particular order; \(found.consequence)",
          help: found.indirectHelp)
      }
      let isMerge = found.statement.kind == "MergeStmt"
      return .init(
        message:
          "several rows of `\(found.table.short)` are locked in no particular order; "
          + found.consequence,
        help: isMerge ? mergeHelp(found) : WriteHelp.text(found),
        fix: isMerge ? nil : LockFirstFix.make(for: found))
    }
  }

  private func mergeHelp(_ found: RowOrderFinding) -> String {
    let key = found.keyText
    guard !key.isEmpty else { return WriteHelp.text(found) }
    return "lock the rows first in the same transaction: `SELECT … ORDER BY \(key) "
      + "\(found.acquisition.mode.spelling)`, or write with INSERT … ON CONFLICT from rows sorted "
      + "by the key"
  }
}

/// What to do about a write of several rows.
enum WriteHelp {
  static func text(_ found: RowOrderFinding) -> String {
    let key = found.keyText
    guard !key.isEmpty else {
      return found.missingKey + (found.definition == nil ? "in a locking SELECT" : "give it one")
        + ", or let one session at a time do this (an advisory lock taken first)"
    }
    let keys = found.key.columns.count > 1 ? "(\(key))" : key
    if found.acquisition.form == .drivenWrite {
      return "lock the rows in order first, in a CTE or in the sub-select that picks them: "
        + "`ORDER BY \(key) \(found.acquisition.mode.spelling)`"
    }
    return "lock the rows in order first: `WHERE \(keys) IN (SELECT \(key) FROM "
      + "\(found.tableText) WHERE … ORDER BY \(key) \(found.acquisition.mode.spelling))`"
  }
}
