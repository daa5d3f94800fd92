/// Finds statements that lock rows of one table in different total orders.
struct ConflictingOrders {
  private let workload: Workload
  private let except: Set<Int>

  /// Statements of `except` have a hazard of their own already.
  init(_ workload: Workload, except: Set<Int>) {
    self.workload = workload
    self.except = except
  }

  /// A total order of the rows of a table, with the statements that keep it.
  private struct Ordered {
    let terms: [SortTerm]
    let mode: LockMode
    let form: RowLockForm?
    let pinned: Set<String>
    var lockers: [Workload.Locker]
  }

  private struct Signature: Hashable {
    let terms: [SortTerm]
    let mode: LockMode
    let form: RowLockForm?
    let pinned: Set<String>
  }

  func hazards() -> [RowOrderHazard] {
    var found: [Int: RowOrderHazard] = [:]
    for table in workload.lockers.keys.sorted() {
      for hazard in hazards(of: workload.lockers[table] ?? []) where found[hazard.statement] == nil
      {
        found[hazard.statement] = hazard
      }
    }
    return Array(found.values)
  }

  private func hazards(of lockers: [Workload.Locker]) -> [RowOrderHazard] {
    let ordered = grouped(lockers)
    guard ordered.count > 1 else { return [] }
    var hazards: [RowOrderHazard] = []
    for own in ordered {
      for rival in ordered where conflict(own, rival) {
        // The order that fewer statements keep is the one to change; among equals the later one.
        let support = count(ordered, agreeingWith: own)
        let against = count(ordered, agreeingWith: rival)
        let isLater = rival.lockers[0].statement < own.lockers[0].statement
        guard support < against || (support == against && isLater) else { continue }
        hazards += own.lockers.compactMap { hazard($0, own, rival) }
      }
    }
    return hazards
  }

  /// A statement beside the first of another order that can lock the same rows.
  private func hazard(
    _ locker: Workload.Locker, _ own: Ordered, _ rival: Ordered
  ) -> RowOrderHazard? {
    let acquisition = workload.acquisition(locker)
    let other = rival.lockers.prefix(1000).first {
      $0.statement != locker.statement
        && !Meeting.areDisjoint(acquisition, workload.acquisition($0))
    }
    return other.map {
      RowOrderHazard(
        statement: locker.statement, acquisition: locker.acquisition,
        cause: .conflicting(own: own.terms, other: rival.terms), evidence: .meets($0.statement))
    }
  }

  private func grouped(_ lockers: [Workload.Locker]) -> [Ordered] {
    var positions: [Signature: Int] = [:]
    var result: [Ordered] = []
    for locker in lockers where !except.contains(locker.statement) {
      let acquisition = workload.acquisition(locker)
      guard let rows = acquisition.rows, case .total(let terms) = rows.order,
        !isLockedBefore(locker, acquisition)
      else { continue }
      let pinned = Set(rows.pinned.keys)
      let signature = Signature(
        terms: terms, mode: acquisition.mode, form: acquisition.form, pinned: pinned)
      if let position = positions[signature] {
        result[position].lockers.append(locker)
      } else {
        positions[signature] = result.count
        result.append(
          Ordered(
            terms: terms, mode: acquisition.mode, form: acquisition.form, pinned: pinned,
            lockers: [locker]))
      }
    }
    return result
  }

  /// Whether the transaction has locked several rows of the table before: what a trigger or a loop
  /// comes to afterwards, it has.
  private func isLockedBefore(_ locker: Workload.Locker, _ acquisition: Acquisition) -> Bool {
    guard !acquisition.reason.isEmpty || acquisition.loop != nil else { return false }
    let number = workload.statements[locker.statement].transaction
    return workload.transactions[number - 1].statements.contains { index in
      index < locker.statement
        && workload.statements[index].acquisitions.contains { other in
          guard case .row(let mode) = other.mode, mode.isExclusive else { return false }
          return other.target == acquisition.target && other.rows?.count == .many
        }
    }
  }

  private func count(_ ordered: [Ordered], agreeingWith own: Ordered) -> Int {
    ordered.reduce(0) { count, other in
      reduced(other, own) == reduced(own, other) ? count + other.lockers.count : count
    }
  }

  private func conflict(_ left: Ordered, _ right: Ordered) -> Bool {
    guard Meeting.conflict(left.mode, left.form, right.mode, right.form) else { return false }
    let orders = (reduced(left, right), reduced(right, left))
    return !orders.0.isEmpty && !orders.1.isEmpty && orders.0 != orders.1
  }

  /// The terms that can differ between rows which both lock: a column that one of them pins has
  /// one value there.
  private func reduced(_ own: Ordered, _ other: Ordered) -> [String] {
    own.terms.filter { !own.pinned.contains($0.text) && !other.pinned.contains($0.text) }
      .map(\.description)
  }
}
