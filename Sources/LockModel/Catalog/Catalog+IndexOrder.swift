extension Catalog {
  /// Whether a plain UPDATE or DELETE, or a loop of them over rows of the table, finds its rows by one
  /// value of a column with an index.
  ///
  /// Two of them have all these rows in common or none, and the same plan gives them in one order.
  /// Equal entries of a B-tree are kept in the order of their places in the table (`nbtree/README`,
  /// "equal keys are ordered by TID"), so that over an index of this column alone a bitmap and a
  /// sequential scan do so too. What is left: plans that differ over an index of more columns (a
  /// generic one beside a custom one), a third copy that moves rows by UPDATE between the snapshots
  /// of two others, and a sequential scan that joins another one halfway (`synchronize_seqscans`).
  ///
  /// Literals in `WHERE` are the same rows for all, and usually ones that come and go, so that they
  /// count only where a caller gives them.
  package func isInIndexOrder(_ lock: Acquisition) -> Bool {
    guard lock.form == .plainWrite || lock.form == .referential, !lock.isJoined,
      let table = lock.target.relation, let rows = lock.rows, !rows.isLimited, !rows.isByKeyList,
      lock.loop == nil || rows.followsScan,
      // Another condition may lead another copy through another index.
      rows.conditions.count <= rows.pinned.count, !rows.hasOtherConditions
    else { return false }
    let isOfCaller = if case .function? = lock.reason.last { true } else { false }
    let values = rows.pinned.filter { isOfCaller || $0.value.literal == nil }
    return wholeIndexes(of: table).contains { columns in
      columns.first.map { values[$0] != nil } ?? false
    }
  }
}
