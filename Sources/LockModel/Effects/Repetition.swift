/// Something that repeats a lock for many rows: a loop, a trigger that fires for each row, a
/// function that is called for each row.
struct Repetition {
  /// By a value that changes from one repetition to the next, its place in the order of the
  /// repetitions.
  var ranks: [Term: Rank] = [:]
  var varying: Varying
  /// Why the repetitions come in no order.
  let why: String
  var loop: LoopKind?
  /// Whether the order of the repetitions is known, to be none or another.
  var isKnown = true
  /// Arrays that are sorted, whose elements come in the order of their subscripts.
  var sortedArrays: Set<Term.Variable> = []
  /// The table that the repetitions go over, and the terms that its rows are sorted by.
  var source: (table: RelationName, terms: [SortTerm])?

  /// The rows of one table that the repetitions go over as its scan finds them.
  var scan: Scan?

  struct Scan {
    let table: RelationName
    /// The columns that have one value in all of them.
    let pinned: [String: Term]
    /// The columns that variables of the loop have the values of.
    let columns: [Term.Variable: String]

    /// Whether a column of a row is that of the row which the loop is at.
    func contains(_ column: String, _ value: Term) -> Bool {
      guard case .variable(let variable) = value.withoutVersions else { return false }
      return columns[variable] == column
    }
  }

  struct Rank {
    let position: Int
    let isDescending: Bool
  }

  /// What changes from one repetition to the next.
  struct Varying {
    /// Variables, with all their fields.
    var variables: Set<Term.Variable> = []
    /// Those of their fields that have one value in all repetitions.
    var constants: Set<Term.Variable> = []
    /// Other values.
    var terms: Set<Term> = []

    /// Whether a value is made of something that changes.
    func contains(_ term: Term) -> Bool {
      if !variables.isEmpty,
        term.containsVariable(where: { variable in
          variables.contains { variable.isPart(of: $0) }
            && !constants.contains(variable.withoutVersion)
        })
      {
        return true
      }
      return terms.contains { term.contains($0) }
    }
  }

  /// The lock that all repetitions take together.
  func repeated(_ lock: Acquisition) -> Acquisition {
    switch lock.target {
    case .rows: return repeatedRows(lock)
    case .uniqueKey where lock.form == .upsert: return repeatedRows(lock)
    case .advisory(let key): return repeatedAdvisory(lock, key)
    case .table, .uniqueKey: return lock
    }
  }

  private func repeatedRows(_ lock: Acquisition) -> Acquisition {
    guard var rows = lock.rows else { return lock }
    let changing = rows.pinned.filter { varying.contains($0.value) }
    guard !changing.isEmpty else { return lock }
    if case .alreadyLocked = rows.order { return lock }
    var result = lock
    let wasHazard = rows.count == .many && rows.order.isHazardous
    rows.order = ordered(
      changing, then: rows.count == .many ? rows.order : nil, of: lock.target.relation)
    rows.count = .many
    if !wasHazard {
      result.loop = loop ?? lock.loop
      result.isOwn = true
    }
    // What one repetition pins, all together do not.
    let hadOneRow = lock.rows?.count == .one
    rows.pinned = rows.pinned.filter { changing[$0.key] == nil }
    if let scan, hadOneRow, lock.target == .rows(scan.table),
      changing.contains(where: scan.contains)
    {
      rows.pinned.merge(scan.pinned) { own, _ in own }
      rows.followsScan = true
    }
    result.rows = rows
    return result
  }

  /// The order of columns that follow the repetitions, then that of the rows of each.
  private func ordered(
    _ changing: [String: Term], then inner: RowOrder?, of table: RelationName?
  ) -> RowOrder {
    guard isKnown else { return .unknown(why: why) }
    let unranked = changing.values.filter { rank(of: $0) == nil }
    if !unranked.isEmpty {
      // A range that no array is read by makes numbers that can't be followed.
      return loop == .range && !unranked.contains(where: \.hasElement)
        ? .unknown(why: "the loop counts, and the key is made of the count")
        : .unordered(why: why)
    }
    // Of columns with one value the first by name stands for all.
    var columns: [Int: (column: String, rank: Rank)] = [:]
    for (column, value) in changing {
      guard let rank = rank(of: value) else { continue }
      if let known = columns[rank.position], known.column < column { continue }
      columns[rank.position] = (column, rank)
    }
    let terms = columns.values.sorted { $0.rank.position < $1.rank.position }
    if let source, source.table == table, terms.count == 1, inner == nil,
      case let position = terms[0].rank.position, position > 0, position < source.terms.count,
      source.terms[position].text == terms[0].column
    {
      return .total(Array(source.terms[...position]))
    }
    for (position, term) in terms.enumerated() where term.rank.position != position {
      return .unordered(why: why)
    }
    let outer = terms.map { SortTerm(text: $0.column, isDescending: $0.rank.isDescending) }
    switch inner {
    case nil: return .total(outer)
    case .total(let terms): return .total(outer + terms)
    case .partial(let terms, let why, let isExtensible):
      return .partial(outer + terms, why: why, isExtensible: isExtensible)
    case .unordered, .alreadyLocked, .unknown: return inner ?? .unordered(why: why)
    }
  }

  /// The place of a value: of what varies itself, of it plus a constant, of an element of a sorted
  /// array.
  private func rank(of value: Term) -> Rank? {
    let value = value.withoutVersions
    if let rank = ranks[value] { return rank }
    switch value {
    case .operation("+", let left?, .literal), .operation("-", let left?, .literal):
      return ranks[left]
    case .element(.variable(let array), let subscripts):
      guard subscripts.count == 1, let index = subscripts[0], sortedArrays.contains(array)
      else { return nil }
      return ranks[index]
    default: return nil
    }
  }

  private func repeatedAdvisory(_ lock: Acquisition, _ key: [Term]) -> Acquisition {
    let changing = key.filter(varying.contains)
    guard !changing.isEmpty else { return lock }
    var result = lock
    var keys: [String: Term] = [:]
    for part in changing { keys[part.text] = part }
    result.rows = RowSet(count: .many, order: ordered(keys, then: nil, of: nil))
    result.loop = loop ?? lock.loop
    result.isOwn = true
    return result
  }
}
