/// The columns of a table that get other values.
package struct WrittenColumns: Sendable, Hashable {
  /// Those that get any value.
  package private(set) var columns: Set<String> = []
  /// Those of rows that are found by a field of OLD and get the same field of NEW, with the fields: they
  /// change where a row that fires the trigger gets another value in that column.
  package private(set) var following: [String: Set<String>] = [:]

  mutating func add(_ names: some Sequence<String>) { columns.formUnion(names) }

  mutating func add(_ name: String, following field: String) {
    following[name, default: []].insert(field)
  }

  /// Adds what others write.
  mutating func formUnion(_ other: WrittenColumns) {
    columns.formUnion(other.columns)
    following.merge(other.following) { $0.union($1) }
  }
}
