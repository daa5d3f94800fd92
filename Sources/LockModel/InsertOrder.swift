import PostgresSyntax

/// The order in which the rows of an INSERT arrive, seen from a unique key.
struct InsertOrder {
  /// The columns that are given values, in the order of the values.
  let columns: [String]
  /// The columns or expressions of the key.
  let key: [String]
  let source: DerivedTable?
  let catalog: Catalog

  var rows: RowSet {
    var rows = RowSet(
      count: source?.rows ?? .one, order: .unordered(why: "the rows come as the source gives them"),
      pinned: [:], literals: [:], conditions: [], isLimited: false,
      literalKeys: nil)
    guard let source, let select = source.select else { return rows }
    if !select.valueRows.isEmpty {
      values(select, &rows)
    } else if rows.count.isMany {
      rows.order = order(of: source, select)
    }
    return rows
  }

  // MARK: VALUES

  private func values(_ select: SelectStatement, _ rows: inout RowSet) {
    let tuples = select.valueRows.map { Array($0.list(.items)) }
    guard tuples.count > 1 else {
      rows.count = .one
      return
    }
    let positions = key.map { columns.firstIndex(of: $0) }
    guard !key.isEmpty, positions.allSatisfy({ $0 != nil }) else {
      rows.order = .unordered(why: "it can't be told which values belong to the key")
      return
    }
    // A column with the same value in every row orders nothing.
    let varying = positions.compactMap { $0 }.filter { position in
      let texts = Set(tuples.map { position < $0.count ? Structure.text($0[position]) : "" })
      return texts.count > 1
    }
    let literals = tuples.map { tuple in
      varying.map { $0 < tuple.count ? Literal(tuple[$0]) : nil }
    }
    guard literals.allSatisfy({ $0.allSatisfy { $0 != nil } }) else {
      rows.order = .unordered(why: "nothing says that the values of \(keyText) are sorted")
      return
    }
    let keys = literals.map { $0.compactMap { $0 } }
    rows.literalKeys = keys.map { $0.map(\.text).joined(separator: ", ") }
    let names = varying.map { columns[$0] }
    if Self.ascends(keys) {
      rows.order = .total(names.map { SortTerm(text: $0) })
    } else if Self.ascends(keys.reversed()) {
      rows.order = .total(names.map { SortTerm(text: $0, isDescending: true) })
    } else {
      rows.order = .unordered(why: "the VALUES are not sorted by \(keyText)")
    }
  }

  private var keyText: String {
    key.isEmpty ? "the key" : key.map { "`\($0)`" }.joined(separator: ", ")
  }

  /// Whether each key is known not to come before the one ahead of it.
  private static func ascends(_ keys: [[Literal]]) -> Bool {
    zip(keys, keys.dropFirst()).allSatisfy { earlier, later in
      for (left, right) in zip(earlier, later) where left != right {
        return left.precedes(right) ?? false
      }
      return true
    }
  }

  // MARK: SELECT

  private func order(of source: DerivedTable, _ select: SelectStatement) -> RowOrder {
    guard !key.isEmpty else {
      return .unordered(why: "it can't be told which columns belong to the key")
    }
    let positions = key.map { columns.firstIndex(of: $0) }
    return order(of: source, select, positions: positions, names: key)
  }

  private func order(
    of source: DerivedTable, _ select: SelectStatement, positions: [Int?], names: [String]
  ) -> RowOrder {
    if select.sortKeys.isEmpty { return inheritedOrder(of: source, select, positions) }
    var open: [String: Int?] = [:]
    for (name, position) in zip(names, positions) where !isConstant(position, source) {
      open[name] = position
    }
    var terms: [SortTerm] = []
    for sortKey in select.sortKeys {
      guard let expression = sortKey.expression else { continue }
      if let reason = Volatility.reason(for: value(expression, select), catalog: catalog) {
        return .partial(terms, why: reason)
      }
      guard
        let name = open.first(where: { matches(expression, $0.key, $0.value, source, select) })?.key
      else {
        if isConstant(expression, source, select) { continue }
        return .partial(
          terms, why: "ORDER BY does not begin with \(keyText), the key that conflicts")
      }
      open[name] = nil
      terms.append(SortTerm(text: name, isDescending: sortKey.isDescending))
      if open.isEmpty { return .total(terms) }
    }
    if open.isEmpty { return .total(terms) }
    return .partial(
      terms,
      why: "ORDER BY leaves out \(open.keys.sorted().map { "`\($0)`" }.joined(separator: ", "))")
  }

