public import Diagnostics

/// What a report says besides the findings.
public struct ReportContext: Sendable {
  /// The version of sqllock that made the findings.
  public var toolVersion: String
  /// What was looked at and how much was found.
  public var summary: Summary
  /// Whether text for people may contain ANSI colours.
  public var color: Bool
  /// The number of columns that prose may take.
  public var width: Int
  /// All rules of the tool, also those without findings.
  public var rules: [RuleDescription]
  /// The Markdown page of each rule, by id.
  public var ruleHelp: [String: String]
  /// Findings that something hides, for formats that tell of them.
  public var suppressed: [Finding]
  /// Makes a path that is relative to the working directory relative to the repository's root.
  public var pathInRepository: @Sendable (String) -> String

  /// A context for one run of the tool.
  public init(
    toolVersion: String, summary: Summary = Summary(), color: Bool = false, width: Int = 80,
    rules: [RuleDescription] = [], ruleHelp: [String: String] = [:], suppressed: [Finding] = [],
    pathInRepository: @escaping @Sendable (String) -> String = { $0 }
  ) {
    self.toolVersion = toolVersion
    self.summary = summary
    self.color = color
    self.width = width
    self.rules = rules
    self.ruleHelp = ruleHelp
    self.suppressed = suppressed
    self.pathInRepository = pathInRepository
  }
}
