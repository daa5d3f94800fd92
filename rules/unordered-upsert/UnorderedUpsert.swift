import Diagnostics
import Linting
import LockAnalysis
import LockModel

/// An INSERT of several unique keys that are not sorted.
struct UnorderedUpsert: Rule {
  static let description = RuleDescription(
    id: "unordered-upsert", group: .rowOrder,
    summary: "multi-row INSERT … ON CONFLICT whose rows are not sorted by the conflict key",
    severity: .warning)

  static let kinds: Set<Deadlock.Kind> = [.insert]

  init() {}

  func check(_ context: LintContext) -> [Finding] {
    context.findings(of: Self.description, Self.kinds) { found in
      let isUpsert = found.acquisition.form == .upsert
      let key = found.acquisition.rows?.conflictKey ?? []
      let names = key.isEmpty ? "the conflict key" : key.map { "`\($0)`" }.joined(separator: ", ")
      return .init(
        message: found.through
          + (isUpsert
            ? "upserts several rows of `\(found.table.short)` that are not sorted by \(names); "
              + found.consequence
            : "inserts several keys \(names) of `\(found.table.short)` unsorted; "
              + found.consequence),
        help:
          "sort the rows by \(names): `ORDER BY` in the SELECT, or in the application before the "
          + "statement is built; `-- sqllock:ordered \(key.isEmpty ? "COLUMN" : key.joined(separator: ", "))` "
          + "says that the caller has done so",
        fix: found.isDirect ? SortedRowsFix.make(for: found, by: key) : nil)
    }
  }
}