  /// Without an ORDER BY of its own a query over one sub-select passes on that one's order, and a
  /// series comes in order.
  private func inheritedOrder(
    of source: DerivedTable, _ select: SelectStatement, _ positions: [Int?]
  ) -> RowOrder {
    let none = RowOrder.unordered(why: "the SELECT has no ORDER BY; rows come in the plan's order")
    guard let level = source.level, level.members.count == 1, !select.isDistinct, !select.isGrouped
    else { return none }
    switch level.members[0].source {
    case .derived(let inner):
      guard let innerSelect = inner.select, innerSelect.operands == nil,
        innerSelect.valueRows.isEmpty, !innerSelect.sortKeys.isEmpty
      else { return none }
      var innerPositions: [Int?] = []
      var names: [String] = []
      for position in positions {
        guard let name = outputName(position, of: source, inner) else { return none }
        names.append(name)
        innerPositions.append(inner.targets.firstIndex { OutputColumn.name(of: $0) == name })
      }
      let passed = InsertOrder(columns: columns, key: names, source: inner, catalog: catalog)
      let order = passed.order(of: inner, innerSelect, positions: innerPositions, names: names)
      guard case .total(let terms) = order else { return order }
      let labels = Dictionary(zip(names, key)) { first, _ in first }
      return .total(
        terms.map { SortTerm(text: labels[$0.text] ?? $0.text, isDescending: $0.isDescending) })
    case .opaque:
      guard let item = select.from.first, Self.isSeries(item), key.count == 1 else { return none }
      return .total([SortTerm(text: key[0])])
    case .table: return none
    }
  }

  private static func isSeries(_ item: Node) -> Bool {
    let calls = item.descendants.filter { $0.tag == .FuncCall }.map(FunctionCall.init)
    guard calls.first?.name == "generate_series", calls.count == 1 else { return false }
    // A negative step counts down, which is an order as well, but not this one.
    return calls[0].arguments.count == 2
  }

  private func outputName(_ position: Int?, of source: DerivedTable, _ inner: DerivedTable)
    -> String?
  {
    guard let position else { return nil }
    if source.targets.count == 1, source.targets[0].isStar {
      return position < inner.targets.count ? OutputColumn.name(of: inner.targets[position]) : nil
    }
    guard position < source.targets.count, let value = source.targets[position].value,
      case .column(let names) = Expression(value)
    else { return nil }
    return names.last
  }

  /// What a sort expression means: an output's name or position, or an expression over FROM.
  private func value(_ expression: Node, _ select: SelectStatement) -> Node {
    if expression.tag == .A_Const, case .integer(let position)? = Literal(expression),
      position >= 1, position <= select.targets.count
    {
      return select.targets[position - 1].value ?? expression
    }
    if case .column(let names) = Expression(expression), names.count == 1,
      let target = select.targets.first(where: { OutputColumn.name(of: $0) == names[0] })
    {
      return target.value ?? expression
    }
    return expression
  }

  private func matches(
    _ expression: Node, _ name: String, _ position: Int?, _ source: DerivedTable,
    _ select: SelectStatement
  ) -> Bool {
    if expression.tag == .A_Const, case .integer(let written)? = Literal(expression) {
      return position.map { $0 + 1 == written } ?? false
    }
    let sorted = Structure.text(value(expression, select))
    guard let position else { return sorted == name }
    if position < source.targets.count,
      !source.targets.prefix(position + 1).contains(where: \.isStar),
      let output = source.targets[position].value
    {
      return Structure.text(output) == sorted
    }
    // Behind a star the columns go by name.
    return sorted == name
  }

  private func isConstant(_ position: Int?, _ source: DerivedTable) -> Bool {
    guard let position, position < source.targets.count,
      !source.targets.prefix(position + 1).contains(where: \.isStar),
      let value = source.targets[position].value
    else { return false }
    return isConstant(value, source)
  }

  private func isConstant(_ value: Node, _ source: DerivedTable) -> Bool {
    if SetFunctions.occur(in: value) { return false }
    guard let level = source.level else { return Literal(value) != nil }
    guard let columns = level.columns(in: value, scope: 0) else { return false }
    let identity = RowIdentity(level)
    return columns.allSatisfy { column in
      identity.pinnedColumns(of: column.member, given: identity.single, nullsCount: true)
        .contains(column.name)
    }
  }

  private func isConstant(
    _ expression: Node, _ source: DerivedTable, _ select: SelectStatement
  ) -> Bool {
    let meant = value(expression, select)
    return !(expression.tag == .A_Const && meant.isSame(as: expression))
      && isConstant(meant, source)
  }
}
