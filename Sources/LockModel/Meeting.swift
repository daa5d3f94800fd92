/// Which statements can lock the same rows at the same time.
struct Meeting {
  private let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  /// Another statement of the application that locks several of the same rows and waits.
  ///
  /// Where the acquisition follows from a write of a parent's row, others that lock the parent's row
  /// first don't get that far.
  func partner(of index: Int, _ acquisition: Acquisition) -> Int? {
    let parent = acquisition.form == .hidden ? parentTable(of: index) : nil
    guard let table = acquisition.target.relation else { return nil }
    let lockers = workload.lockers[workload.catalog.lockClass(table)] ?? []
    return lockers.first { locker in
      guard locker.statement != index else { return false }
      if let parent, locksRows(of: parent, before: locker) { return false }
      let other = workload.acquisition(locker)
      return Self.conflict(acquisition.mode, acquisition.form, other.mode, other.form)
        && !Self.areDisjoint(acquisition, other)
    }?.statement
  }

  /// The table whose rows a statement itself locks.
  private func parentTable(of index: Int) -> RelationName? {
    workload.statements[index].acquisitions.first { lock in
      if case .rows = lock.target { lock.reason.isEmpty } else { false }
    }?.target.relation
  }

  /// Whether a transaction has locked rows of a table before it comes to a lock, so that a DELETE of
  /// those rows waits there.
  private func locksRows(of table: RelationName, before locker: Workload.Locker) -> Bool {
    let number = workload.statements[locker.statement].transaction
    return workload.transactions[number - 1].statements.contains { index in
      guard index <= locker.statement else { return false }
      let locks = workload.statements[index].acquisitions
      let before = index == locker.statement ? locks[..<locker.acquisition] : locks[...]
      return before.contains { $0.target == .rows(table) }
    }
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
    let differs = left.pinned.contains { column, term in
      guard let value = term.literal, let other = right.literal(of: column) else { return false }
      return value != other
    }
    if differs { return true }
    if let leftKeys = left.literalKeys, let rightKeys = right.literalKeys {
      return Set(leftKeys).intersection(rightKeys).count < 2
    }
    return false
  }
}
