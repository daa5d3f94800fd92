package import Diagnostics
package import LockAnalysis

/// A hazard that is looked for: a pure function of what was read.
package protocol Rule: Sendable {
  /// What is known of it before it runs.
  static var description: RuleDescription { get }
  /// The kinds of hazards of one statement that it reports; no other rule reports them.
  static var kinds: Set<Deadlock.Kind> { get }
  /// The kinds of circles of transactions that it reports; no other rule reports them.
  static var circles: Set<TransactionCircle.Kind> { get }
  /// Makes the rule.
  init()
  /// The findings, in any order.
  func check(_ context: LintContext) -> [Finding]
}

extension Rule {
  /// None, unless it says otherwise.
  package static var kinds: Set<Deadlock.Kind> { [] }
  /// None, unless it says otherwise.
  package static var circles: Set<TransactionCircle.Kind> { [] }
}
