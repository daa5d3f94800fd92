/// The formats that findings can be written in, by the name used on the command line.
public enum OutputFormat: String, Sendable, CaseIterable {
  /// Excerpts, the interleaving in columns, help and the fix as a diff.
  case full
  /// One line per finding, in the manner of gcc.
  case concise
  /// One versioned JSON object.
  case json
  /// One JSON object per finding and line, then one with the summary.
  case jsonLines = "json-lines"
  /// SARIF 2.1.0, for code scanning.
  case sarif
  /// Workflow commands, which GitHub Actions turns into annotations.
  case github
  /// GitLab's Code Quality.
  case gitlab
  /// The XML of JUnit.
  case junit
  /// reviewdog's Diagnostic Format, with suggestions.
  case rdjson
  /// The XML of Checkstyle.
  case checkstyle

  /// The report that writes this format.
  public func report() -> any Report {
    switch self {
    case .full: FullReport()
    case .concise: ConciseReport()
    case .json: JSONReport()
    case .jsonLines: JSONLinesReport()
    case .sarif: SARIFReport()
    case .github: GitHubReport()
    case .gitlab: GitLabReport()
    case .junit: JUnitReport()
    case .rdjson: RDJSONReport()
    case .checkstyle: CheckstyleReport()
    }
  }
}
