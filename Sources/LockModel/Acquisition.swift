public import Diagnostics
package import PostgresSyntax

/// What a lock is on.
public enum LockTarget: Sendable, Hashable {
  /// The table as a whole.
  case table(RelationName)
  /// Rows of a table; across transactions one class, since any of them may meet.
  case rows(RelationName)
  /// Entries of a unique key that are inserted; another insert of an equal entry waits for the
  /// transaction that came first.
  case uniqueKey(RelationName)
  /// A key of the advisory locks, as it is written.
  case advisory(String)

  /// The relation, unless it is an advisory lock.
  public var relation: RelationName? {
    switch self {
    case .table(let name), .rows(let name), .uniqueKey(let name): name
    case .advisory: nil
    }
  }
}

/// How strong a lock is.
public enum LockMode: Sendable, Hashable {
  case table(TableLockMode)
  case row(RowLockMode)
  /// A new entry of a unique key: only an equal entry conflicts with it.
  case uniqueEntry
  case advisory(isExclusive: Bool)

  /// PostgreSQL's own spelling.
  public var spelling: String {
    switch self {
    case .table(let mode): mode.rawValue
    case .row(let mode): mode.rawValue
    case .uniqueEntry: "UNIQUE ENTRY"
    case .advisory(let isExclusive): isExclusive ? "exclusive" : "shared"
    }
  }
}

/// How many rows a statement locks at one place.
public enum RowCount: String, Sendable {
  /// A unique key is pinned by equality.
  case one
  /// `LIMIT 1` and the like.
  case atMostOne = "at-most-one"
  case many

  /// Whether an order can matter.
  public var isMany: Bool { self == .many }
}

/// What happens when somebody else holds the row.
public enum WaitPolicy: String, Sendable {
  case blocks
  /// `SKIP LOCKED`
  case skips
  /// `NOWAIT`
  case fails
}

/// How long a lock is held.
public enum LockDuration: String, Sendable {
  case transaction, session, statement
}

/// A column or expression that rows are sorted by.
public struct SortTerm: Sendable, Hashable {
  /// As it is written in a report: a column's name or an expression.
  public let text: String
  /// Descending.
  public let isDescending: Bool
  /// NULLS FIRST when ascending or NULLS LAST when descending, where there can be nulls.
  public let isNullsReversed: Bool
  /// The columns of the locked table that it is made of.
  public let columns: [String]

  /// A sort term; made of the column of that name when `columns` is not given.
  public init(
    text: String, isDescending: Bool = false, isNullsReversed: Bool = false,
    columns: [String]? = nil
  ) {
    self.text = text
    self.isDescending = isDescending
    self.isNullsReversed = isNullsReversed
    self.columns = columns ?? [text]
  }

  /// For example `id asc`.
  public var description: String {
    let nulls = isNullsReversed ? (isDescending ? " nulls last" : " nulls first") : ""
    return "\(text) \(isDescending ? "desc" : "asc")\(nulls)"
  }
}

/// The order in which a statement locks several rows of one table.
public enum RowOrder: Sendable {
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
  public var isHazardous: Bool {
    switch self {
    case .total, .alreadyLocked, .unknown: false
    case .partial, .unordered: true
    }
  }
}

/// The rows that one acquisition locks.
public struct RowSet: Sendable {
  /// How many.
  public var count: RowCount
  /// In which order; of no interest for a single row.
  public var order: RowOrder
  /// Columns that have one value throughout, with that value as it is written.
  public var pinned: [String: String]
  /// Columns pinned to a literal.
  public var literals: [String: String]
  /// The conditions of the query, for telling whether two statements speak of the same rows; their
  /// trees are kept by the statement and the catalog.
  package var conditions: [Node]
  /// Whether USING or NATURAL leaves out rows as well, which `conditions` does not show.
  package var hasHiddenConditions = false
  /// Whether a LIMIT or OFFSET leaves out rows that the conditions allow.
  public var isLimited: Bool
  /// Whether a key is compared with a list of parameters: the caller knows the rows already.
  public var isByKeyList: Bool = false
  /// The columns of the unique key that an INSERT can conflict on; empty when they are not known.
  public var conflictKey: [String] = []
  /// Literal values of the sort key, in the order of locking, where all are known.
  public var literalKeys: [String]?
  /// Which assignment of a routine's variables the conditions speak of; a variable that has got
  /// another value means other rows.
  package var versions: Set<String> = []
}

/// One lock, or one set of row locks, that a statement takes.
public struct Acquisition: Sendable {
  /// What is locked.
  public var target: LockTarget
  /// How strongly.
  public var mode: LockMode
  /// Which rows, for row targets and unique keys.
  public var rows: RowSet?
  /// What happens when it is held by somebody else.
  public var waits: WaitPolicy
  /// How long it is held.
  public var duration: LockDuration
  /// Why the statement touches the target, outermost first; `direct` when the text names it.
  public var reason: [String]
  /// The clause that takes the lock.
  public var range: SourceRange
  /// The form of statement that takes it, for row targets.
  public var form: RowLockForm?
  /// What was taken for granted about the table, one sentence each.
  public var assumptions: [String]
  /// Whether nobody else can see the table yet, or ever.
  public var isPrivate: Bool
  /// The name by which the clause's own query knows the table; nil behind a view or sub-select.
  public var alias: String? = nil
  /// Whether that query reads other tables as well.
  public var isJoined: Bool = false
  /// The branches of a routine that it stands in, outermost first.
  public var branches: [Branch] = []
  /// How many times a procedure has ended its transaction before.
  public var part: Int = 0
  /// The loop of a routine that repeats it and so makes several rows of one.
  public var loop: LoopKind?

  /// Whether the statement is the first place where its hazard shows; one inside of a routine shows
  /// there.
  package var isOwn = true

  /// Whether a CTE takes it.
  var isOfCommonTable = false

  /// Whether both can happen in one run, the first before the second, while the transaction lasts.
  public func canPrecede(_ other: Acquisition) -> Bool {
    guard part == other.part else { return false }
    return !branches.contains { branch in
      other.branches.contains {
        $0.decision == branch.decision && $0.arms.isDisjoint(with: branch.arms)
      }
    }
  }
}

/// A place in a routine that only some runs reach.
public struct Branch: Sendable, Hashable {
  /// The IF, CASE or EXCEPTION block; numbered within the run of the program.
  public let decision: Int
  /// The arms of it that lead here, from 0.
  public let arms: Set<Int>
}

/// What gives a loop its order.
public enum LoopKind: String, Sendable {
  case query, array, cursor, range
}

extension [Acquisition] {
  /// The locks without those on relations that an earlier one of the same mode has for certain.
  func withoutKnownRelations() -> [Acquisition] {
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
