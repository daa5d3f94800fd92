import LockModel

extension Acquisition {
  /// Whether two transactions that lock several of the same things can wait for each other.
  func conflicts(with other: Acquisition) -> Bool { waits(for: other) && other.waits(for: self) }

  /// Whether a request waits for a lock of the other kind that somebody else holds, on the same thing.
  func waits(for held: Acquisition) -> Bool { mode.waits(for: held.mode, form, held.form) }

  /// Whether literals prove that two locks have no two rows in common.
  func isDisjoint(with other: Acquisition) -> Bool {
    guard let left = rows, let right = other.rows else { return false }
    let differs = left.pinned.contains { column, term in
      guard let other = right.pinned[column] else { return false }
      // `IS NULL` beside a comparison, whatever with.
      if (term == .null) != (other == .null) { return true }
      guard let value = term.literal, let other = other.literal else { return false }
      return value != other
    }
    if differs { return true }
    guard let leftKeys = left.literalKeys, let rightKeys = right.literalKeys else { return false }
    return Set(leftKeys).intersection(rightKeys).count < 2
  }
}

extension Workload {
  /// Whether two locks on rows of one table can wait for each other: they have two rows in common.
  func canMeet(_ left: AcquisitionID, _ right: AcquisitionID) -> Bool {
    let (left, right) = (self[left], self[right])
    return left.conflicts(with: right) && !left.isDisjoint(with: right)
      && !shareOneRow(left, right)
  }

  /// Whether what both pin is a key together, so that they have one row in common at most.
  private func shareOneRow(_ left: Acquisition, _ right: Acquisition) -> Bool {
    guard let table = left.target.relation, table == right.target.relation,
      let definition = catalog.relations[table], let own = left.rows?.pinned,
      let other = right.rows?.pinned
    else { return false }
    return definition.identifyingKeys.contains { key in
      guard let columns = key.columns, !columns.isEmpty, key.predicate.isEmpty else { return false }
      return columns.allSatisfy { own[$0] != nil || other[$0] != nil }
    }
  }
}

extension LockMode {
  /// Whether a request waits for a lock that somebody else holds on the same thing, by the forms of
  /// the statements where they lock rows.
  func waits(for held: LockMode, _ form: RowLockForm?, _ heldForm: RowLockForm?) -> Bool {
    switch (self, held) {
    // Nobody sees rows that others have inserted and not committed; only another entry of the same
    // key waits for them.
    case (.row, .uniqueEntry): form == .upsert
    // A new entry waits for the transaction that writes an equal row, never for one that only
    // locks it.
    case (.uniqueEntry, .row):
      if case .lockingSelect? = heldForm { false } else { true }
    default: conflicts(with: held)
    }
  }

  /// Whether two transactions can't have both on one thing at a time.
  func conflicts(with other: LockMode) -> Bool {
    switch (self, other) {
    case (.row(let left), .row(let right)): left.conflicts(with: right)
    // A new entry waits for the transaction that writes an equal one, however it locks the row.
    case (.uniqueEntry, .uniqueEntry), (.uniqueEntry, .row), (.row, .uniqueEntry): true
    case (.table(let left), .table(let right)): left.conflicts(with: right)
    case (.advisory(let left), .advisory(let right)): left || right
    case (.table, _), (.row, _), (.uniqueEntry, _), (.advisory, _): false
    }
  }
}
