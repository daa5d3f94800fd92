import PostgresSyntax

/// Which partitions a query's conditions leave, as far as constants tell.
///
/// The planner prunes by constants only; what is known when the query runs comes too late for
/// locks (manual 5.11.4 *Partition Pruning*).
struct PartitionPruning {
  private var tests: [Test] = []
  /// Columns that equal one literal.
  private var equal: [String: Literal] = [:]

  /// What a condition says of a column.
  private indirect enum Test {
    case isOneOf(column: String, values: [Literal])
    case isAbove(column: String, value: Literal, isStrict: Bool)
    case isBelow(column: String, value: Literal, isStrict: Bool)
    case isAny([[Test]])
    case isNever
  }

  /// Reads the conditions that name columns of a partitioned table; nil when there are none.
  init?(conditions: [Node], _ reference: TableReference, outer: Outer? = nil) {
    tests = conditions.flatMap { Self.tests($0, reference.visibleName) }
    tests += Self.conclusions(from: conditions, about: reference.visibleName)
    if let outer {
      tests += outer.pruning.tests(through: outer.query, about: reference.visibleName)
    }
    if tests.isEmpty { return nil }
    noteEqual()
  }

  /// The query of a view, and what the query around it says of the view's columns.
  struct Outer {
    let pruning: PartitionPruning
    let query: SelectStatement
  }

  /// The tests of a view's columns as those of a table that its query reads.
  private func tests(through query: SelectStatement, about table: String) -> [Test] {
    guard query.isSimple else { return [] }
    let from = query.from.map { FromItem($0) }
    var isAlone = false
    if from.count == 1, case .table = from[0] { isAlone = true }
    var columns: [String: String] = [:]
    var hasAll = false
    for target in query.targets {
      if target.isStar { hasAll = hasAll || isAlone }
      guard let value = target.value, case .column(let names) = Expression(value),
        let last = names.last, names.count == 1 ? isAlone : names[names.count - 2] == table,
        let output = OutputColumn.name(of: target)
      else { continue }
      columns[output] = last
    }
    return tests.compactMap { test in
      Self.renamed(test) { columns[$0] ?? (hasAll ? $0 : nil) }
    }
  }

  private static func renamed(_ test: Test, _ column: (String) -> String?) -> Test? {
    switch test {
    case .isNever: return .isNever
    case .isOneOf(let name, let values):
      return column(name).map { .isOneOf(column: $0, values: values) }
    case .isAbove(let name, let value, let isStrict):
      return column(name).map { .isAbove(column: $0, value: value, isStrict: isStrict) }
    case .isBelow(let name, let value, let isStrict):
      return column(name).map { .isBelow(column: $0, value: value, isStrict: isStrict) }
    case .isAny(let ways):
      let renamed = ways.map { $0.compactMap { Self.renamed($0, column) } }
      return renamed.contains(where: \.isEmpty) ? nil : .isAny(renamed)
    }
  }

  /// From values that columns have.
  init(values: [String: Literal]) {
    tests = values.map { .isOneOf(column: $0.key, values: [$0.value]) }
    noteEqual()
  }

  /// From what columns equal; nil when none of it is a literal.
  init?(pinned: [String: Term]) {
    let values = pinned.compactMapValues(\.literal)
    if values.isEmpty { return nil }
    self.init(values: values)
  }

  private mutating func noteEqual() {
    for case .isOneOf(let column, let values) in tests where values.count == 1 {
      equal[column] = equal[column] ?? values[0]
    }
  }

  // MARK: Conclusions

  /// What follows for columns of a table from `a.x = b.y` and `b.y = 1`; the planner concludes so
  /// from equality only (`equivclass.c`).
  private static func conclusions(from conditions: [Node], about table: String) -> [Test] {
    var columns = EqualColumns()
    var constants: [(names: [String], value: Literal)] = []
    for condition in conditions {
      guard case .operation("=", let left?, let right) = Expression(condition) else { continue }
      switch (Expression(left), Expression(right)) {
      case (.column(let left), .column(let right)):
        columns.join(Array(left.suffix(2)), Array(right.suffix(2)))
      case (.column(let names), _):
        Literal(right).map { constants.append((Array(names.suffix(2)), $0)) }
      case (_, .column(let names)):
        Literal(left).map { constants.append((Array(names.suffix(2)), $0)) }
      default: continue
      }
    }
    var values: [Int: Set<Literal>] = [:]
    for (names, value) in constants {
      values[columns.number(of: names), default: []].insert(value)
    }
    return columns.all().compactMap { column, number in
      // Of a contradiction the planner makes nothing more.
      guard column.count == 2, column[0] == table, let value = values[number], value.count == 1
      else { return nil }
      return .isOneOf(column: column[1], values: Array(value))
    }
  }

  // MARK: Conditions

