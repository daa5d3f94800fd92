import PostgresSyntax

/// What the conditions of a level say: which columns have one value, which are equal.
struct LevelFacts {
  typealias Column = QueryLevel.Column

  /// A column that equals something.
  struct Pin {
    /// What it equals; nil for `x IS NULL` and for a condition that is a column.
    let value: Node?
    let literal: Literal?
    /// The members that the value comes from; empty for constants and parameters.
    let sources: Set<Column>
    /// Whether a sub-select in it refers to the level, to whichever table.
    var isCorrelated = false
    /// `IS NULL`: one value, but no identity.
    let isNull: Bool

    /// The value that the column has then.
    var term: Term {
      if isNull { return .null }
      if let literal { return .literal(literal) }
      guard let value else { return .other("", []) }
      return value.tag == .SelectStmt ? .subselect : Term(value)
    }
  }

  private var pinned: [[String: [Pin]]]
  /// Expressions over one member that equal something, by their canonical text.
  private(set) var expressionPins: [Int: [String: Pin]] = [:]
  /// The conditions of each member alone.
  private var conditions: [Int: [Node]] = [:]
  /// Columns that are compared with something, so that rows with nulls are left out.
  private(set) var compared: Set<Column> = []
  /// All conditions, those of outer joins included.
  private(set) var allConditions: [Node] = []
  /// Columns that are equal to a column, both ways.
  private(set) var equal: [Column: Set<Column>] = [:]
  /// Columns that are compared with a list or an array: one of several values.
  private(set) var listed: Set<Column> = []
  /// Those of them whose list is made of parameters.
  private(set) var listedByParameter: Set<Column> = []
  /// Arrays that are given, by the columns that are one of their elements.
  private(set) var arrays: [Column: Term] = [:]

  /// How many of a member's conditions leave out one value of a column.
  private(set) var exceptions: [Int: Int] = [:]

  private unowned let level: QueryLevel

  init(_ level: QueryLevel) {
    self.level = level
    pinned = Array(repeating: [:], count: level.members.count)
    for join in level.joined { connect(join) }
    for condition in level.conditions { read(condition) }
  }

  /// Whether one of a member's conditions reads so in canonical text.
  func says(_ text: String, of member: Int) -> Bool {
    conditions[member]?.contains { CanonicalExpression.condition($0) == text } ?? false
  }

  /// What the columns of a member equal, by their names.
  func pins(of member: Int) -> [String: [Pin]] { pinned[member] }

  /// A value from outside of the query that a column equals, by way of other columns if need be.
  func givenValue(of column: Column) -> Term? { givenValue(of: column, seen: []) }

  private func givenValue(of column: Column, seen: Set<Column>) -> Term? {
    guard !seen.contains(column) else { return nil }
    let pins = pinned[column.member][column.name] ?? []
    if let given = pins.last(where: { $0.sources.isEmpty && !$0.isCorrelated && !$0.isNull }) {
      return given.term
    }
    if let (inner, origin) = fixedOrigin(of: column), let given = inner.facts.givenValue(of: origin)
    {
      return given
    }
    return pins.lazy.compactMap { pin -> Term? in
      guard pin.sources.count == 1, let source = pin.sources.first, let value = pin.value,
        case .column = Expression(Expression.withoutCasts(value))
      else { return nil }
      return givenValue(of: source, seen: seen.union([column]))
    }.first
  }

  private mutating func add(_ column: Column, _ pin: Pin) {
    pinned[column.member][column.name, default: []].append(pin)
  }

  /// An outer join says nothing of the rows that it keeps without a partner.
  private mutating func connect(_ join: QueryLevel.JoinedColumns) {
    let (left, right) = (join.left, join.right)
    if join.bindsLeft {
      add(left, Pin(value: nil, literal: nil, sources: [right], isNull: false))
    }
    if join.bindsRight {
      add(right, Pin(value: nil, literal: nil, sources: [left], isNull: false))
    }
    guard join.bindsLeft, join.bindsRight else { return }
    equal[left, default: []].insert(right)
    equal[right, default: []].insert(left)
  }

