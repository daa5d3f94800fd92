package import Diagnostics
package import LockAnalysis
package import LockModel

/// What a rule can look at.
package struct LintContext: Sendable {
  /// All statements with their locks.
  package let workload: Workload
  /// The circles of waits that can end in a deadlock, all of them.
  package let deadlocks: [Deadlock]
  /// The circles of transactions that wait for each other.
  package let circles: TransactionCircles
  /// The order in which tables are meant to be locked.
  package let declaredOrder: DeclaredOrder?
  /// The transactions that do not follow it.
  package let violations: [OrderViolation]
  /// Names of it that no table has.
  let unknownTables: [DeclaredOrder.Entry]

  package init(workload: Workload, declaredOrder: DeclaredOrder? = nil) {
    self.workload = workload
    self.declaredOrder = declaredOrder
    let read = WorkloadSequences(workload)
    let compared = declaredOrder.map { OrderViolations($0, in: workload, read) }
    violations = compared?.violations ?? []
    unknownTables = compared?.unknown ?? []
    deadlocks = DeadlockFinder(workload).deadlocks()
    circles = TransactionCircles(workload, read)
  }

  /// The tables of two locks as the declared order has them; nil where it does not name both.
  package func declared(_ first: Acquisition, _ second: Acquisition) -> [RelationName]? {
    guard let order = declaredOrder else { return nil }
    let tables = [first, second].compactMap(\.target.relation)
    let places = tables.compactMap { table in
      order.place(of: workload.catalog.lockClass(table)).map { ($0, table) }
    }
    return places.count == 2 ? places.sorted { $0.0 < $1.0 }.map(\.1) : nil
  }

  /// The findings that a wording gives to the circles of some kinds.
  package func findings(
    of rule: RuleDescription, _ kinds: Set<TransactionCircle.Kind>,
    _ wording: (CircleFinding) -> Wording
  ) -> [Finding] {
    circles.circles.filter { kinds.contains($0.kind) }.map { circle in
      let found = CircleFinding(
        rule: rule, circle: blamingViolator(of: circle), workload: workload)
      return found.finding(wording(found))
    }
  }

  /// A circle told from the member that does not follow the declared order, if one does not.
  private func blamingViolator(of circle: TransactionCircle) -> TransactionCircle {
    guard let order = declaredOrder else { return circle }
    func place(_ id: AcquisitionID) -> Int? {
      workload[id].target.relation.map(workload.catalog.lockClass).flatMap(order.place)
    }
    let violator = circle.members.firstIndex { member in
      guard let held = place(member.held), let wanted = place(member.request) else { return false }
      return wanted < held
    }
    return violator.map(circle.first) ?? circle
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
