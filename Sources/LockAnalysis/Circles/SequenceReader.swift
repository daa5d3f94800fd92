import LockModel
import PostgresSyntax

extension WorkloadSequences {
  /// The steps of a transaction that matter to others.
  struct Reader {
    enum Step {
      case lock(Lock)
      case control(LockSequence.Step)
    }

    /// A lock as the transaction takes it.
    struct Lock {
      let id: AcquisitionID
      let lock: Acquisition
      /// The run of a statement that takes it: a number that no other run in the transaction has.
      let statement: Int
      var canWait = true
    }

    let workload: Workload
    let conflicts: ConflictingLocks
    let kind: LockSequence.Kind
    private(set) var steps: [Step] = []
    /// Those among the steps.
    private(set) var locks: Set<AcquisitionID> = []
    /// What is held already, as others see it.
    private var known: Set<Known> = []
    /// Row locks and entries that keep others out, by lock class.
    private var ownRows: [RelationName: [OwnRows]] = [:]
    /// The tables that it has written to.
    private var written: Set<RelationName> = []
    private var part = 0

    /// A lock on rows, with what they are found by.
    private struct OwnRows {
      let lock: Acquisition
      let pinned: [String: Term]

      init(_ lock: Acquisition) {
        self.lock = lock
        pinned = lock.rows?.pinned ?? [:]
      }

      /// Whether rows are found by another value in a column that these have pinned as well; or
      /// several of both, each by a column that the other leaves open.
      func areOther(than other: Acquisition) -> Bool {
        let pinned = other.rows?.pinned ?? [:]
        if lock.rows?.count == .many, other.rows?.count == .many,
          Self.isApart(pinned, from: self.pinned), Self.isApart(self.pinned, from: pinned)
        {
          return true
        }
        if other.isAround(lock) { return true }
        return pinned.contains { column, term in
          guard let known = self.pinned[column] else { return false }
          return term != known && [term, known].allSatisfy(\.isChosen) && !known.mayBe(term)
        }
      }

      private static func isApart(_ pinned: [String: Term], from other: [String: Term]) -> Bool {
        pinned.contains { $0.value.isChosen && $0.value.literal == nil && other[$0.key] == nil }
      }
    }

    private struct Known: Hashable {
      let target: LockTarget
      let mode: LockMode
      let waits: WaitPolicy
      let pinned: [String: Term]
      let branches: [Branch]
      let absence: Branch?
    }

    init(workload: Workload, conflicts: ConflictingLocks, kind: LockSequence.Kind) {
      self.workload = workload
      self.conflicts = conflicts
      self.kind = kind
    }

    mutating func read(_ transaction: Transaction) {
      var held = HeldSet(in: workload)
      for step in TransactionTrace(transaction, in: workload).steps {
        switch step {
        case .acquire(let id):
          acquire(Lock(id: id, lock: workload[id], statement: id.statement), held)
        case .endOfStatement: break
        case .savepoint(let name): steps.append(.control(.savepoint(name)))
        case .release(let name): steps.append(.control(.release(name)))
        case .rollBack(let name):
          steps.append(.control(.rollBack(name)))
          forget()
        }
        held.follow(step)
      }
    }

    /// Reads a transaction of the host program. Rows are told apart only where their keys are.
    mutating func read(_ transaction: InferredTransaction) {
      for (number, call) in transaction.calls.enumerated() {
        let statement = workload.statements[call.statement]
        for position in statement.acquisitions.indices {
          let id = AcquisitionID(statement: call.statement, acquisition: position)
          let lock = call.lock(workload[id])
          let gate = lock.asGate(of: statement.title)
          guard isKnown(lock) else { continue }
          acquire(
            Lock(id: id, lock: gate ?? lock, statement: number, canWait: gate == nil), nil)
        }
      }
    }

    /// Whether the text tells which row a lock on one row is on: where the host program computes the
    /// key, it may as well be that of a row that is the transaction's own.
    private func isKnown(_ lock: Acquisition) -> Bool {
      guard let rows = lock.rows, rows.count == .one, let name = lock.target.relation else {
        return true
      }
      func isKnown(_ column: String) -> Bool { rows.pinned[column]?.isRepeatable ?? false }
      if case .uniqueKey = lock.target, !rows.conflictKey.isEmpty {
        return rows.conflictKey.allSatisfy(isKnown)
      }
      let keys = workload.catalog.relations[name]?.identifyingKeys.compactMap(\.columns) ?? []
      return keys.isEmpty
        ? rows.pinned.values.allSatisfy(\.isRepeatable)
        : keys.contains { $0.allSatisfy(isKnown) }
    }

