package import Diagnostics
package import LockAnalysis

/// What a rule can look at.
package struct LintContext: Sendable {
  /// All statements with their locks.
  package let workload: Workload
  /// The circles of waits that can end in a deadlock, all of them.
  package let deadlocks: [Deadlock]
  /// The circles of transactions that wait for each other.
  package let circles: TransactionCircles

  package init(workload: Workload) {
    self.workload = workload
    deadlocks = DeadlockFinder(workload).deadlocks()
    circles = TransactionCircles(workload)
  }

  /// The findings that a wording gives to the circles of some kinds.
  package func findings(
    of rule: RuleDescription, _ kinds: Set<TransactionCircle.Kind>,
    _ wording: (CircleFinding) -> Wording
  ) -> [Finding] {
    circles.circles.filter { kinds.contains($0.kind) }.map { circle in
      let found = CircleFinding(rule: rule, circle: circle, workload: workload)
      return found.finding(wording(found))
    }
  }

  /// The findings that a wording gives to the hazards of some kinds.
  package func findings(
    of rule: RuleDescription, _ kinds: Set<Deadlock.Kind>,
    _ wording: (RowOrderFinding) -> Wording
  ) -> [Finding] {
    deadlocks.filter { kinds.contains($0.kind) }.map { deadlock in
      let found = RowOrderFinding(rule: rule, deadlock: deadlock, workload: workload)
      return found.finding(wording(found))
    }
  }
}
