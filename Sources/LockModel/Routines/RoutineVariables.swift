import PostgresSyntax

/// What is known at one place of a routine's body, of its variables above all.
struct RoutineVariables {
  typealias Variable = Term.Variable

  /// What a variable stands for: another variable, a parameter, a field.
  var values: [Variable: Term] = [:]
  /// Arrays that were made with ORDER BY.
  var sortedArrays: Set<Variable> = []
  /// What was assigned last to a variable, for EXECUTE.
  private var assigned: [Variable: PLQuery] = [:]
  /// The values that variables have got.
  private var versions: [Variable: Version] = [:]
  /// Goes on in all ways through the routine, so that no two of their values are one.
  private let clock = Clock()
  /// Variables with the value of a column of a row that is locked.
  private var held: [Variable: HeldColumn] = [:]
  /// Whether every way here has ended the transaction, in this round of the innermost loop.
  var hasEndedTransaction = false

  /// A value of a variable.
  private struct Version: Equatable {
    /// How often the variable has got one on the way here.
    var count = 0
    /// When it got this one; none is at the same time.
    var time = 0
  }

  private final class Clock {
    private var now = 0

    func next() -> Int {
      now += 1
      return now
    }
  }

  /// A column of rows that the routine has locked.
  struct HeldColumn {
    let table: RelationName
    let column: String
    let mode: RowLockMode
    /// Whether the routine has put the row there, so that nobody else sees it.
    let isNew: Bool
  }

  /// A variable gets a value.
  mutating func assign(_ variable: Variable, _ value: PLQuery) {
    forget(variable)
    assigned[variable] = value
    if case .variable(let other)? = value.term {
      guard !other.isPart(of: variable) else { return }
      values[variable] = values[other] ?? .variable(other)
      held[variable] = held[other]
      if sortedArrays.contains(other) { sortedArrays.insert(variable) }
    } else if value.makesSortedArray {
      sortedArrays.insert(variable)
    }
  }

  /// Nothing is known of a variable any more.
  mutating func forget(_ variable: Variable) {
    change(variable, count: version(of: variable).count + 1)
  }

  private mutating func change(_ variable: Variable, count: Int) {
    versions[variable] = Version(count: count, time: clock.next())
    forgetValue(of: variable)
  }

  private func version(of variable: Variable) -> Version { versions[variable] ?? Version() }

  /// Whether a variable, or a parameter, may have another value than in the beginning.
  func isAssigned(_ name: String) -> Bool { version(of: Variable(path: name)).count > 0 }

  /// The record that a variable is a field of; itself, where it is none.
  private static func whole(_ variable: Variable) -> Variable { Variable(name: variable.name) }

  private mutating func forgetValue(of variable: Variable) {
    values[variable] = nil
    assigned[variable] = nil
    sortedArrays.remove(variable)
    held = held.filter { !$0.key.isPart(of: variable) }
    values = values.filter { entry in
      !entry.value.containsVariable { $0.isPart(of: variable) }
    }
  }

  mutating func hold(_ variable: Variable, _ column: HeldColumn) { held[variable] = column }

  /// COMMIT or ROLLBACK.
  mutating func endTransaction() {
    held = [:]
    hasEndedTransaction = true
  }

  /// The text that a variable has, as EXECUTE may run it: what was assigned to it, as far as the
  /// variables in that have not got another value since.
  func text(of name: String) -> DynamicSQL.Variables.Value {
    let variable = Variable(path: name)
    let version = version(of: variable)
    return .init(version: version.count, query: assigned[variable]) { other in
      let other = Variable(path: other)
      return [other, Self.whole(other)].allSatisfy { self.version(of: $0).time <= version.time }
    }
  }

  /// Whether a variable, or the one that it stands for, is a sorted array.
  func isSortedArray(_ variable: Variable) -> Bool {
    if sortedArrays.contains(variable) { return true }
    if case .variable(let other)? = values[variable] { return sortedArrays.contains(other) }
    return false
  }

  /// What two ways to the same place have in common.
  mutating func merge(_ other: RoutineVariables) {
    // The value is neither that of one way nor that of the other.
    for variable in Set(versions.keys).union(other.versions.keys) {
      let (left, right) = (version(of: variable), other.version(of: variable))
      if left != right { change(variable, count: max(left.count, right.count) + 1) }
    }
    held = held.filter { other.held[$0.key] != nil }
    hasEndedTransaction = hasEndedTransaction && other.hasEndedTransaction
  }

  /// A lock with its variables replaced by what they stand for, as they are at this place.
  func resolved(_ lock: Acquisition) -> Acquisition {
    var result = lock.replacing(values)
    if case .rows(let table) = lock.target,
      [lock.rows, result.rows].contains(where: { $0.map { isHeld(table, lock.mode, $0) } ?? false })
    {
      result.rows?.order = .alreadyLocked(
        why: "the row was locked before, and its key read from it")
    }
    tie(&result)
    guard !versions.isEmpty else { return result }
    result = result.mapTerms { term in
      term.mapVariables { .variable(atThisPlace($0)) }
    }
    if let conditions = result.rows?.conditions, !conditions.isEmpty {
      result.rows?.conditions = Set(conditions.map { $0.at { atThisPlace($0).version } })
    }
    return result
  }

  /// Rows that are found by columns of a row that is the transaction's own belong to that row.
  private func tie(_ lock: inout Acquisition) {
    for (column, term) in lock.rows?.pinned ?? [:] {
      guard case .variable(let variable) = term, let held = held[variable],
        lock.target.relation != held.table
      else { continue }
      let known = lock.rows?.ties[.locked(held.table)]?[held.column]
      lock.rows?.ties[.locked(held.table), default: [:]][held.column] =
        known.map { min($0, column) } ?? column
    }
  }

  /// Whether a lock is on rows, or entries, that refer to a row which the routine has put there: before
  /// its end nobody else can make such rows, nor find them.
  func belongsToNewRow(_ lock: Acquisition, in catalog: Catalog) -> Bool {
    guard let table = lock.target.relation, let definition = catalog.relations[table] else {
      return false
    }
    return (lock.rows?.pinned ?? [:]).contains { column, term in
      guard case .variable(let variable) = term, let held = held[variable], held.isNew else {
        return false
      }
      return catalog.foreignKeys(of: definition).contains { key in
        key.columns == [column] && key.parentColumns == [held.column] && key.parent == held.table
      }
    }
  }

  /// A term with variables as they are at this place.
  func atThisPlace(_ term: Term) -> Term { term.mapVariables { .variable(atThisPlace($0)) } }

  /// A variable with the number of its present value; a field counts the values of its record.
  private func atThisPlace(_ variable: Variable) -> Variable {
    guard variable.version == 0 else { return variable }
    var result = variable
    result.version =
      version(of: variable).count
      + (variable.field == nil ? 0 : version(of: Self.whole(variable)).count)
    return result
  }

  private func isHeld(_ table: RelationName, _ mode: LockMode, _ rows: RowSet) -> Bool {
    guard case .row(let mode) = mode, rows.count != .many else { return false }
    return rows.pinned.contains { column, term in
      guard case .variable(let variable) = term, let held = held[variable], held.table == table,
        held.column == column
      else { return false }
      return held.mode >= mode
    }
  }
}
