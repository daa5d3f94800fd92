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
