public import Diagnostics

/// Everything about each finding, for people: excerpts, the interleaving, help and the fix.
public struct FullReport: Report {
  /// A report without settings.
  public init() {}

  /// The findings, with an empty line between them.
  public func render(_ findings: [Finding], _ context: ReportContext) -> String {
    let style = Style(color: context.color)
    return findings.map {
      FullFinding($0, style, width: context.width).lines.map { $0 + "\n" }.joined()
    }
    .joined(separator: "\n")
  }
}
