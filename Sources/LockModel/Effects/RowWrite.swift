import Diagnostics

/// Rows that a statement inserts, changes or deletes, as triggers and foreign keys see them.
struct RowWrite {
  var kind: WriteKind
  var table: RelationName
  /// Whether it goes along with a write of another table, whose statement triggers run.
  var isPart = false
  /// Whether rows leave a partition, or come to one, because their key changes.
  var isMove = false
  /// The columns that SET names.
  var assigned: Set<String> = []
  /// Those of them that may get another value.
  var changed: Set<String> = []
  /// Which rows, and in which order.
  var rows: RowSet
  /// What columns have afterwards, as it is written, where all rows have the same.
  var new: [String: Term] = [:]
  /// What columns had before, where all rows have the same.
  var old: [String: Term] = [:]
  let range: SourceRange
  /// How the statement comes to write them; empty when its text says so.
  var reason: [Reason] = []
  var branches: [Branch] = []
  /// Columns whose values come in order by themselves, and whether downwards.
  var sorted: [String: Bool] = [:]
  /// Whether no row can be found, so that only triggers of the statement fire.
  var isEmpty = false

  /// The repetition of what happens for each row.
  var repetition: Repetition {
    var ranks: [Term: Repetition.Rank] = [:]
    for (position, term) in rows.order.terms.enumerated() {
      let rank = Repetition.Rank(position: position, isDescending: term.isDescending)
      ranks[.variable(.old(term.text))] = rank
      if !changed.contains(term.text) { ranks[.variable(.new(term.text))] = rank }
    }
    for (column, isDescending) in sorted {
      ranks[.variable(.new(column))] = .init(position: 0, isDescending: isDescending)
    }
    var rowNames: Set<Term.Variable> = []
    if kind != .delete { rowNames.insert(Term.Variable(name: "new")) }
    if kind != .insert { rowNames.insert(Term.Variable(name: "old")) }
    return Repetition(
      ranks: ranks, varying: .init(variables: rowNames),
      why: "it happens for each row of \(table.short), in the order in which they are written")
  }

  /// `coalesce(new.x, old.x)` is what a trigger's function writes to have the row of any event.
  private func simplified(_ term: Term) -> Term {
    guard case .coalesce(let parts) = term, parts.count == 2 else { return term }
    let row = kind == .delete ? "old" : "new"
    return parts.first { part in
      if case .variable(let variable) = part { variable.name == row } else { false }
    } ?? term
  }

  /// A lock of a trigger's function as it is for this write.
  func applied(to lock: Acquisition) -> Acquisition {
    let values = values
    return lock.mapTerms { simplified($0).replacing(values) }
  }

  /// A lock that is taken for each row of the write; in a routine, as its caller sees it.
  func repeated(_ lock: Acquisition, isNested: Bool) -> Acquisition {
    let lock = rows.count.isMany ? repetition.repeated(lock) : lock
    return isNested ? seenFromOutside(lock) : lock
  }

  /// A lock as those see it who have set off the routine that this write stands in: their `NEW` and
  /// `OLD` are other rows than this one's.
  func seenFromOutside(_ lock: Acquisition) -> Acquisition {
    let key = rows.pinned.sorted { $0.key < $1.key }.map(\.value)
    // No copy of the whole write for each variable.
    let table = table
    return lock.mapTerms { term in
      term.mapVariables { variable in
        guard variable.name == "new" || variable.name == "old", let field = variable.field else {
          return nil
        }
        return .rowColumn(table, key: key, column: field)
      }
    }
  }

  /// The values of columns of NEW and OLD where they are known.
  var values: [Term.Variable: Term] {
    var values: [Term.Variable: Term] = [:]
    for (column, term) in new { values[.new(column)] = term }
    for (column, term) in old {
      values[.old(column)] = term
      if kind == .update, !changed.contains(column), new[column] == nil {
        values[.new(column)] = term
      }
    }
    return values
  }
}

extension RowOrder {
  /// The terms that rows are sorted by, as far as they are.
  var terms: [SortTerm] {
    switch self {
    case .total(let terms), .partial(let terms, _, _): terms
    case .unordered, .alreadyLocked, .unknown: []
    }
  }
}

extension Acquisition {
  /// The same lock with the terms by which its rows or its key are told changed.
  func mapTerms(_ change: (Term) -> Term) -> Acquisition {
    var result = self
    if case .advisory(let key) = target { result.target = .advisory(key.map(change)) }
    guard let rows else { return result }
    for (column, term) in rows.pinned {
      let changed = change(term)
      if changed != term { result.rows?.pinned[column] = changed }
    }
    for (column, array) in rows.listed { result.rows?.listed[column] = change(array) }
    return result.withOwnEntry()
  }

  /// The same lock with variables replaced by what they stand for where it is taken.
  package func replacing(_ values: [Term.Variable: Term]) -> Acquisition {
    values.isEmpty ? self : mapTerms { $0.replacing(values) }
  }

  /// The same lock with columns replaced by the values that they get.
  func replacing(columns values: [String: Term]) -> Acquisition {
    values.isEmpty ? self : mapTerms { $0.replacing(columns: values) }
  }

  /// The same lock, taken for a reason, as a report of another statement shows it.
  func inside(_ outer: [Reason], at range: SourceRange, branches: [Branch] = []) -> Acquisition {
    var result = self
    result.reason = outer + reason
    result.range = range
    result.branches = branches + self.branches
    result.alias = nil
    return result
  }
}
