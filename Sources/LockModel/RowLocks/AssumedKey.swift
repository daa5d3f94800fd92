/// What a table whose definition is not given is taken to have as its key.
enum AssumedKey {
  /// Whether a column is named like the key of a table: `id`, `uuid`, `order_id` of `orders`.
  static func isNamedLikeKey(_ column: String, of table: String) -> Bool {
    if column == "id" || column == "uuid" || column == "guid" { return true }
    guard column.hasSuffix("_id") || column.hasSuffix("_uuid") else { return false }
    let stem = String(column[..<(column.lastIndex(of: "_") ?? column.endIndex)])
    return singulars(of: table).contains(stem)
  }

  /// The table's name and what may be its singular.
  private static func singulars(of table: String) -> Set<String> {
    var names: Set<String> = [table]
    if table.hasSuffix("ies") { names.insert(table.dropLast(3) + "y") }
    if table.hasSuffix("es") { names.insert(String(table.dropLast(2))) }
    if table.hasSuffix("s") { names.insert(String(table.dropLast())) }
    if let last = table.split(separator: "_").last, last.count < table.count {
      names.formUnion(singulars(of: String(last)))
    }
    return names
  }

  static func sentence(table: RelationName, column: String) -> String {
    "the definition of `\(table.short)` is not given; `\(column)` is taken as its key"
  }

  static func sentence(table: RelationName) -> String {
    "the definition of `\(table.short)` is not given; only columns named like its key, such as "
      + "`id`, are taken to be unique"
  }
}
