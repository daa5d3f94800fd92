package import Diagnostics
package import PostgresSyntax

/// What a lock is on.
package enum LockTarget: Sendable, Hashable {
  /// The table as a whole.
  case table(RelationName)
  /// Rows of a table; across transactions one class, since any of them may meet.
  case rows(RelationName)
  /// Entries of a unique key that are inserted; another insert of an equal entry waits for the
  /// transaction that came first.
  case uniqueKey(RelationName)
  /// A key of the advisory locks, by its parts.
  case advisory([Term])

  /// The relation, unless it is an advisory lock.
  package var relation: RelationName? {
    switch self {
    case .table(let name), .rows(let name), .uniqueKey(let name): name
    case .advisory: nil
    }
  }
}

/// How strong a lock is.
package enum LockMode: Sendable, Hashable {
  case table(TableLockMode)
  case row(RowLockMode)
  /// A new entry of a unique key: only an equal entry conflicts with it.
  case uniqueEntry
  case advisory(isExclusive: Bool)

  /// PostgreSQL's own spelling.
  package var spelling: String {
    switch self {
    case .table(let mode): mode.rawValue
    case .row(let mode): mode.rawValue
    case .uniqueEntry: "UNIQUE ENTRY"
    case .advisory(let isExclusive): isExclusive ? "exclusive" : "shared"
    }
  }
}

/// How many rows a statement locks at one place.
package enum RowCount: String, Sendable {
  /// A unique key is pinned by equality.
  case one
  /// `LIMIT 1` and the like.
  case atMostOne = "at-most-one"
  case many

  /// Whether an order can matter.
  package var isMany: Bool { self == .many }
}

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

/// A column or expression that rows are sorted by.
package struct SortTerm: Sendable, Hashable {
  /// As it is written in a report: a column's name or an expression.
  package let text: String
  /// Descending.
  package let isDescending: Bool
  /// NULLS FIRST when ascending or NULLS LAST when descending, where there can be nulls.
  package let isNullsReversed: Bool
  /// The columns of the locked table that it is made of.
  package let columns: [String]

  /// A sort term; made of the column of that name when `columns` is not given.
  package init(
    text: String, isDescending: Bool = false, isNullsReversed: Bool = false,
    columns: [String]? = nil
  ) {
    self.text = text
    self.isDescending = isDescending
    self.isNullsReversed = isNullsReversed
    self.columns = columns ?? [text]
  }

  /// What two orders have to share to be one.
  package struct Key: Sendable, Hashable {
    private let text: String
    private let isDescending: Bool
    private let isNullsReversed: Bool

    fileprivate init(_ term: SortTerm) {
      text = term.text
      isDescending = term.isDescending
      isNullsReversed = term.isNullsReversed
    }
  }

  /// What two orders have to share to be one.
  package var key: Key { Key(self) }

  /// For example `id asc`.
  package var description: String {
    let nulls = isNullsReversed ? (isDescending ? " nulls last" : " nulls first") : ""
    return "\(text) \(isDescending ? "desc" : "asc")\(nulls)"
  }
}

/// The order in which a statement locks several rows of one table.
package enum RowOrder: Sendable, Hashable {
  /// By these terms, which no two rows share and which don't change.
  case total([SortTerm])
  /// By these terms, which leave some pairs of rows undecided, and why; `isExtensible` when a key
  /// appended to them would decide.
  case partial([SortTerm], why: String, isExtensible: Bool = false)
  /// Whatever the plan delivers, and why.
  case unordered(why: String)
  /// An order that can't be told, and why: nothing is claimed of it.
  case unknown(why: String)
  /// The rows are locked already, by an earlier acquisition of the same transaction.
  case alreadyLocked(why: String)

  /// Whether the order can differ from one run to the next.
  package var isHazardous: Bool {
    switch self {
    case .total, .alreadyLocked, .unknown: false
    case .partial, .unordered: true
    }
  }
}

/// The rows that one acquisition locks.
package struct RowSet: Sendable, Hashable {
  /// How many.
  package var count: RowCount
  /// In which order; of no interest for a single row.
  package var order: RowOrder
  /// Columns that have one value throughout, with that value; a literal where there is one.
  package var pinned: [String: Term] = [:]
  /// The conditions of the query, for telling whether two statements speak of the same rows.
  package var conditions: Set<Condition> = []
  /// Whether USING or NATURAL leaves out rows as well, which `conditions` does not show.
  package var hasHiddenConditions = false
  /// Whether a LIMIT or OFFSET leaves out rows that the conditions allow.
  package var isLimited = false
  /// Whether a key is compared with a list of parameters: the caller knows the rows already.
  package var isByKeyList = false
  /// The columns of the unique key that an INSERT can conflict on; empty when they are not known.
  package var conflictKey: [String] = []
  /// Literal values of the sort key, in the order of locking, where all are known.
  package var literalKeys: [[Literal]]?

  /// Rows in an order, of which nothing else is known.
  init(count: RowCount, order: RowOrder, pinned: [String: Term] = [:]) {
    self.count = count
    self.order = order
    self.pinned = pinned
  }

  /// The literal that a column is pinned to, if it is.
  package func literal(of column: String) -> Literal? { pinned[column]?.literal }
}

/// One lock, or one set of row locks, that a statement takes.
package struct Acquisition: Sendable, Hashable {
  /// What is locked.
  package var target: LockTarget
  /// How strongly.
  package var mode: LockMode
  /// Which rows, for row targets and unique keys.
  package var rows: RowSet?
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
  /// How many times a procedure has ended its transaction before.
  package var part: Int = 0
  /// The loop of a routine that repeats it and so makes several rows of one.
  package var loop: LoopKind?

  /// Whether the statement is the first place where its hazard shows; one inside of a routine shows
  /// there.
  package var isOwn = true

  /// Whether a CTE takes it.
  var isOfCommonTable = false

  /// Whether both can happen in one run, the first before the second, while the transaction lasts.
  package func canPrecede(_ other: Acquisition) -> Bool {
    guard part == other.part else { return false }
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
    guard part == other.part else { return false }
    return branches.allSatisfy { branch in
      other.branches.contains {
        $0.decision == branch.decision && $0.arms.isSubset(of: branch.arms)
      }
    }
  }
}

/// A place in a routine that only some runs reach.
package struct Branch: Sendable, Hashable {
  /// The IF, CASE or EXCEPTION block; numbered within the run of the program.
  package let decision: Int
  /// The arms of it that lead here, from 0.
  package let arms: Set<Int>
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
  package var isKeyCheck: Bool { form == .hidden && mode == .row(.forKeyShare) }

  /// Whether it locks several rows that others can lock as well, and waits for them.
  package var locksSeveralRows: Bool {
    guard let rows, rows.count.isMany, !isPrivate, waits == .blocks else { return false }
    switch rows.order {
    case .alreadyLocked, .unknown: return false
    case .total, .partial, .unordered: return true
    }
  }
}
