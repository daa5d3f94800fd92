import PostgresSyntax

/// Which members of a level have one row, and which orders tell their rows apart.
struct RowIdentity {
  typealias Column = QueryLevel.Column
  private unowned let level: QueryLevel
  private var facts: LevelFacts { level.facts }
  /// The members with at most one row.
  private(set) var single: Set<Int> = []

  private let dependents: [Int: [Int]]
  /// So many tables that depend on a row are asked whether they have one row as well.
  private static let determinedLimit = 64
  /// So many columns that equal one another are followed.
  private static let dependencyLimit = 64

  init(_ level: QueryLevel) {
    self.level = level
    dependents = Self.dependents(in: level)
    single = closure(of: [], asking: level.members.indices.reversed())
  }

  /// The members that have at most one row once one of them has, as far as it is followed.
  private func determined(by member: Int) -> Set<Int> {
    closure(
      of: single.union([member]), asking: dependents[member] ?? [], limit: Self.determinedLimit)
  }

  /// The members that have at most one row once each of `given` has, asking some of them and what
  /// depends on those that do.
  private func closure(
    of given: Set<Int>, asking members: some Sequence<Int>, limit: Int = .max
  ) -> Set<Int> {
    var known = given
    var open = Array(members)
    var count = 0
    while let member = open.popLast(), count < limit {
      count += 1
      guard !known.contains(member), isSingle(member, given: known) else { continue }
      known.insert(member)
      // What depends on it may have become single as well.
      open += (dependents[member] ?? []).filter { !known.contains($0) }
    }
    return known
  }

  /// For each member those whose columns equal something of it, also by way of others.
  private static func dependents(in level: QueryLevel) -> [Int: [Int]] {
    guard level.members.count > 1 else { return [:] }
    var result: [Int: [Int]] = [:]
    for member in level.members.indices {
      var seen: Set<Column> = []
      let pins =
        Array(level.facts.pins(of: member).values.joined())
        + (level.facts.expressionPins[member].map { Array($0.values) } ?? [])
      // What the limit leaves out must not depend on the order of a dictionary.
      var open = Set(pins.flatMap(\.sources)).sorted()
      var sources: Set<Int> = []
      while let column = open.popLast() {
        guard seen.insert(column).inserted, seen.count <= dependencyLimit else { continue }
        sources.insert(column.member)
        open += level.facts.pins(of: column.member)[column.name]?.flatMap(\.sources) ?? []
      }
      for source in sources { result[source, default: []].append(member) }
    }
    return result
  }

  private func isSingle(_ member: Int, given known: Set<Int>) -> Bool {
    switch level.members[member].source {
    case .opaque(let rows): return !rows.isMany
    case .derived(let table):
      if !table.rows.isMany { return true }
      return pinsBaseKey(of: member, table, given: known)
    case .table(let name, let definition):
      let pinned = pinnedColumns(of: member, given: known, nullsCount: false)
      if pinned.contains("ctid") { return true }
      guard let definition else {
        return pinned.contains { AssumedKey.isNamedLikeKey($0, of: name.name) }
      }
      return usableKeys(of: member, definition).contains { key in
        key.parts.allSatisfy { isPinned($0, of: member, pinned, given: known) }
      }
    }
  }

  /// Whether an output of a derived table that is a key of its only table is pinned.
  private func pinsBaseKey(of member: Int, _ table: DerivedTable, given known: Set<Int>) -> Bool {
    guard let inner = table.level, inner.members.count == 1,
      let (name, definition) = inner.members[0].relation
    else { return false }
    let pinned = pinnedColumns(of: member, given: known, nullsCount: false).compactMap {
      table.origin(of: $0)?.column.name
    }
    guard let definition else {
      return pinned.contains { AssumedKey.isNamedLikeKey($0, of: name.name) }
    }
    return definition.identifyingKeys.contains { key in
      key.predicate.isEmpty && (key.columns.map { $0.allSatisfy(pinned.contains) } ?? false)
    }
  }

  private func isPinned(
    _ part: Catalog.UniqueKey.Part, of member: Int, _ pinned: Set<String>, given known: Set<Int>
  ) -> Bool {
    switch part {
    case .column(let name): pinned.contains(name)
    case .expression(let text, let columns):
      facts.expressionPins[member]?[text].map { facts.isConstant($0, given: known) } ?? false
        || !columns.isEmpty
          && columns.allSatisfy { pinned.contains($0) && hasOneSpelling($0, of: member) }
    }
  }

  /// Whether equal values of a column are the same to every function: `1.0 = 1.00` have two texts.
  private func hasOneSpelling(_ column: String, of member: Int) -> Bool {
    guard let type = level.members[member].relation?.definition?.column(column)?.type else {
      return false
    }
    return [
      "int2", "int4", "int8", "text", "varchar", "uuid", "date", "bool", "timestamp", "timestamptz",
    ].contains(type)
  }

  /// Columns of a member that have one value for each choice of rows of `known`.
  func pinnedColumns(of member: Int, given known: Set<Int>, nullsCount: Bool) -> Set<String> {
    var result = level.members[member].relation?.definition?.columnsOfOneValue ?? []
    for (name, pins) in facts.pins(of: member) {
      if pins.contains(where: {
        (nullsCount || !$0.isNull) && facts.isConstant($0, given: known)
      }) {
        result.insert(name)
      }
    }
    return result
  }

  /// Keys that hold for all rows that the conditions leave: those with a predicate only where the
  /// conditions say the same.
  func usableKeys(
    of member: Int, _ definition: Catalog.Relation
  ) -> [Catalog.UniqueKey] {
    definition.identifyingKeys.filter { key in
      key.predicate.allSatisfy { isImplied($0, of: member, definition) }
    }
  }

