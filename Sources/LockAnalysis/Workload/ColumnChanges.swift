import LockModel

/// The columns that the application changes, by lock class, each with the first statement that does.
struct ColumnChanges {
  private var changing: [RelationName: [String: Int]] = [:]
  /// Columns that keep up with a field of the row that fires a trigger.
  private var following: [(table: RelationName, column: String, fields: Set<String>, index: Int)] =
    []

  /// Notes what a statement writes; statements come in the order of the text.
  mutating func add(_ written: [RelationName: WrittenColumns], by index: Int, _ catalog: Catalog) {
    for (table, columns) in written {
      let lockClass = catalog.lockClass(table)
      for column in columns.columns { add(column, of: lockClass, by: index) }
      for (column, fields) in columns.following {
        following.append((lockClass, column, fields, index))
      }
    }
  }

  private mutating func add(_ column: String, of table: RelationName, by index: Int) {
    changing[table, default: [:]][column] = min(changing[table]?[column] ?? index, index)
  }

  /// All of them: what keeps up with a field changes where some table's column of that name does.
  func found() -> [RelationName: [String: Int]] {
    var result = self
    var byField: [String: [Int]] = [:]
    for (position, entry) in following.enumerated() {
      for field in entry.fields { byField[field, default: []].append(position) }
    }
    var names = Set(changing.values.joined().map(\.key))
    var open = Array(names)
    while let name = open.popLast() {
      for position in byField.removeValue(forKey: name) ?? [] {
        let entry = following[position]
        result.add(entry.column, of: entry.table, by: entry.index)
        if names.insert(entry.column).inserted { open.append(entry.column) }
      }
    }
    return result.changing
  }
}
