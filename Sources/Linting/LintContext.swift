package import Diagnostics
package import LockModel
package import PostgresSyntax

/// What a rule can look at.
package struct LintContext: Sendable {
  /// All statements with their locks.
  package let workload: Workload
  /// Statements whose row locks can deadlock, at most one hazard for each.
  package let hazards: [RowOrderHazard]
  /// The files that were read.
  package let files: [ParsedFile]

  package init(workload: Workload, files: [ParsedFile]) {
    self.workload = workload
    self.files = files
    hazards = HazardFinder(workload).hazards()
  }

  /// The findings that a wording gives to the hazards that a rule is about.
  package func findings(
    of rule: RuleDescription, _ wording: (RowOrderFinding) -> RowOrderFinding.Wording?
  ) -> [Finding] {
    hazards.compactMap { hazard in
      let found = RowOrderFinding(rule: rule, hazard: hazard, workload: workload)
      guard found.isOfLoop == (rule.group == .transactionOrder) else { return nil }
      return wording(found).map(found.finding)
    }
  }
}
