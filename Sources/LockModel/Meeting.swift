/// Which statements can lock the same rows at the same time.
struct Meeting {
  private let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  /// Another statement of the application that locks several of the same rows and waits.
  func partner(of index: Int, _ acquisition: Acquisition) -> Int? {
    guard let table = acquisition.target.relation else { return nil }
    let lockers = workload.lockers[workload.catalog.lockClass(table)] ?? []
    return lockers.first { locker in
      guard locker.statement != index else { return false }
      let other = workload.acquisition(locker)
      return Self.conflict(acquisition.mode, acquisition.form, other.mode, other.form)
        && !Self.areDisjoint(acquisition, other)
    }?.statement
  }

  /// As below; but a new entry never waits for a row that is only locked, it does for one that is
  /// written.
  static func conflict(
    _ left: LockMode, _ leftForm: RowLockForm?, _ right: LockMode, _ rightForm: RowLockForm?
  ) -> Bool {
    for (mode, other, form) in [(left, right, rightForm), (right, left, leftForm)]
    where mode == .uniqueEntry {
      if case .row = other, case .lockingSelect? = form { return false }
    }
    return conflict(left, right)
  }

  static func conflict(_ left: LockMode, _ right: LockMode) -> Bool {
    switch (left, right) {
    case (.row(let left), .row(let right)): left.conflicts(with: right)
    case (.uniqueEntry, .uniqueEntry): true
    // A new entry waits for the transaction that writes an equal one, however it locks the row.
    case (.uniqueEntry, .row), (.row, .uniqueEntry): true
    case (.table(let left), .table(let right)): left.conflicts(with: right)
    case (.advisory(let left), .advisory(let right)): left || right
    default: false
    }
  }

  /// Whether literals prove that two row sets have no two rows in common.
  static func areDisjoint(_ left: Acquisition, _ right: Acquisition) -> Bool {
    guard let left = left.rows, let right = right.rows else { return false }
    let differs = left.literals.contains { column, value in
      right.literals[column].map { $0 != value } ?? false
    }
    if differs { return true }
    if let leftKeys = left.literalKeys, let rightKeys = right.literalKeys {
      return Set(leftKeys).intersection(rightKeys).count < 2
    }
    return false
  }
}
