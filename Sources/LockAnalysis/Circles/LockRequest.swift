package import LockModel

/// One lock of a transaction as the search for circles sees it: what it is on, as numbers.
///
/// Never changed; the search hands on references to it.
package final class LockRequest: Sendable {
  /// A column, or the place in the key of an advisory lock, that has one value.
  package struct Pin: Sendable, Hashable {
    /// The same number for the same column of a class.
    package let column: Int
    /// The value's number in `SequenceTerms`.
    package let term: Int
    /// How the part of a key is made, where parts that are made in another way are others.
    package let form: String?

    package init(column: Int, term: Int, form: String? = nil) {
      self.column = column
      self.term = term
      self.form = form
    }
  }

  /// A foreign key, with its columns as those of pins.
  package struct Key: Sendable, Hashable {
    package let number: Int
    package let child: [Int]
    package let parent: [Int]

    package init(number: Int, child: [Int], parent: [Int]) {
      self.number = number
      self.child = child
      self.parent = parent
    }
  }

  /// What locks of different transactions are told apart by: a table, its rows, advisory locks.
  package let lockClass: Int
  package let mode: LockMode
  /// The form of statement that locks a row, on which it depends whom a new entry waits for.
  package let form: RowLockForm?
  package let waits: WaitPolicy
  /// What is known of the rows, by column.
  package let pins: [Pin]
  /// Whether it is on one row at most.
  package let isSingle: Bool
  /// Whether it is on all rows that have the values of its pins, where no literal is among these.
  package let isOfValues: Bool
  /// Each of these alone tells which one of its class it is; none for locks on several rows.
  package let identities: [[Pin]]
  package let branches: [Branch]
  /// The arms in which it has found nothing to lock.
  let absence: Branch?
  /// Whether others can hold what it asks for; not so for rows that are the transaction's already.
  package let canWait: Bool
  /// The statement that takes it; -1 where none is known.
  package let statement: Int
  /// The foreign key that is checked or followed.
  package let foreignKey: Key?
  /// How far it is from the text, for choosing what to show: the least is shown first.
  package let distance: Int
  /// Whether whoever calls the routine has it before.
  package let isOfCaller: Bool

  package init(
    lockClass: Int, mode: LockMode, form: RowLockForm? = nil, waits: WaitPolicy = .blocks,
    pins: [Pin] = [], isSingle: Bool = true, isOfValues: Bool = false, identities: [[Pin]] = [],
    branches: [Branch] = [], absence: Branch? = nil,
    canWait: Bool = true,
    statement: Int = -1, foreignKey: Key? = nil, distance: Int = 0, isOfCaller: Bool = false
  ) {
    self.lockClass = lockClass
    self.mode = mode
    self.form = form
    self.waits = waits
    self.pins = pins
    self.isSingle = isSingle
    self.isOfValues = isOfValues
    self.identities = identities
    self.branches = branches
    self.absence = absence
    self.canWait = canWait && waits == .blocks
    self.statement = statement
    self.foreignKey = foreignKey
    self.distance = distance
    self.isOfCaller = isOfCaller
  }

  /// Whether it is on existing rows.
  var isOfRows: Bool {
    if case .row = mode { true } else { false }
  }

  /// Whether a foreign key is followed from the parent to its children.
  var isOfCascade: Bool { foreignKey != nil && excludes(self) }

  /// The value that a column is pinned to.
  func term(of column: Int) -> Int? { pins.first { $0.column == column }?.term }

  /// Whether a request waits for what another transaction holds, if they are about one thing.
  ///
  /// An INSERT waits for whoever updates an equal row as well, and fails then; it is not written for
  /// that.
  package func waits(for held: LockRequest) -> Bool {
    if form == .insert, held.mode == .row(.forNoKeyUpdate) { return false }
    return lockClass == held.lockClass && mode.waits(for: held.mode, form, held.form)
  }

  /// Whether one of two transactions waits for the other, at least where it comes second.
  func conflicts(with other: LockRequest) -> Bool {
    waits(for: other) || other.waits(for: self)
  }

  /// Whether two transactions can't hold both, if they are about one thing.
  package func excludes(_ other: LockRequest) -> Bool {
    waits(for: other) && other.waits(for: self)
  }

  /// Whether a run can ask for it while it holds another lock, and others may have it then.
  func canFollow(_ held: LockRequest, _ terms: SequenceTerms) -> Bool {
    isCompatible(with: held) && !isFurtherRow(than: held, terms) && !isAlternative(to: held)
      && !isRepetition(of: held)
  }

  /// Whether it is the very lock that is held: whoever it would wait for waits already. With new
  /// entries of keys that is not so, for who comes first matters there.
  private func isRepetition(of held: LockRequest) -> Bool {
    mode == held.mode && mode != .uniqueEntry && form == held.form && form != .upsert
      && lockClass == held.lockClass && held.identities.contains { identities.contains($0) }
  }

  /// Whether it is on rows of the same class as an earlier lock that keeps others out, and nothing says
  /// that they are others. In which order one statement locks several rows is another matter.
  private func isFurtherRow(than held: LockRequest, _ terms: SequenceTerms) -> Bool {
    guard statement >= 0, lockClass == held.lockClass, held.excludes(held) else { return false }
    return !isOnOtherRows(than: held, terms)
  }

  /// Whether it is the check of a foreign key of the one row that an INSERT puts into a table, and the
  /// other lock is on the row that it finds there instead.
  private func isAlternative(to held: LockRequest) -> Bool {
    statement >= 0 && statement == held.statement && foreignKey != nil && held.form == .upsert
      && held.isSingle && held.mode != .uniqueEntry
  }

  /// Whether the rows are found by another value in a column that an earlier lock has pinned as well,
  /// where both are values that somebody has chosen; or several are found by one column here, and by
  /// another one there.
  private func isOnOtherRows(than earlier: LockRequest, _ terms: SequenceTerms) -> Bool {
    if !isSingle, !earlier.isSingle, isFoundApart(from: earlier, terms),
      earlier.isFoundApart(from: self, terms)
    {
      return true
    }
    if isAround(earlier, terms) { return true }
    return pins.contains { pin in
      earlier.pins.contains { known in
        known.column == pin.column && known.term != pin.term && terms.isChosen(pin.term)
          && terms.isChosen(known.term)
      }
    }
  }

  /// Whether it is on rows among which one is that a caller has chosen and that is locked already: all of
  /// a customer's, after one of them.
  func isAround(_ earlier: LockRequest, _ terms: SequenceTerms) -> Bool {
    guard isOfValues, isOfRows, earlier.isOfRows, earlier.isSingle, foreignKey == nil,
      earlier.foreignKey == nil
    else { return false }
    let isChosen = earlier.identities.contains { identity in
      identity.contains { terms.isChosen($0.term) && !terms.isLiteral($0.term) }
    }
    // Those that refer to the one are below it.
    return isChosen
      && !pins.contains { pin in
        earlier.pins.contains { $0.term == pin.term && $0.column != pin.column }
      }
  }

  /// The row that is held, taken to be one of those around it that are asked for next.
  func inside(_ request: LockRequest, _ terms: SequenceTerms) -> LockRequest {
    guard lockClass == request.lockClass, request.isAround(self, terms) else { return self }
    let known = Set(pins.map(\.column))
    return LockRequest(
      lockClass: lockClass, mode: mode, form: form, waits: waits,
      pins: pins + request.pins.filter { !known.contains($0.column) }, isSingle: isSingle,
      identities: identities, branches: branches, absence: absence, canWait: canWait,
      statement: statement, distance: distance, isOfCaller: isOfCaller)
  }

  /// Whether a value that a caller gives picks the rows in a column that another lock leaves open.
  private func isFoundApart(from other: LockRequest, _ terms: SequenceTerms) -> Bool {
    pins.contains { pin in
      terms.isChosen(pin.term) && !terms.isLiteral(pin.term) && other.term(of: pin.column) == nil
    }
  }

  /// Whether both can be in one run.
  func isCompatible(with other: LockRequest) -> Bool {
    !isAbsent(in: other) && !other.isAbsent(in: self)
      && !branches.contains { branch in
        other.branches.contains {
          $0.decision == branch.decision && $0.arms.isDisjoint(with: branch.arms)
        }
      }
  }

  /// Whether it has locked nothing where a run comes to another.
  private func isAbsent(in other: LockRequest) -> Bool {
    absence?.leads(to: other.branches) ?? false
  }

  /// Whether every run with the others takes this lock, if it comes by.
  func isCertain(given others: LockRequest...) -> Bool {
    !others.contains(where: isAbsent)
      && branches.allSatisfy { branch in others.contains { branch.leads(to: $0.branches) } }
  }
}
