/// A table of a random schema.
///
/// Every table has the rows 1 to 6, a column `id` and a column `n` that belongs to no key. Columns
/// that refer to another table name its rows 1 to 3, so that rows from 4 on can go.
struct GeneratorTable: Sendable {
  /// What values a column takes.
  enum Content: Sendable {
    /// The number of the row.
    case number
    /// 1 or 2, as the number is even or odd.
    case part
    case payload
    case text
    /// The number of a row of a table.
    case reference
    /// 1 or 2, as the number in the column before it is even or odd.
    case referencePart
  }

  struct Column: Sendable {
    let name: String
    let content: Content
    var isNotNull = false
    /// Serial, identity or a plain default, as it is written.
    var type = "int"
  }

  struct ForeignKey: Sendable {
    let columns: [String]
    let parent: String
    let parentColumns: [String]
    /// The actions and whether it may wait, as they are written.
    let options: String
    var keepsParents: Bool {
      !options.contains("ON DELETE CASCADE") && !options.contains("ON DELETE SET")
    }
  }

  let name: String
  var columns: [Column] = []
  /// The primary key and all other constraints and indexes that are unique for all rows.
  var keys: [[String]] = []
  var foreignKeys: [ForeignKey] = []
  /// How it is divided, as it is written; nil for a plain table.
  var partitioning: String?
  /// Its partitions that hold rows.
  var leaves: [String] = []
  /// Those that are divided again.
  var branches: [String] = []
  /// What it inherits from.
  var parent: String?
  /// What inherits from it.
  var child: String?

  var primaryKey: [String] { keys[0] }
  var hasPart: Bool { columns.contains { $0.name == "part" } }
  var isPartitioned: Bool { partitioning != nil }
  var references: [Column] {
    columns.filter { if case .reference = $0.content { true } else { false } }
  }

  /// Whether a column is part of a key.
  func isKey(_ column: String) -> Bool { keys.contains { $0.contains(column) } }

  /// The value of a column in the row of that number.
  func value(of column: Column, row: Int, referring: Int?) -> String {
    switch column.content {
    case .number: "\(row)"
    case .part: "\(row % 2 + 1)"
    case .payload: row == 6 ? "NULL" : "\(row * 10)"
    case .text: "'row \(row)'"
    case .reference: referring.map(String.init) ?? "NULL"
    case .referencePart: referring.map { "\($0 % 2 + 1)" } ?? "NULL"
    }
  }
}

/// A view of a random schema.
struct GeneratorView: Sendable {
  let name: String
  let columns: [String]
  /// The table that a write of the view ends in; nil when the view is read only.
  let base: String?
}
