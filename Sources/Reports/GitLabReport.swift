public import Diagnostics

/// GitLab's Code Quality: a list of issues with fingerprints by which a merge request tells new ones.
public struct GitLabReport: Report {
  /// A report without settings.
  public init() {}

  private struct Issue: Encodable {
    let description: String
    let checkName: String
    let fingerprint: String
    let severity: String
    let location: Location

    enum CodingKeys: String, CodingKey {
      case description, fingerprint, severity, location
      case checkName = "check_name"
    }
  }

  private struct Location: Encodable {
    let path: String
    let lines: Lines
  }

  private struct Lines: Encodable {
    let begin: Int
    let end: Int
  }

  /// The list, with paths from the root of the repository.
  public func render(_ findings: [Finding], _ context: ReportContext) -> String {
    let issues = findings.map { finding in
      let last = max(finding.range.bytes.lowerBound, finding.range.bytes.upperBound - 1)
      return Issue(
        description: finding.message, checkName: finding.rule, fingerprint: finding.fingerprint,
        severity: Self.severity(finding.severity),
        location: Location(
          path: context.pathInRepository(withoutDotSlash(finding.range.file.path)),
          lines: Lines(
            begin: finding.range.start.line, end: finding.range.file.position(of: last).line)))
    }
    return encodedJSON(issues, pretty: true) + "\n"
  }

  private static func severity(_ severity: Severity) -> String {
    switch severity {
    case .error: "critical"
    case .warning: "major"
    case .note: "info"
    }
  }
}