    private mutating func acquire(_ taken: Lock, _ held: HeldSet?) {
      let (id, lock) = (taken.id, taken.lock)
      if lock.part != part {
        part = lock.part
        steps.append(.control(.commit))
        forget()
      }
      defer { note(lock) }
      guard ConflictingLocks.isSeen(lock), conflicts.matters(lock, in: kind), !isGone(lock),
        !isOfNewKeys(lock), !isTakenAgain(lock)
      else { return }
      let shape = Known(
        target: lock.target, mode: lock.mode, waits: lock.waits, pinned: lock.rows?.pinned ?? [:],
        branches: lock.branches, absence: lock.absence)
      let isKnown = known.contains(shape)
      // Several rows that look the same are others as long as they may have to be waited for.
      guard !isKnown || lock.rows?.count == .many else { return }
      let canWait = taken.canWait && !isHeld(lock, id, held)
      guard !isKnown || canWait else { return }
      known.insert(shape)
      locks.insert(id)
      var step = taken
      step.canWait = canWait
      steps.append(.lock(step))
    }

    /// Whether the application would lock something of a table that it has no more.
    private func isGone(_ lock: Acquisition) -> Bool {
      kind == .repeated && lock.target.relation.map(workload.catalog.isDropped) ?? false
    }

    /// Whether it is on rows that the transaction has by an earlier lock, or has made: that one counts.
    private func isTakenAgain(_ lock: Acquisition) -> Bool {
      guard case .alreadyLocked? = lock.rows?.order, case .rows = lock.target else { return false }
      return true
    }

    /// Whether it enters keys that nobody else is likely to enter: an INSERT that does not expect to
    /// find them, with values that nobody has chosen.
    private func isOfNewKeys(_ lock: Acquisition) -> Bool {
      guard case .uniqueKey = lock.target, lock.form == .insert, let rows = lock.rows else {
        return false
      }
      return rows.conflictKey.isEmpty
        || !rows.conflictKey.allSatisfy { rows.pinned[$0]?.isChosen ?? false }
    }

    /// What was locked is given back, or may be.
    private mutating func forget() {
      known = []
      ownRows = [:]
      written = []
    }

    private mutating func note(_ lock: Acquisition) {
      switch (lock.target, lock.mode) {
      case (.table(let name), .table(.rowExclusive)):
        written.insert(workload.catalog.lockClass(name))
      case (.rows(let name), .row(let mode)) where mode.isExclusive:
        ownRows[workload.catalog.lockClass(name), default: []].append(OwnRows(lock))
      case (.uniqueKey(let name), _):
        ownRows[workload.catalog.lockClass(name), default: []].append(OwnRows(lock))
      default: break
      }
    }

    /// Whether the rows are the transaction's already, or mostly so: it has locked rows of the table
    /// before, and nothing says that these are others; or it has put the parent there itself.
    private func isHeld(_ lock: Acquisition, _ id: AcquisitionID, _ held: HeldSet?) -> Bool {
      if case .alreadyLocked? = lock.rows?.order { return true }
      switch lock.target {
      case .table, .advisory: return false
      case .rows, .uniqueKey: break
      }
      guard let lockClass = lock.target.relation.map(workload.catalog.lockClass) else {
        return false
      }
      if lock.isKeyCheck, written.contains(lockClass) { return true }
      let isKnown =
        ownRows[lockClass]?.contains {
          (held == nil ? $0.lock.canPrecede(lock) : $0.lock.certainlyPrecedes(lock))
            && !$0.areOther(than: lock)
        }
      guard let held else { return isKnown ?? false }
      return isKnown ?? false || held.covers(id) || held.hasSeveralRows(of: id)
    }
  }
}

extension Acquisition {
  /// An advisory lock whose key the host program computes: who comes by the same query is taken to have
  /// the same key.
  fileprivate func asGate(of query: String) -> Acquisition? {
    guard case .advisory(let key) = target, !key.allSatisfy(\.isRepeatable) else { return nil }
    var result = self
    result.target = .advisory(
      [.literal(.string(query))] + key.map { _ in .literal(.integer(0)) })
    return result
  }
}

extension Acquisition {
  /// Whether it is on all rows that have the values that are pinned, where no literal is among these.
  var isOfValues: Bool {
    guard let rows, rows.count == .many, !isJoined else { return false }
    return rows.areAllOfTheirValues && rows.listed.isEmpty
      && rows.pinned.values.allSatisfy { $0.literal == nil }
  }

  /// Whether it is on rows among which one is that a caller has chosen and that is locked already.
  fileprivate func isAround(_ earlier: Acquisition) -> Bool {
    guard isOfValues, let single = earlier.rows, single.count == .one,
      case .row = mode, case .row = earlier.mode
    else { return false }
    let pinned = rows?.pinned ?? [:]
    return single.pinned.values.contains { $0.isChosen && $0.literal == nil }
      && !pinned.contains { column, term in
        single.pinned.contains { $0.value == term && $0.key != column }
      }
  }
}

extension Term {
  /// Whether it is the least or greatest of some values, of which the other is one.
  fileprivate func mayBe(_ other: Term) -> Bool {
    guard case .call(let name, let parts) = self, ["least", "greatest"].contains(name) else {
      return false
    }
    return parts.contains(other)
  }
}
