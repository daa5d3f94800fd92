public import Diagnostics

/// The XML of Checkstyle, which many services and editors read.
public struct CheckstyleReport: Report {
  /// A report without settings.
  public init() {}

  /// The document: an element for each file, and in it one for each finding.
  public func render(_ findings: [Finding], _ context: ReportContext) -> String {
    var root = XMLElement(name: "checkstyle", attributes: [("version", "4.3")])
    root.children = findings.grouped(by: \.range.file.path).map { path, findings in
      XMLElement(
        name: "file", attributes: [("name", printable(path: withoutDotSlash(path)))],
        children: findings.map(Self.error))
    }
    return root.document
  }

  private static func error(_ finding: Finding) -> XMLElement {
    let severity =
      switch finding.severity {
      case .error: "error"
      case .warning: "warning"
      case .note: "info"
      }
    return XMLElement(
      name: "error",
      attributes: [
        ("line", "\(finding.range.start.line)"), ("column", "\(finding.range.start.column)"),
        ("severity", severity),
        ("message", ([finding.message] + finding.advice).joined(separator: "\n")),
        ("source", "sqllock.\(finding.rule)"),
      ])
  }
}

extension [Finding] {
  /// By a text, in the order in which the texts come first.
  func grouped(by text: (Finding) -> String) -> [(String, [Finding])] {
    var order: [String] = []
    let groups = reduce(into: [String: [Finding]]()) { groups, finding in
      let key = text(finding)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(finding)
    }
    return order.map { ($0, groups[$0] ?? []) }
  }
}
