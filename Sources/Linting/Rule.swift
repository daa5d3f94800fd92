package import Diagnostics

/// A hazard that is looked for: a pure function of what was read.
package protocol Rule: Sendable {
  /// What is known of it before it runs.
  static var description: RuleDescription { get }
  /// Makes the rule.
  init()
  /// The findings, in any order.
  func check(_ context: LintContext) -> [Finding]
}
