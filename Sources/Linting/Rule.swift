package import Diagnostics
package import LockAnalysis

/// A hazard that is looked for: a pure function of what was read.
package protocol Rule: Sendable {
  /// What is known of it before it runs.
  static var description: RuleDescription { get }
  /// The kinds of circles of waits that it reports; no other rule reports them.
  static var kinds: Set<Deadlock.Kind> { get }
  /// Makes the rule.
  init()
  /// The findings, in any order.
  func check(_ context: LintContext) -> [Finding]
}
