public import Diagnostics

/// What a report says besides the findings.
public struct ReportContext: Sendable {
  /// The version of sqllock that made the findings.
  public var toolVersion: String
  /// What was looked at and how much was found.
  public var summary: Summary
  /// Whether text for people may contain ANSI colours.
  public var color: Bool
  /// All rules of the tool, also those without findings.
  public var rules: [RuleDescription]
  /// The Markdown page of each rule, by id.
  public var ruleHelp: [String: String]

  /// A context for one run of the tool.
  public init(
    toolVersion: String, summary: Summary = Summary(), color: Bool = false,
    rules: [RuleDescription] = [], ruleHelp: [String: String] = [:]
  ) {
    self.toolVersion = toolVersion
    self.summary = summary
    self.color = color
    self.rules = rules
    self.ruleHelp = ruleHelp
  }
}
