public import Diagnostics

/// Workflow commands, which GitHub Actions turns into annotations of a pull request.
public struct GitHubReport: Report {
  /// A report without settings.
  public init() {}

  /// One workflow command per finding.
  public func render(_ findings: [Finding], _ context: ReportContext) -> String {
    findings.map { command(for: $0, context) + "\n" }.joined()
  }

  private func command(for finding: Finding, _ context: ReportContext) -> String {
    let properties = properties(of: finding, context).map { "\($0.0)=\(escapedProperty($0.1))" }
    return "::\(level(finding.severity)) \(properties.joined(separator: ","))"
      + "::\(escapedData(finding.explanation))"
  }

  private func level(_ severity: Severity) -> String {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .note: "notice"
    }
  }

  /// GitHub's runner refuses columns when `line` and `endLine` differ (ActionCommandManager.cs).
  private func properties(
    of finding: Finding, _ context: ReportContext
  ) -> [(String, String)] {
    let start = finding.range.start
    let end = finding.range.end
    var properties = [
      ("file", context.pathInRepository(withoutDotSlash(finding.range.file.path))),
      ("line", String(start.line)), ("endLine", String(end.line)),
    ]
    if start.line == end.line {
      properties += [("col", String(start.column)), ("endColumn", String(end.column))]
    }
    return properties + [("title", "sqllock \(finding.rule)")]
  }

  private func escapedData(_ text: String) -> String {
    printableLines(text).map { escaped($0, ["%": "%25"]) }.joined(separator: "%0A")
  }

  private func escapedProperty(_ text: String) -> String {
    escaped(printable(text), ["%": "%25", ":": "%3A", ",": "%2C"])
  }

  private func escaped(_ text: String, _ table: [Unicode.Scalar: String]) -> String {
    text.unicodeScalars.map { table[$0] ?? String($0) }.joined()
  }
}
