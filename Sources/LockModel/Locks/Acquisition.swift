package import Diagnostics
import PostgresSyntax

/// What happens when somebody else holds the row.
package enum WaitPolicy: String, Sendable {
  case blocks
  /// `SKIP LOCKED`
  case skips
  /// `NOWAIT`
  case fails
}

/// How long a lock is held.
package enum LockDuration: String, Sendable {
  case transaction, session, statement
}

/// One lock, or one set of row locks, that a statement takes.
package struct Acquisition: Sendable, Hashable {
  /// What is locked.
  package var target: LockTarget
  /// How strongly.
  package var mode: LockMode
  /// Which rows, for row targets and unique keys.
  @Indirect package var rows: RowSet?
  /// What happens when it is held by somebody else.
  package var waits: WaitPolicy
  /// How long it is held.
  package var duration: LockDuration
  /// Why the statement touches the target, outermost first; `direct` when the text names it.
  package var reason: [Reason]
  /// The clause that takes the lock.
  package var range: SourceRange
  /// The form of statement that takes it, for row targets.
  package var form: RowLockForm?
  /// What was taken for granted about the table, one sentence each.
  package var assumptions: [String]
  /// Whether nobody else can see the table yet, or ever.
  package var isPrivate: Bool
  /// The name by which the clause's own query knows the table; nil behind a view or sub-select.
  package var alias: String? = nil
  /// Whether that query reads other tables as well.
  package var isJoined: Bool = false
  /// The branches of a routine that it stands in, outermost first.
  package var branches: [Branch] = []
  /// The arms of a later decision in which it has found no row to lock: IF that tests FOUND.
  package var absence: Branch?
  /// How many times a procedure has ended its transaction before.
  package var part: Int = 0
  /// The loop of a routine that repeats it and so makes several rows of one.
  package var loop: LoopKind?

  /// Whether the statement is the first place where its hazard shows; one inside of a routine shows
  /// there.
  package var isOwn = true

  /// Whether a CTE takes it.
  var isOfCommonTable = false

  /// Of what tells locks of one statement apart; the rest is compared only.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(target)
    hasher.combine(mode)
    hasher.combine(range.bytes)
    hasher.combine(reason.count)
    hasher.combine(branches.last?.decision)
    hasher.combine(rows?.pinned.reduce(0) { $0 ^ $1.key.hashValue ^ $1.value.hashValue })
  }

  /// Whether both can happen in one run, the first before the second, while the transaction lasts.
  package func canPrecede(_ other: Acquisition) -> Bool {
    guard part == other.part, !(absence?.leads(to: other.branches) ?? false) else { return false }
    return !branches.contains { branch in
      other.branches.contains {
        $0.decision == branch.decision && $0.arms.isDisjoint(with: branch.arms)
      }
    }
  }
}

extension Acquisition {
  /// Whether every run that comes to the other has taken this lock before, in the same transaction,
  /// given that it stands before it in the text.
  package func certainlyPrecedes(_ other: Acquisition) -> Bool {
    guard part == other.part, !(absence?.leads(to: other.branches) ?? false) else { return false }
    return branches.allSatisfy { $0.leads(to: other.branches) }
  }
}

extension Acquisition {
  /// The same lock in a place that only some runs reach.
  func behind(_ branches: [Branch]) -> Acquisition {
    guard !branches.isEmpty else { return self }
    var result = self
    result.branches = branches + self.branches
    return result
  }
}

/// A place in a routine or an expression that only some runs reach.
package struct Branch: Sendable, Hashable {
  /// The IF, CASE, COALESCE or EXCEPTION block; numbered within the run of the program.
  package let decision: Int
  /// The arms of it that lead here, from 0.
  package let arms: Set<Int>

  /// A place in some arms of a decision.
  package init(decision: Int, arms: Set<Int>) {
    self.decision = decision
    self.arms = arms
  }

  /// Whether all runs that come to a place in some branches go through these arms.
  package func leads(to branches: [Branch]) -> Bool {
    branches.contains { $0.decision == decision && $0.arms.isSubset(of: arms) }
  }
}

/// What gives a loop its order.
package enum LoopKind: String, Sendable {
  case query, array, cursor, range
}

extension [Acquisition] {
  /// The locks without those on relations that an earlier one of the same mode has for certain.
  package func withoutKnownRelations() -> [Acquisition] {
    var seen: [LockTarget: [Acquisition]] = [:]
    return filter { lock in
      guard case .table = lock.target, lock.duration != .statement else { return true }
      let isKnown =
        seen[lock.target]?.contains { earlier in
          earlier.mode == lock.mode && earlier.part == lock.part
            && lock.branches.starts(with: earlier.branches)
        } ?? false
      if !isKnown { seen[lock.target, default: []].append(lock) }
      return !isKnown
    }
  }
}

extension Acquisition {
  /// Whether it is the check of a foreign key, which keeps nobody but key changes out.
  package var isKeyCheck: Bool { form == .referential && mode == .row(.forKeyShare) }

  /// Whether it locks several rows that others can lock as well, and waits for them.
  package var locksSeveralRows: Bool {
    guard let rows, rows.count.isMany, !isPrivate, waits == .blocks else { return false }
    switch rows.order {
    case .alreadyLocked, .unknown: return false
    case .total, .partial, .unordered: return true
    }
  }
}