  private mutating func read(_ condition: QueryLevel.LevelCondition) {
    let scope = condition.scope
    allConditions.append(condition.node)
    if let columns = level.columns(in: condition.node, scope: scope) {
      let members = Set(columns.map(\.member))
      if members.count == 1, let member = members.first, reaches(condition, member) {
        conditions[member, default: []].append(condition.node)
      }
    }
    if case .operation(_, let left?, _) = Expression(condition.node),
      case .column(let names) = Expression(left),
      case .column(let column) = level.resolve(names, scope: scope),
      reaches(condition, column.member)
    {
      compared.insert(column)
    }
    switch Expression(condition.node) {
    case .operation("=", let left?, let right): equate(left, right, condition)
    case .notDistinct(let left, let right): equate(left, right, condition)
    case .operation("<>", let left?, let right): exclude(left, right, condition)
    case .list(let left, let items, false):
      if items.count == 1, let only = items.first {
        equate(left, only, condition)
      } else {
        let given = items.allSatisfy(Self.isParameter)
        list(left, scope, byParameter: given)
      }
    case .any("=", let left, let array):
      if case .array(let elements) = Expression(Expression.withoutCasts(array)),
        elements.count == 1, let only = elements.first
      {
        equate(left, only, condition)
      } else {
        let given = Self.isParameter(array)
        list(left, scope, byParameter: given, in: given ? array : nil)
      }
    case .subselect(let link) where link.kind == .any && (link.operatorName ?? "=") == "=":
      equate(link, condition)
    case .subselect(let link) where link.kind == .exists: equate(inside: link, condition)
    case .column(let names):
      pin(names, Pin(value: nil, literal: .boolean(true), sources: [], isNull: false), condition)
    case .not(let inner):
      if case .column(let names) = Expression(inner) {
        pin(
          names, Pin(value: nil, literal: .boolean(false), sources: [], isNull: false), condition
        )
      }
    case .booleanTest(let inner, let kind):
      guard case .column(let names) = Expression(inner), ["IS_TRUE", "IS_FALSE"].contains(kind)
      else { return }
      let value = kind == "IS_TRUE"
      pin(
        names, Pin(value: nil, literal: .boolean(value), sources: [], isNull: false),
        condition)
    case .nullTest(let inner, true):
      guard case .column(let names) = Expression(inner) else { return }
      pin(names, Pin(value: nil, literal: nil, sources: [], isNull: true), condition)
    default: break
    }
  }

  private mutating func exclude(
    _ left: Node, _ right: Node, _ condition: QueryLevel.LevelCondition
  ) {
    guard case .column(let names) = Expression(left),
      case .column(let column) = level.resolve(names, scope: condition.scope),
      level.columns(in: right, scope: condition.scope)?.isEmpty ?? false
    else { return }
    exceptions[column.member, default: 0] += 1
  }

  private func reaches(_ condition: QueryLevel.LevelCondition, _ member: Int) -> Bool {
    condition.onlyFor?.contains(member) ?? true
  }

  private mutating func pin(_ names: [String], _ pin: Pin, _ condition: QueryLevel.LevelCondition) {
    guard case .column(let column) = level.resolve(names, scope: condition.scope),
      reaches(condition, column.member)
    else { return }
    add(column, pin)
  }

  private static func isParameter(_ node: Node) -> Bool {
    if case .parameter = Expression(Expression.withoutCasts(node)) { return true }
    return false
  }

  private mutating func list(
    _ left: Node, _ scope: Int, byParameter: Bool = false, in array: Node? = nil
  ) {
    for side in Self.parts(of: left) {
      guard case .column(let names) = Expression(InjectiveCast.removed(from: side)),
        case .column(let column) = level.resolve(names, scope: scope)
      else { continue }
      listed.insert(column)
      if byParameter { listedByParameter.insert(column) }
      if let array { arrays[column] = Term(Expression.withoutCasts(array)) }
    }
  }

  private static func parts(of node: Node) -> [Node] {
    if case .row(let parts) = Expression(node) { return parts }
    return [node]
  }

  private mutating func equate(_ left: Node, _ right: Node, _ condition: QueryLevel.LevelCondition)
  {
    let lefts = Self.parts(of: left)
    let rights = Self.parts(of: right)
    guard lefts.count == rights.count else { return }
    for (left, right) in zip(lefts, rights) {
      pin(left, to: right, condition)
      pin(right, to: left, condition)
    }
  }

  private mutating func pin(_ side: Node, to value: Node, _ condition: QueryLevel.LevelCondition) {
    let scope = condition.scope
    let bare = InjectiveCast.removed(from: side)
    if case .parameter(isList: true) = Expression(Expression.withoutCasts(value)) {
      list(bare, scope, byParameter: true, in: value)
      return
    }
    guard !Volatility.variesByRow(value), let sources = level.columns(in: value, scope: scope)
    else {
      return
    }
    let literal = Literal(value)
    let pin = Pin(
      value: value, literal: literal, sources: sources,
      isCorrelated: isCorrelated(value),
      isNull: false)
    if case .column(let names) = Expression(bare) {
      guard case .column(let column) = level.resolve(names, scope: scope),
        !sources.contains(where: { $0.member == column.member }),
        reaches(condition, column.member)
      else { return }
      add(column, pin)
      if condition.onlyFor == nil,
        case .column(let other) = Expression(InjectiveCast.removed(from: value)),
        case .column(let otherColumn) = level.resolve(other, scope: scope)
      {
        equal[column, default: []].insert(otherColumn)
      }
    } else if let columns = level.columns(in: bare, scope: scope),
      let member = Set(columns.map(\.member)).first, Set(columns.map(\.member)).count == 1,
      !sources.contains(where: { $0.member == member }), reaches(condition, member)
    {
      expressionPins[member, default: [:]][CanonicalExpression.text(bare)] = pin
    }
  }

