import Diagnostics
import Linting
import Reports

/// What was looked at and what was not, in a line or two.
enum SummaryLine {
  static func text(
    _ summary: Summary, _ findings: [Finding], seconds: Double, lists: Bool
  ) -> String {
    var line =
      "checked \(count(summary.files, "file")), \(count(summary.statements, "statement")), "
      + "\(count(summary.transactions, "transaction")) in \(rounded(seconds)) s"
    if summary.notAnalysed > 0 {
      line += "; \(count(summary.notAnalysed, "statement")) not analysed"
      if !lists { line += " (sqllock lint -v lists them)" }
    }
    let left = leftOut(summary)
    if !left.isEmpty {
      line += "\nleft out \(left.joined(separator: ", ")); sqllock files says why"
    }
    let found = [
      (summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note"),
    ].filter { $0.0 > 0 }.map { count($0.0, $0.1) }
    var result = found.isEmpty ? "no findings" : "found " + found.joined(separator: ", ")
    if summary.suppressed > 0 { result += "; \(grouped(summary.suppressed)) hidden by comments" }
    if summary.baselined > 0 { result += "; \(grouped(summary.baselined)) in the baseline" }
    if summary.elsewhere > 0 {
      result += "; \(grouped(summary.elsewhere)) where nothing has changed"
    }
    if summary.migrationNotes > 0 {
      result += "; \(count(summary.migrationNotes, "note")) about migrations not shown"
      if !lists { result += " (sqllock lint -v shows them)" }
    }
    let fixed = summary.fixed > 0 ? "fixed \(count(summary.fixed, "finding"))" : nil
    return [line, fixed, result, advice(findings)].compactMap { $0.map { $0 + "\n" } }.joined()
  }

  /// How many findings have fixes, and where to read more about those that there are most of.
  private static func advice(_ findings: [Finding]) -> String? {
    let rules = findings.map(\.rule).filter { rule in !MetaRules.all.contains { $0.id == rule } }
    let counts = rules.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    guard let rule = counts.min(by: { ($1.value, $0.key) < ($0.value, $1.key) })?.key else {
      return nil
    }
    let fixes = findings.count { $0.fix != nil }
    let more = "sqllock explain \(rule)"
    guard fixes > 0 else { return "\(more) tells more" }
    return "\(count(fixes, "finding")) \(fixes == 1 ? "has a fix" : "have fixes"); \(more)"
  }

  private static func leftOut(_ summary: Summary) -> [String] {
    var result: [String] = []
    if summary.tests > 0 { result.append("\(count(summary.tests, "test file")) (--include-tests)") }
    if summary.otherDatabases > 0 {
      result.append("\(count(summary.otherDatabases, "file")) of other databases")
    }
    return result
  }

  /// A number of things, such as `1,024 files`.
  static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// With commas between thousands.
  private static func grouped(_ number: Int) -> String {
    var digits = Array(String(number))
    var index = digits.count - 3
    while index > 0 {
      digits.insert(",", at: index)
      index -= 3
    }
    return String(digits)
  }

  private static func rounded(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
