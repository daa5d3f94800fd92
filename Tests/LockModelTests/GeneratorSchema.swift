/// A random schema: tables and all that makes a statement lock more than it names.
struct GeneratorSchema: Sendable {
  /// The statements that make it, in their order.
  var pieces: [String] = []
  var tables: [GeneratorTable] = []
  var views: [GeneratorView] = []
  /// Functions that take a number and return one.
  var functions: [String] = []
  var sequences: [String] = []
  var triggers: [(name: String, table: String)] = []
  var indexes: [String] = []
  /// Without any foreign key or trigger, for triggers to write to.
  static let log = "log"

  var text: String { pieces.map { $0 + ";\n" }.joined() }

  /// The table of that name.
  func table(_ name: String) -> GeneratorTable? { tables.first { $0.name == name } }

  /// Whether rows of a table that others refer to can't go.
  func isKept(_ table: String) -> Bool {
    tables.contains { $0.foreignKeys.contains { $0.parent == table && $0.keepsParents } }
  }

  /// The table that a partition or an inheritance child hangs on.
  var roots: [String: String] {
    var result: [String: String] = [:]
    for table in tables {
      for leaf in table.leaves + table.branches { result[leaf] = table.name }
      if let parent = table.parent { result[table.name] = parent }
    }
    return result
  }
}
