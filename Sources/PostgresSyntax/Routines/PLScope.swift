/// The variables that can be seen at a place of a routine's body.
struct PLScope {
  /// What is known of a variable.
  struct Variable {
    /// Whether it has fields.
    enum Fields { case none, possible, certain }

    var isArray = false
    var fields = Fields.none
    var isCursor = false
    /// What it is another name of.
    var original: String?
  }

  private struct Level {
    let label: String?
    var variables: [String: Variable] = [:]
  }

  private var levels: [Level] = []
  /// Whether a column of the same name is meant where both can be.
  var columnsWin = false

  mutating func push(label: String?) { levels.append(Level(label: label)) }

  mutating func pop() { levels.removeLast() }

  /// Adds a variable to the innermost level.
  mutating func declare(_ name: String, _ variable: Variable) {
    levels[levels.count - 1].variables[name] = variable
  }

  /// The variable that a name stands for.
  subscript(name: String) -> Variable? {
    for level in levels.reversed() {
      if let variable = level.variables[name] { return variable }
    }
    return nil
  }

  /// How a reference to a variable reads.
  struct Reference {
    let text: String
    let isArray: Bool
    /// Whether it is one bare name, which can be a column's.
    let isBare: Bool
  }

  /// The variable or field that a dotted name stands for, as `plpgsql_ns_lookup` in PostgreSQL's
  /// `pl_funcs.c` finds it; the last name is `*` for all fields.
  func reference(_ names: [String]) -> Reference? {
    guard let first = names.first else { return nil }
    for level in levels.reversed() {
      if let variable = level.variables[first] {
        return Self.reference(variable, names, path: names)
      }
      if names.count > 1, level.label == first, let variable = level.variables[names[1]] {
        return Self.reference(variable, Array(names.dropFirst()), path: names)
      }
    }
    return nil
  }

  private static func reference(
    _ variable: Variable, _ names: [String], path: [String]
  ) -> Reference? {
    if names.count > 1, variable.fields == .none { return nil }
    let names = [variable.original ?? names[0]] + names.dropFirst()
    return Reference(
      text: names.joined(separator: "."), isArray: names.count == 1 && variable.isArray,
      isBare: path.count == 1)
  }
}
