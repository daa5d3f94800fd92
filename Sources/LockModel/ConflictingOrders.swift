/// Finds statements that lock rows of one table in different total orders.
struct ConflictingOrders {
  private let workload: Workload
  private let except: Set<Int>

  /// Statements of `except` have a hazard of their own already.
  init(_ workload: Workload, except: Set<Int>) {
    self.workload = workload
    self.except = except
  }

  /// A statement's total order of the rows of a table.
  private struct Ordered {
    let locker: Workload.Locker
    let terms: [SortTerm]
    let acquisition: Acquisition
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
    let ordered = lockers.compactMap { locker -> Ordered? in
      let acquisition = workload.acquisition(locker)
      guard !except.contains(locker.statement), case .total(let terms)? = acquisition.rows?.order
      else { return nil }
      return Ordered(locker: locker, terms: terms, acquisition: acquisition)
    }
    guard ordered.count > 1 else { return [] }
    return ordered.compactMap { own in
      let rivals = ordered.filter { conflict(own, $0) }
      guard let rival = rivals.first else { return nil }
      // The order that fewer statements keep is the one to change; among equals the later one.
      let support = ordered.filter { agrees($0, own) }.count
      let against = ordered.filter { agrees($0, rival) }.count
      let isLater = rival.locker.statement < own.locker.statement
      guard support < against || (support == against && isLater) else { return nil }
      return RowOrderHazard(
        statement: own.locker.statement, acquisition: own.locker.acquisition,
        cause: .conflicting(own: own.terms, other: rival.terms),
        evidence: .meets(rival.locker.statement))
    }
  }

  private func agrees(_ left: Ordered, _ right: Ordered) -> Bool {
    reduced(left, right) == reduced(right, left)
  }

  private func conflict(_ left: Ordered, _ right: Ordered) -> Bool {
    guard left.locker.statement != right.locker.statement,
      Meeting.conflict(left.acquisition.mode, right.acquisition.mode),
      !Meeting.areDisjoint(left.acquisition, right.acquisition)
    else { return false }
    let orders = (reduced(left, right), reduced(right, left))
    return !orders.0.isEmpty && !orders.1.isEmpty && orders.0 != orders.1
  }

  /// The terms that can differ between rows which both statements lock: a column that one of them
  /// pins has one value there.
  private func reduced(_ own: Ordered, _ other: Ordered) -> [String] {
    let pinned = Set(own.acquisition.rows?.pinned.keys.map { $0 } ?? [])
      .union(other.acquisition.rows?.pinned.keys.map { $0 } ?? [])
    return own.terms.filter { !pinned.contains($0.text) }.map(\.description)
  }
}