  private func isImplied(_ part: String, of member: Int, _ definition: Catalog.Relation) -> Bool {
    if facts.says(part, of: member) { return true }
    // `x IS NOT NULL` follows from any comparison of x with a value.
    let pinned = pinnedColumns(of: member, given: Set(level.members.indices), nullsCount: false)
    return definition.columns.contains { column in
      part == Self.isNotNull(column.name) && (column.isNotNull || pinned.contains(column.name))
    }
  }

  static func isNotNull(_ column: String) -> String { "NullTest(\(column) IS_NOT_NULL )" }

  // MARK: Order

  /// The order that sort keys give to the rows of a member.
  func order(of member: Int, sortKeys: [SortItem]) -> (order: RowOrder, assumptions: [String]) {
    lazy var determined = determined(by: member)
    var covered = pinnedColumns(of: member, given: single, nullsCount: true)
    var coveredExpressions: Set<String> = []
    var terms: [SortTerm] = []
    for key in sortKeys {
      if let reason = key.volatile { return (.partial(terms, why: reason), []) }
      if isConstant(key) { continue }
      let columns = columns(of: member, equalTo: key)
      if let column = columns.first {
        guard column != "ctid" else {
          return (.partial(terms, why: "a row's `ctid` changes with every update"), [])
        }
        covered.formUnion(columns)
        terms.append(
          SortTerm(
            text: column, isDescending: key.isDescending,
            isNullsReversed: key.isNullsReversed && mayBeNull(column, of: member)))
      } else if let columns = key.columns,
        columns.allSatisfy({ determined.contains($0.member) })
      {
        let own = columns.filter { $0.member == member }.map(\.name).sorted()
        coveredExpressions.insert(key.canonical)
        if own.count == 1, key.keepsIdentity { covered.insert(own[0]) }
        terms.append(SortTerm(text: key.text, isDescending: key.isDescending, columns: own))
      } else {
        let why = "ORDER BY sorts by `\(key.text)`, which is not a column of this table"
        return (terms.isEmpty ? .unordered(why: why) : .partial(terms, why: why), [])
      }
      if let assumptions = isTotal(member, covered, coveredExpressions) {
        return (.total(terms), assumptions)
      }
    }
    return (
      .partial(terms, why: undecided(terms, member), isExtensible: true), assumption(of: member)
    )
  }

  private func undecided(_ terms: [SortTerm], _ member: Int) -> String {
    guard !terms.isEmpty else { return "ORDER BY sorts by nothing that differs between these rows" }
    let names = terms.map { "`\($0.text)`" }.joined(separator: ", ")
    return "two rows can have the same \(names)"
  }

  private func assumption(of member: Int) -> [String] {
    guard let (name, definition) = level.members[member].relation, definition == nil else {
      return []
    }
    return [AssumedKey.sentence(table: name)]
  }

  /// Whether columns tell all rows of a member apart; what was assumed for it, or nil.
  private func isTotal(
    _ member: Int, _ covered: Set<String>, _ expressions: Set<String>
  ) -> [String]? {
    guard let (name, definition) = level.members[member].relation else { return nil }
    guard let definition else {
      return covered.sorted().first { AssumedKey.isNamedLikeKey($0, of: name.name) }
        .map { [AssumedKey.sentence(table: name, column: $0)] }
    }
    let total = usableKeys(of: member, definition).contains { key in
      key.parts.allSatisfy { part in
        switch part {
        case .column(let column):
          covered.contains(column)
            && (key.nullsNotDistinct || isNeverNull(column, of: member, definition))
        case .expression(let text, _): expressions.contains(text)
        }
      }
    }
    return total ? [] : nil
  }

  /// Whether columns tell all rows of a member apart, as its definition says.
  func tellApart(_ member: Int, by columns: Set<String>) -> Bool {
    guard level.members[member].relation?.definition != nil else { return false }
    let pinned = pinnedColumns(of: member, given: single, nullsCount: false)
    return isTotal(member, columns.union(pinned), []) != nil
  }

  private func isNeverNull(
    _ column: String, of member: Int, _ definition: Catalog.Relation
  ) -> Bool {
    if definition.column(column)?.isNotNull ?? false { return true }
    if facts.says(Self.isNotNull(column), of: member) { return true }
    return pinnedColumns(of: member, given: Set(level.members.indices), nullsCount: false)
      .contains(column) || facts.listed.contains(Column(member: member, name: column))
      || facts.compared.contains(Column(member: member, name: column))
  }

  private func mayBeNull(_ column: String, of member: Int) -> Bool {
    guard let definition = level.members[member].relation?.definition else { return false }
    return !isNeverNull(column, of: member, definition)
  }

  private func isConstant(_ key: SortItem) -> Bool {
    guard let columns = key.columns else { return false }
    return columns.allSatisfy { column in
      single.contains(column.member)
        || pinnedColumns(of: column.member, given: single, nullsCount: true).contains(column.name)
    }
  }

  /// The columns of a member that a sort key orders, the one that it names first.
  private func columns(of member: Int, equalTo key: SortItem) -> [String] {
    guard let column = key.column else { return [] }
    let equal = (facts.equal[column] ?? []).filter { $0.member == member }
    let equalling = facts.equal.filter { $0.key.member == member && $0.value.contains(column) }
    let names = equal.union(equalling.keys).map(\.name).sorted()
    return (column.member == member ? [column.name] : []) + names
  }
}
