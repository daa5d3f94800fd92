import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// A PL/pgSQL loop that locks one row after another in no fixed order.
struct UnorderedLoopLocks: Rule {
  static let description = RuleDescription(
    id: "unordered-loop-locks", group: .transactionOrder,
    summary: "a PL/pgSQL loop locks rows in the order of an unordered query, array or cursor",
    severity: .warning)

  static let kinds: Set<Deadlock.Kind> = [.loop]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.kinds) { found in
      guard let loop = found.acquisition.loop else { preconditionFailure("a loop locks") }
      return .init(
        message: "\(found.through)a loop locks rows of `\(found.table.short)` one by one "
          + "\(order(of: loop)); \(found.consequence)",
        help: help(loop, found), fix: LoopOrderFix.make(for: found))
    }
  }

  private func order(of loop: LoopKind) -> String {
    switch loop {
    case .query: "in the order of a query that does not sort them"
    case .cursor: "in the order of a cursor that does not sort them"
    case .array, .range: "in the order of an array that the caller made"
    }
  }

  private func help(_ loop: LoopKind, _ found: RowOrderFinding) -> String {
    let key = found.keyText.isEmpty ? "a unique key" : "`\(found.keyText)`"
    switch loop {
    case .query:
      return "sort the loop's query by \(key) of `\(found.table.short)`, or lock all rows "
        + "at once before the loop"
    case .cursor: return "sort the cursor's query by \(key) of `\(found.table.short)`"
    case .array, .range:
      return "sort the array first: loop over `SELECT DISTINCT x FROM unnest(…) AS x ORDER BY x`"
    }
  }
}
