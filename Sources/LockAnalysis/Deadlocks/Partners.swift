import LockModel

/// Finds another statement of the application that can lock the same rows at the same time.
struct Partners {
  private let workload: Workload
  /// So many statements are tried; of many that lock rows of a table the first ones tell enough.
  private static let limit = 1000

  init(_ workload: Workload) { self.workload = workload }

  /// The first that locks several of the same rows and waits.
  ///
  /// Where the request follows from a write of a parent's row, others that lock the parent's row
  /// first don't get that far.
  func partner(
    of request: AcquisitionID, where isRival: (AcquisitionID) -> Bool = { _ in true }
  ) -> AcquisitionID? {
    let lock = workload[request]
    guard let table = lock.target.relation else { return nil }
    let parent = lock.form == .referential ? writtenTable(of: request.statement) : nil
    let lockers = workload.lockers[workload.catalog.lockClass(table)] ?? []
    return lockers.prefix(Self.limit).first { other in
      guard other.statement != request.statement, isRival(other) else { return false }
      if let parent, locksRows(of: parent, before: other) { return false }
      return workload.canMeet(request, other)
    }
  }

  /// The table whose rows a statement itself locks.
  private func writtenTable(of index: Int) -> RelationName? {
    workload.statements[index].acquisitions.first { lock in
      if case .rows = lock.target { lock.reason.isEmpty } else { false }
    }?.target.relation
  }

  /// Whether a transaction has locked rows of a table before it comes to a lock, so that a DELETE of
  /// those rows waits there.
  private func locksRows(of table: RelationName, before locker: AcquisitionID) -> Bool {
    workload.transaction(of: locker).statements.contains { index in
      guard index <= locker.statement else { return false }
      let locks = workload.statements[index].acquisitions
      let before = index == locker.statement ? locks[..<locker.acquisition] : locks[...]
      return before.contains {
        $0.target == .rows(table) && $0.certainlyPrecedes(workload[locker])
      }
    }
  }
}
