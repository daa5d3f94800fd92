import LockModel

extension Workload {
  /// Whether a plain UPDATE or DELETE, or a loop of them over rows of the table, finds its rows by one
  /// value of a column with an index.
  ///
  /// Two of them have all these rows in common or none. Equal entries of a B-tree are kept in the
  /// order of their places in the table (`nbtree/README`, "equal keys are ordered by TID"), so that
  /// the index, a bitmap and a sequential scan give them in one order. What is left: a third copy that
  /// moves rows by UPDATE between the snapshots of two others, and a sequential scan that joins
  /// another one halfway (`synchronize_seqscans`), which an index makes unlikely.
  func isInIndexOrder(_ lock: Acquisition) -> Bool {
    guard lock.form == .plainWrite || lock.form == .referential, !lock.isJoined,
      let table = lock.target.relation, let rows = lock.rows, !rows.isLimited, !rows.isByKeyList,
      lock.loop == nil || rows.followsScan
    else { return false }
    return rows.pinned.contains { column, value in
      value.literal == nil && catalog.hasIndex(on: column, of: table)
    }
  }
}
