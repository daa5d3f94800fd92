public import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

/// The rules about what could not be read.
public enum MetaRules {
  /// A statement that the grammar refuses.
  public static let syntaxError = RuleDescription(
    id: "syntax-error", group: .meta,
    summary: "the statement does not parse; the others of the file are analysed", severity: .note)
  /// Something whose locks are not known.
  public static let notAnalysed = RuleDescription(
    id: "not-analysed", group: .meta,
    summary: "the locks of this are not known, so nothing is said about them", severity: .note)
  /// A comment that does nothing.
  public static let unusedIgnore = RuleDescription(
    id: "unused-ignore", group: .meta,
    summary: "a `sqllock:` comment that hides nothing or can't be understood", severity: .warning)

  static func syntaxErrors(in file: ParsedFile) -> [Finding] {
    // One construct that the grammar does not know can stand in many statements.
    let byMessage = Dictionary(grouping: file.failures.indices) { file.failures[$0].message }
    let failures = file.failures.enumerated().compactMap { index, failure -> Finding? in
      let alike = byMessage[failure.message] ?? []
      guard alike.first == index else { return nil }
      let more = alike.count > 1 ? "; \(alike.count - 1) more like it in this file" : ""
      return Finding(
        rule: syntaxError.id, severity: syntaxError.severity, message: failure.message + more,
        range: SourceRange(file: file.source, bytes: failure.range),
        statement: SourceRange(file: file.source, bytes: failure.statement))
    }
    let problems = file.problems.map { problem in
      Finding(
        rule: syntaxError.id, severity: syntaxError.severity, message: problem.message,
        range: SourceRange(file: file.source, bytes: problem.range))
    }
    return problems + failures
  }

  static func unfoundedAssertions(in workload: Workload) -> [Finding] {
    workload.unfoundedAssertions.map { assertion in
      Finding(
        rule: unusedIgnore.id, severity: unusedIgnore.severity,
        message: "`sqllock:ordered` is not believed here: \(assertion.reason)",
        range: assertion.range)
    }
  }

  static func notAnalysed(in context: LintContext) -> [Finding] {
    let workload = context.workload
    let notes = workload.statements.flatMap { statement in
      statement.notes.filter { !$0.isDetail }
        .map { RoutineNote(text: $0.text, range: statement.range) }
    }
    return (notes + workload.routineNotes + context.circles.notes).map { note in
      Finding(
        rule: notAnalysed.id, severity: notAnalysed.severity, message: note.text,
        range: SourceRange(file: note.range.file, bytes: firstLine(of: note.range)),
        statement: note.range)
    }
  }

  private static func firstLine(of range: SourceRange) -> Range<Int> {
    let line = range.file.byteRange(ofLine: range.start.line)
    return range.bytes
      .lowerBound..<max(
        range.bytes.lowerBound, min(range.bytes.upperBound, line.upperBound))
  }
}