  /// `x IN (SELECT …)` where the sub-select has at most one row.
  private mutating func equate(_ link: SubLink, _ condition: QueryLevel.LevelCondition) {
    guard let test = link.test else { return }
    guard let table = level.table(of: link), !table.rows.isMany,
      !(table.level?.isCorrelated ?? false)
    else {
      list(test, condition.scope)
      return
    }
    for side in Self.parts(of: test) {
      guard case .column(let names) = Expression(InjectiveCast.removed(from: side)) else {
        continue
      }
      pin(
        names, Pin(value: link.select.node, literal: nil, sources: [], isNull: false), condition)
    }
  }

  /// `EXISTS (SELECT … WHERE inner.id = 1 AND inner.x = outer.y)`: the outer column has the value of
  /// the one inner row.
  private mutating func equate(inside link: SubLink, _ condition: QueryLevel.LevelCondition) {
    guard let inner = level.table(of: link)?.level else { return }
    for part in inner.conditions {
      guard part.onlyFor == nil, case .operation("=", let left?, let right) = Expression(part.node)
      else { continue }
      for (own, other) in [(left, right), (right, left)] {
        guard case .column(let names) = Expression(InjectiveCast.removed(from: own)),
          case .outer = inner.resolve(names, scope: part.scope),
          let columns = inner.columns(in: other, scope: part.scope), !columns.isEmpty,
          columns.allSatisfy({ inner.facts.isOneRow($0.member) })
        else { continue }
        pin(names, Pin(value: other, literal: nil, sources: [], isNull: false), condition)
      }
    }
  }

  /// Whether values that stand in the text, not in rows of this or an outer query, pin a key.
  private func isOneRow(_ member: Int) -> Bool {
    guard let definition = level.members[member].relation?.definition else { return false }
    let given = pinned[member].filter { _, pins in
      pins.contains { !$0.isNull && ($0.value.map { $0.columnReferences.isEmpty } ?? false) }
    }
    return definition.identifyingKeys.contains { key in
      key.predicate.isEmpty && key.hasOnlyColumns
        && key.parts.allSatisfy { part in given.keys.contains { part == .column($0) } }
    }
  }

  /// Whether a sub-select in a value refers to the level.
  private func isCorrelated(_ value: Node) -> Bool {
    level.subselects.contains { subselect in
      value.contains(subselect.link.select.node) && (subselect.table.level?.isCorrelated ?? true)
    }
  }

  // MARK: Constants

  /// Whether what a column equals has one value for each choice of rows of `known`: directly, or
  /// through columns that equal something in turn.
  func isConstant(_ pin: Pin, given known: Set<Int>) -> Bool {
    isConstant(pin, given: known, seen: [])
  }

  private func isConstant(_ pin: Pin, given known: Set<Int>, seen: Set<Column>) -> Bool {
    if pin.isCorrelated { return known.count == level.members.count }
    return pin.sources.allSatisfy { source in
      known.contains(source.member) || isConstant(source, given: known, seen: seen)
    }
  }

  /// Whether the sub-select that a column comes from gives it one value in all its rows.
  private func isFixedBelow(_ column: Column) -> Bool {
    guard let (inner, origin) = fixedOrigin(of: column) else { return false }
    return inner.identity.pinnedColumns(
      of: origin.member, given: inner.identity.single, nullsCount: false
    ).contains(origin.name)
  }

  /// The column that one of a sub-select is, which does not depend on what is around it.
  private func fixedOrigin(of column: Column) -> (level: QueryLevel, column: Column)? {
    guard case .derived(let table) = level.members[column.member].source, !table.isRepeated,
      !(table.level?.isCorrelated ?? true),
      let (inner, origin) = table.origin(of: column.name), inner === table.level
    else { return nil }
    return (inner, origin)
  }

  private func isConstant(_ column: Column, given known: Set<Int>, seen: Set<Column>) -> Bool {
    guard !seen.contains(column) else { return false }
    if isFixedBelow(column) { return true }
    return pinned[column.member][column.name]?.contains { pin in
      !pin.isNull && isConstant(pin, given: known, seen: seen.union([column]))
    } ?? false
  }
}
