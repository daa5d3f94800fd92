import PostgresSyntax

/// What is known of a routine's variables at one place of its body.
struct RoutineVariables {
  /// What a variable stands for: another variable, a parameter, a field.
  var values: [String: String] = [:]
  /// What was assigned last to a variable, for EXECUTE.
  var texts: [String: PLQuery] = [:]
  /// Arrays that were made with ORDER BY.
  var sortedArrays: Set<String> = []
  /// How often a variable has got a new value.
  private var versions: [String: Int] = [:]
  /// Variables with the value of a column of a row that is locked.
  private var held: [String: HeldColumn] = [:]

  /// A column of rows that the routine has locked.
  struct HeldColumn {
    let table: RelationName
    let column: String
    let mode: RowLockMode
  }

  /// A variable gets a value.
  mutating func assign(_ name: String, _ text: String) {
    forget(name)
    let isName = text.allSatisfy { $0.isLetter || $0.isNumber || "_.$".contains($0) }
    if isName, let first = text.first, first.isLetter || first == "_", !text.mentions(name) {
      values[name] = values[text.lowercased()] ?? text.lowercased()
      held[name] = held[text.lowercased()]
      if sortedArrays.contains(text.lowercased()) { sortedArrays.insert(name) }
    } else if text.utf8.count > 20, text.uppercased().contains("ORDER BY") {
      sortedArrays.insert(name)
    }
  }

  /// Nothing is known of a variable any more.
  mutating func forget(_ name: String) {
    versions[name, default: 0] += 1
    values[name] = nil
    texts[name] = nil
    sortedArrays.remove(name)
    held = held.filter { $0.key != name && !$0.key.hasPrefix(name + ".") }
    values = values.filter { !$0.value.mentions(name) }
  }

  mutating func hold(_ text: String, _ column: HeldColumn) { held[text] = column }

  mutating func forgetHeld() { held = [:] }

  /// What two ways to the same place have in common.
  mutating func merge(_ other: RoutineVariables) {
    for (name, version) in other.versions where versions[name, default: 0] != version {
      versions[name] = max(versions[name, default: 0], version)
      values[name] = nil
      sortedArrays.remove(name)
      held = held.filter { $0.key != name && !$0.key.hasPrefix(name + ".") }
    }
  }

  /// A lock with its variables replaced by what they stand for.
  func resolved(_ lock: Acquisition) -> Acquisition {
    var result = lock.replacing(values)
    guard var rows = result.rows else { return result }
    for text in rows.pinned.values {
      for (name, version) in versions where text.mentions(name) {
        rows.versions.insert("\(name)@\(version)")
      }
    }
    if case .rows(let table) = lock.target, isHeld(table, lock.mode, rows) {
      rows.order = .alreadyLocked(why: "the row was locked before, and its key read from it")
    }
    result.rows = rows
    return result
  }

  private func isHeld(_ table: RelationName, _ mode: LockMode, _ rows: RowSet) -> Bool {
    guard case .row(let mode) = mode, rows.count != .many else { return false }
    return rows.pinned.contains { column, text in
      guard let held = held[text], held.table == table, held.column == column else { return false }
      return held.mode >= mode
    }
  }
}
