/// What is known of a rule before it runs: its name, its group and its page.
public struct RuleDescription: Sendable {
  /// A family of rules, selectable like a rule.
  public enum Group: String, Sendable, CaseIterable {
    /// The order in which one statement locks rows.
    case rowOrder = "row-order"
    /// The order in which a transaction takes locks one after another.
    case transactionOrder = "transaction-order"
    /// The orders of several transactions.
    case workloadOrder = "workload-order"
    /// What migrations lock while the application runs.
    case migration
    /// The order of advisory locks.
    case advisory
    /// What is done once a deadlock has happened.
    case retry
    /// What the tool could not read, and comments that it does not understand.
    case meta
  }

  /// Kebab-case; equals the folder's name.
  public let id: String
  /// The group.
  public let group: Group
  /// One line: the hazard.
  public let summary: String
  /// The severity of a finding with full evidence.
  public let severity: Severity

  /// Describes a rule.
  public init(id: String, group: Group, summary: String, severity: Severity) {
    self.id = id
    self.group = group
    self.summary = summary
    self.severity = severity
  }
}
