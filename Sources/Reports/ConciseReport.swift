public import Diagnostics

/// One line per finding, `path:line:column: severity[rule] message`, as gcc and its readers know it.
public struct ConciseReport: Report {
  /// A report without settings.
  public init() {}

  /// One line per finding.
  public func render(_ findings: [Finding], _ context: ReportContext) -> String {
    let style = Style(color: context.color)
    return findings.map { line(for: $0, style) + "\n" }.joined()
  }

  private func line(for finding: Finding, _ style: Style) -> String {
    let start = finding.range.start
    let place = "\(printable(path: finding.range.file.path)):\(start.line):\(start.column):"
    let severity = style.paint(finding.severity.rawValue, .severity(finding.severity))
    return "\(style.paint(place, .bold)) \(severity)[\(finding.rule)] \(printable(finding.message))"
  }
}
