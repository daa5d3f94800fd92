/// Finds statements that lock rows of one table in different total orders.
struct ConflictingOrders {
  private let workload: Workload
  private let except: Set<Int>

  /// Statements of `except` have a hazard of their own already.
  init(_ workload: Workload, except: Set<Int>) {
    self.workload = workload
    self.except = except
  }

  /// A total order of the rows of a table, with the statements that keep it: those alike in all
  /// that is compared are compared once.
  private struct Ordered {
    let terms: [SortTerm]
    let acquisition: Acquisition
    var lockers: [Workload.Locker]
  }

  private struct Signature: Hashable {
    let terms: [SortTerm]
    let mode: LockMode
    let pinned: Set<String>
    let literals: [String: String]
    let literalKeys: [String]?
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
      guard let rival = ordered.first(where: { conflict(own, $0) }) else { continue }
      // The order that fewer statements keep is the one to change; among equals the later one.
      let support = count(ordered, agreeingWith: own)
      let against = count(ordered, agreeingWith: rival)
      let isLater = rival.lockers[0].statement < own.lockers[0].statement
      guard support < against || (support == against && isLater) else { continue }
      hazards += own.lockers.map { locker in
        RowOrderHazard(
          statement: locker.statement, acquisition: locker.acquisition,
          cause: .conflicting(own: own.terms, other: rival.terms),
          evidence: .meets(rival.lockers[0].statement))
      }
    }
    return hazards
  }

  private func grouped(_ lockers: [Workload.Locker]) -> [Ordered] {
    var positions: [Signature: Int] = [:]
    var result: [Ordered] = []
    for locker in lockers where !except.contains(locker.statement) {
      let acquisition = workload.acquisition(locker)
      guard let rows = acquisition.rows, case .total(let terms) = rows.order else { continue }
      let signature = Signature(
        terms: terms, mode: acquisition.mode, pinned: Set(rows.pinned.keys),
        literals: rows.literals, literalKeys: rows.literalKeys)
      if let position = positions[signature] {
        result[position].lockers.append(locker)
      } else {
        positions[signature] = result.count
        result.append(Ordered(terms: terms, acquisition: acquisition, lockers: [locker]))
      }
    }
    return result
  }

  private func count(_ ordered: [Ordered], agreeingWith own: Ordered) -> Int {
    ordered.reduce(0) { count, other in
      reduced(other, own) == reduced(own, other) ? count + other.lockers.count : count
    }
  }

  private func conflict(_ left: Ordered, _ right: Ordered) -> Bool {
    guard Meeting.conflict(left.acquisition.mode, right.acquisition.mode),
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