  private static func tests(_ node: Node, _ table: String) -> [Test] {
    func column(_ node: Node) -> String? {
      guard case .column(let names) = Expression(node), let last = names.last,
        names.count == 1 || names[names.count - 2] == table
      else { return nil }
      return last
    }
    switch Expression(node) {
    case .and(let parts): return parts.flatMap { tests($0, table) }
    case .or(let parts):
      let ways = parts.map { tests($0, table) }
      return ways.contains { $0.isEmpty } ? [] : [.isAny(ways)]
    case .constant(let value):
      return Literal(value) == .boolean(false) ? [.isNever] : []
    case .operation(let sign, let left?, let right):
      if let column = column(left), let literal = Literal(right) {
        return test(column, sign, literal)
      }
      if let column = column(right), let literal = Literal(left) {
        return test(column, turned(sign), literal)
      }
      return []
    case .list(let left, let items, false):
      let literals = items.compactMap { Literal($0) }
      guard let column = column(left), literals.count == items.count else { return [] }
      return [.isOneOf(column: column, values: literals)]
    case .any("=", let left, let array):
      guard let column = column(left), case .array(let items) = Expression(array) else { return [] }
      let literals = items.compactMap { Literal($0) }
      return literals.count == items.count ? [.isOneOf(column: column, values: literals)] : []
    default: return between(node, column)
    }
  }

  private static func between(_ node: Node, _ column: (Node) -> String?) -> [Test] {
    guard let test = RangeTest(node), let name = column(test.value),
      let lower = Literal(test.lower), let upper = Literal(test.upper)
    else { return [] }
    return [
      .isAbove(column: name, value: lower, isStrict: false),
      .isBelow(column: name, value: upper, isStrict: false),
    ]
  }

  private static func test(_ column: String, _ sign: String, _ literal: Literal) -> [Test] {
    switch sign {
    case "=": [.isOneOf(column: column, values: [literal])]
    case ">", ">=": [.isAbove(column: column, value: literal, isStrict: sign == ">")]
    case "<", "<=": [.isBelow(column: column, value: literal, isStrict: sign == "<")]
    default: []
    }
  }

  private static func turned(_ sign: String) -> String {
    switch sign {
    case "<": ">"
    case "<=": ">="
    case ">": "<"
    case ">=": "<="
    default: sign
    }
  }

  // MARK: Partitions

  /// Whether rows of a partition are left.
  func admits(
    _ child: Catalog.Relation, of parent: Catalog.Relation, beside siblings: [Catalog.Relation]
  ) -> Bool {
    guard let partitioning = parent.partitioning, let bound = child.bound else { return true }
    let columns = partitioning.columns.compactMap { $0 }
    guard columns.count == partitioning.columns.count, let first = columns.first else {
      return true
    }
    if let value = equal[first] {
      let values = [value] + columns.dropFirst().map { equal[$0] }
      guard admits(values, bound, siblings) else { return false }
    }
    return tests.allSatisfy { isPossible($0, first, bound, siblings) }
  }

  private func isPossible(
    _ test: Test, _ column: String, _ bound: PartitionBound, _ siblings: [Catalog.Relation]
  ) -> Bool {
    switch test {
    case .isNever: false
    case .isAny(let ways):
      ways.contains { $0.allSatisfy { isPossible($0, column, bound, siblings) } }
    case .isOneOf(column, let values): values.contains { admits([$0], bound, siblings) }
    case .isAbove(column, let value, let isStrict):
      isDefault(bound)
        ? !isCovered(siblings, from: .value(value), to: .maximum, isStrict: isStrict)
        : bound.reaches(above: value, isStrict: isStrict)
    case .isBelow(column, let value, let isStrict):
      isDefault(bound)
        ? !isCovered(siblings, from: .minimum, to: .value(value), isStrict: isStrict)
        : bound.reaches(below: value, isStrict: isStrict)
    case .isOneOf, .isAbove, .isBelow: true
    }
  }

  /// Whether a row with these values can be in a partition; in the default one when no other
  /// partition has it.
  private func admits(
    _ values: [Literal?], _ bound: PartitionBound, _ siblings: [Catalog.Relation]
  ) -> Bool {
    guard case .default = bound else { return bound.admits(values) }
    return !siblings.contains { sibling in
      guard let bound = sibling.bound else { return false }
      if case .default = bound { return false }
      return bound.admits(values)
    }
  }

  private func isDefault(_ bound: PartitionBound) -> Bool {
    if case .default = bound { true } else { false }
  }

  /// Whether ranges of one column leave nothing between two values for the default partition; each
  /// condition is looked at by itself (`get_matching_range_bounds` in `partprune.c`).
  private func isCovered(
    _ siblings: [Catalog.Relation], from start: PartitionBound.Datum, to end: PartitionBound.Datum,
    isStrict: Bool
  ) -> Bool {
    PartitionBound.isCovered(
      from: start, to: end, isStrict: isStrict, by: siblings.compactMap(\.bound))
  }
}
