import LockModel

/// Finds acquisitions that lock rows of one table in different total orders.
struct ConflictingOrders {
  private let workload: Workload
  private let except: Set<AcquisitionID>
  /// Of more orders of one table the most frequent ones are compared with all.
  private static let orderLimit = 64
  /// So many statements of another order are tried for one that can lock the same rows.
  private static let partnerLimit = 1000

  /// Acquisitions of `except` have a hazard of their own already.
  init(_ workload: Workload, except: Set<AcquisitionID>) {
    self.workload = workload
    self.except = except
  }

  /// A total order of the rows of a table, with the acquisitions that keep it.
  private struct Ordered {
    let signature: Signature
    var lockers: [AcquisitionID]
    var terms: [SortTerm] { signature.terms }
  }

  private struct Signature: Hashable {
    let terms: [SortTerm]
    let mode: LockMode
    let form: RowLockForm?
    let pinned: Set<String>
  }

  func deadlocks() -> [Deadlock] {
    var seen: Set<AcquisitionID> = []
    return workload.lockers.keys.sorted().flatMap { deadlocks(of: workload.lockers[$0] ?? []) }
      .filter { seen.insert($0.request).inserted }
  }

  private func deadlocks(of lockers: [AcquisitionID]) -> [Deadlock] {
    let ordered = grouped(lockers)
    guard ordered.count > 1 else { return [] }
    let rivals = Array(
      ordered.sorted { $0.lockers.count > $1.lockers.count }.prefix(Self.orderLimit)
    )
    .sorted { $0.lockers[0] < $1.lockers[0] }
    let support = ordered.map { own in
      rivals.reduce(0) { agrees($1, own) ? $0 + $1.lockers.count : $0 }
    }
    var supportOf: [Signature: Int] = [:]
    for (own, count) in zip(ordered, support) { supportOf[own.signature] = count }
    return zip(ordered, support).flatMap { own, support in
      // The order that fewer statements keep is the one to change; among equals the later one.
      let against = rivals.filter { rival in
        guard conflict(own, rival) else { return false }
        let other = supportOf[rival.signature] ?? 0
        return support < other || (support == other && rival.lockers[0] < own.lockers[0])
      }
      return own.lockers.compactMap { locker in
        against.lazy.compactMap { self.deadlock(locker, own, $0) }.first
      }
    }
  }

  /// An acquisition beside the first of another order that can lock the same rows.
  private func deadlock(
    _ locker: AcquisitionID, _ own: Ordered, _ rival: Ordered
  ) -> Deadlock? {
    let lock = workload[locker]
    let other = rival.lockers.prefix(Self.partnerLimit).first {
      $0.statement != locker.statement && !lock.isDisjoint(with: workload[$0])
    }
    return other.map { other in
      Deadlock(
        locker, lock, cause: .conflicting(own: own.terms, other: rival.terms),
        evidence: .meets(other))
    }
  }

  private func grouped(_ lockers: [AcquisitionID]) -> [Ordered] {
    var positions: [Signature: Int] = [:]
    var result: [Ordered] = []
    for locker in lockers where !except.contains(locker) {
      let lock = workload[locker]
      guard let rows = lock.rows, case .total(let terms) = rows.order, !hasSeveralRows(locker)
      else { continue }
      let signature = Signature(
        terms: terms, mode: lock.mode, form: lock.form, pinned: Set(rows.pinned.keys))
      if let position = positions[signature] {
        result[position].lockers.append(locker)
      } else {
        positions[signature] = result.count
        result.append(Ordered(signature: signature, lockers: [locker]))
      }
    }
    return result
  }

  /// Whether the transaction has locked several rows of the table before.
  private func hasSeveralRows(_ locker: AcquisitionID) -> Bool {
    guard !workload[locker].reason.isEmpty || workload[locker].loop != nil else { return false }
    var held = HeldSet(in: workload)
    for step in TransactionTrace(workload.transaction(of: locker), in: workload).steps {
      if case .acquire(locker) = step { break }
      held.follow(step)
    }
    return held.hasSeveralRows(of: locker)
  }

  private func agrees(_ left: Ordered, _ right: Ordered) -> Bool {
    reduced(left, right) == reduced(right, left)
  }

  private func conflict(_ left: Ordered, _ right: Ordered) -> Bool {
    guard workload[left.lockers[0]].conflicts(with: workload[right.lockers[0]]) else {
      return false
    }
    let orders = (reduced(left, right), reduced(right, left))
    return !orders.0.isEmpty && !orders.1.isEmpty && orders.0 != orders.1
  }

  /// The terms that can differ between rows which both lock: a column that one of them pins has
  /// one value there.
  private func reduced(_ own: Ordered, _ other: Ordered) -> [SortTerm.Key] {
    own.terms.filter {
      !own.signature.pinned.contains($0.text) && !other.signature.pinned.contains($0.text)
    }.map(\.key)
  }
}
