/// The lock modes of tables (manual 13.3.1, *Table-Level Locks*), from weak to strong.
package enum TableLockMode: String, Sendable, CaseIterable, Comparable {
  case accessShare = "ACCESS SHARE"
  case rowShare = "ROW SHARE"
  case rowExclusive = "ROW EXCLUSIVE"
  case shareUpdateExclusive = "SHARE UPDATE EXCLUSIVE"
  case share = "SHARE"
  case shareRowExclusive = "SHARE ROW EXCLUSIVE"
  case exclusive = "EXCLUSIVE"
  case accessExclusive = "ACCESS EXCLUSIVE"

  private var rank: Int {
    switch self {
    case .accessShare: 0
    case .rowShare: 1
    case .rowExclusive: 2
    case .shareUpdateExclusive: 3
    case .share: 4
    case .shareRowExclusive: 5
    case .exclusive: 6
    case .accessExclusive: 7
    }
  }

  /// The modes that can't be held beside this one (manual, table 13.2), by rank.
  private var conflicts: ClosedRange<Int> {
    switch self {
    case .accessShare: 7...7
    case .rowShare: 6...7
    case .rowExclusive: 4...7
    case .shareUpdateExclusive: 3...7
    case .share: 2...7  // but not with itself
    case .shareRowExclusive: 2...7
    case .exclusive: 1...7
    case .accessExclusive: 0...7
    }
  }

  /// Whether two transactions can't hold the two modes on one table.
  package func conflicts(with other: TableLockMode) -> Bool {
    if self == .share && other == .share { return false }
    return conflicts.contains(other.rank)
  }

  /// Orders by strength, as PostgreSQL numbers the modes.
  package static func < (left: TableLockMode, right: TableLockMode) -> Bool {
    left.rank < right.rank
  }
}

/// The lock modes of rows (manual 13.3.2, *Row-Level Locks*), from weak to strong.
package enum RowLockMode: String, Sendable, CaseIterable, Comparable {
  case forKeyShare = "FOR KEY SHARE"
  case forShare = "FOR SHARE"
  case forNoKeyUpdate = "FOR NO KEY UPDATE"
  case forUpdate = "FOR UPDATE"

  private var rank: Int {
    switch self {
    case .forKeyShare: 0
    case .forShare: 1
    case .forNoKeyUpdate: 2
    case .forUpdate: 3
    }
  }

  /// Whether two transactions can't hold the two modes on one row (manual, table 13.3).
  package func conflicts(with other: RowLockMode) -> Bool { rank + other.rank >= 3 }

  /// Whether two transactions can't both hold it on one row.
  package var isExclusive: Bool { conflicts(with: self) }

  /// Orders by strength.
  package static func < (left: RowLockMode, right: RowLockMode) -> Bool { left.rank < right.rank }
}
