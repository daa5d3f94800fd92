/// The form of statement that locks rows, as far as the hazard and its cure depend on it.
package enum RowLockForm: Sendable, Hashable {
  /// A locking clause; `isSorted` when its query has an ORDER BY.
  case lockingSelect(isSorted: Bool)
  /// UPDATE or DELETE whose rows a join or sub-select picks.
  case drivenWrite
  /// Any other UPDATE or DELETE, and MERGE.
  case plainWrite
  /// INSERT … ON CONFLICT.
  case upsert
  /// INSERT without ON CONFLICT.
  case insert
  /// A foreign key that is checked or followed.
  case referential
}
