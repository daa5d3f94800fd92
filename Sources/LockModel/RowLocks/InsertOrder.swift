import PostgresSyntax

/// The order in which the rows of an INSERT arrive, seen from a unique key.
struct InsertOrder {
  /// A column or expression of the key.
  struct KeyPart {
    /// The column, unless it is an expression.
    let column: String?
    let expression: Node?

    /// As a report shows it.
    var label: String { column ?? expression.map { Term($0).text } ?? "" }
  }

  /// The columns that are given values, in the order of the values.
  let columns: [String]
  let key: [KeyPart]
  let source: DerivedTable?
  let catalog: Catalog
  let definition: Catalog.Relation?

  var rows: RowSet {
    var rows = RowSet(
      count: source?.rows ?? .one, order: .unordered(why: "the rows come as the source gives them"))
    guard let source, let select = source.select else { return rows }
    if !select.valueRows.isEmpty {
      let values = InsertedValues(
        rows: select.valueRows.map { Array($0.list(.items)) }, columns: columns,
        key: key, catalog: catalog, definition: definition)
      values.describe(&rows)
    } else if rows.count.isMany {
      order(of: source, select, &rows)
    }
    return rows
  }

  private var keyText: String { key.map { "`\($0.label)`" }.joined(separator: ", ") }

  private func order(
    of source: DerivedTable, _ select: SelectStatement, _ rows: inout RowSet
  ) {
    guard !key.isEmpty else {
      rows.order = .unordered(why: "it can't be told which columns belong to the key")
      return
    }
    for part in key where isConstant(part, source) { rows.pinned[part.label] = .other("", []) }
    if select.sortKeys.isEmpty {
      inheritOrder(of: source, select, &rows)
    } else {
      rows.order = order(of: source, select)
    }
  }

  // MARK: ORDER BY

  private func order(of source: DerivedTable, _ select: SelectStatement) -> RowOrder {
    var open = key.filter { !isConstant($0, source) }
    var terms: [SortTerm] = []
    var sorted: [Node] = []
    for sortKey in select.sortKeys {
      guard let expression = sortKey.expression.map(Self.withoutCollation) else { continue }
      let meant = value(expression, source)
      if let reason = Volatility.reason(for: meant, catalog: catalog) {
        return .partial(terms, why: reason)
      }
      if let index = open.firstIndex(where: { matches(expression, meant, $0, source) }) {
        terms.append(SortTerm(text: open[index].label, isDescending: sortKey.isDescending))
        open.remove(at: index)
        sorted.append(meant)
        if open.isEmpty || follows(open, from: sorted, source) { return .total(terms) }
      } else if !isConstant(meant, expression, source) {
        return .partial(
          terms, why: "ORDER BY does not begin with \(keyText), the key that conflicts")
      }
    }
    if open.isEmpty { return .total(terms) }
    let missing = open.map { "`\($0.label)`" }.joined(separator: ", ")
    return .partial(terms, why: "ORDER BY leaves out \(missing)")
  }

  /// Whether parts of the key are columns of a row that is told apart by what the rows are sorted by.
  private func follows(_ parts: [KeyPart], from sorted: [Node], _ source: DerivedTable) -> Bool {
    guard let level = source.level else { return false }
    func column(_ node: Node) -> QueryLevel.Column? {
      guard case .column(let names) = Expression(InjectiveCast.removed(from: node)),
        case .column(let column) = level.resolve(names, scope: 0)
      else { return nil }
      return column
    }
    let keys = sorted.compactMap(column)
    guard let member = keys.first?.member,
      level.identity.tellApart(member, by: Set(keys.filter { $0.member == member }.map(\.name)))
    else { return false }
    return parts.allSatisfy { part in
      part.column.flatMap { output(of: $0, source) }.flatMap(column)?.member == member
    }
  }

  private static func withoutCollation(_ node: Node) -> Node {
    node.tag == .CollateClause ? node.child(.arg) ?? node : node
  }

  /// What a sort expression means: an output's name or position, or an expression over FROM.
  private func value(_ expression: Node, _ source: DerivedTable) -> Node {
    if let position = Self.position(expression) {
      guard position >= 1, position <= source.targets.count else { return expression }
      return source.targets[position - 1].value ?? expression
    }
    if case .column(let names) = Expression(expression), names.count == 1,
      let target = source.targets.first(where: { OutputColumn.name(of: $0) == names[0] })
    {
      return target.value ?? expression
    }
    return expression
  }

  private static func position(_ expression: Node) -> Int? {
    guard expression.tag == .A_Const, case .integer(let position)? = Literal(expression) else {
      return nil
    }
    return position
  }

  private func matches(
    _ expression: Node, _ meant: Node, _ part: KeyPart, _ source: DerivedTable
  ) -> Bool {
    if let column = part.column, let written = Self.position(expression) {
      return columns.firstIndex(of: column).map { $0 + 1 == written } ?? false
    }
    return CanonicalExpression.text(meant) == text(of: part, source)
  }

  /// What the source puts into a part of the key, in canonical text.
  private func text(of part: KeyPart, _ source: DerivedTable) -> String {
    if let column = part.column {
      return output(of: column, source).map(CanonicalExpression.text) ?? column
    }
    guard let expression = part.expression else { return "" }
    var replaced: [String: String] = [:]
    for column in columns {
      if let value = output(of: column, source) {
        replaced[column] = CanonicalExpression.text(value)
      }
    }
    return CanonicalExpression.text(expression, replacing: replaced)
  }

  /// The expression that feeds a column; nil behind a `*`.
  private func output(of column: String, _ source: DerivedTable) -> Node? {
    guard let position = columns.firstIndex(of: column), position < source.targets.count,
      !source.targets.prefix(position + 1).contains(where: \.isStar)
    else { return nil }
    return source.targets[position].value
  }

  // MARK: Order from below

  /// Without an ORDER BY of its own a query over one sub-select passes on that one's order, and a
  /// series comes in order.
  private func inheritOrder(
    of source: DerivedTable, _ select: SelectStatement, _ rows: inout RowSet
  ) {
    rows.order = .unordered(why: "the SELECT has no ORDER BY; rows come in the plan's order")
    guard let level = source.level, level.members.count == 1, !select.isDistinct, !select.isGrouped
    else { return }
    switch level.members[0].source {
    case .derived(let inner): inheritOrder(of: source, inner, &rows)
    case .opaque:
      let open = key.filter { !isConstant($0, source) }
      guard let series = Self.seriesColumn(of: select), open.count == 1,
        let column = open[0].column, takes(series, column, source)
      else { return }
      rows.order = .total([SortTerm(text: open[0].label)])
    case .table: return
    }
  }

  private func inheritOrder(
    of source: DerivedTable, _ inner: DerivedTable, _ rows: inout RowSet
  ) {
    guard let innerSelect = inner.select, innerSelect.operands == nil else { return }
    let isValues = !innerSelect.valueRows.isEmpty
    guard isValues || !innerSelect.sortKeys.isEmpty else { return }
    // The inner columns in the order in which the target's columns take them.
    let names = columns.indices.map { innerName($0, of: source, inner, isValues: isValues) }
    let innerColumns = innerNames(inner, isValues: isValues)
    var innerKey: [KeyPart] = []
    for part in key {
      guard let column = part.column, let position = columns.firstIndex(of: column),
        position < names.count, let name = names[position]
      else { return }
      innerKey.append(KeyPart(column: name, expression: nil))
    }
    let passed = InsertOrder(
      columns: innerColumns, key: innerKey, source: inner, catalog: catalog, definition: nil)
    let below = passed.rows
    rows.literalKeys = below.literalKeys
    rows.order = below.order
    if case .total(let terms) = below.order {
      let labels = Dictionary(zip(innerKey.map(\.label), key.map(\.label))) { first, _ in first }
      rows.order = .total(
        terms.map { SortTerm(text: labels[$0.text] ?? $0.text, isDescending: $0.isDescending) })
    }
  }

  private func innerNames(_ inner: DerivedTable, isValues: Bool) -> [String] {
    if !inner.columnAliases.isEmpty { return inner.columnAliases }
    if isValues {
      let width = inner.select?.valueRows.first?.list(.items).count ?? 0
      return (0..<width).map { "column\($0 + 1)" }
    }
    return inner.targets.map { OutputColumn.name(of: $0) ?? "" }
  }

  private func innerName(
    _ position: Int, of source: DerivedTable, _ inner: DerivedTable, isValues: Bool
  ) -> String? {
    let names = innerNames(inner, isValues: isValues)
    if source.targets.count == 1, source.targets[0].isStar {
      return position < names.count ? names[position] : nil
    }
    guard position < source.targets.count, let value = source.targets[position].value,
      case .column(let written) = Expression(Expression.withoutCasts(value)),
      let name = written.last, names.contains(name)
    else { return nil }
    return name
  }

  /// Whether a column of the target gets the values of a series, or those plus a constant.
  private func takes(_ series: String, _ column: String, _ source: DerivedTable) -> Bool {
    guard let value = output(of: column, source) else {
      return source.targets.count == 1 && source.targets[0].isStar
    }
    func isSeries(_ node: Node) -> Bool {
      if case .column(let names) = Expression(InjectiveCast.removed(from: node)) {
        return names.last == series
      }
      return false
    }
    switch Expression(InjectiveCast.removed(from: value)) {
    case .operation("+", let left?, let right), .operation("-", let left?, let right):
      return isSeries(left) && isConstant(right, source)
    default: return isSeries(value)
    }
  }

  /// The name of the column that a query takes from a series alone, which comes in order.
  static func seriesColumn(of select: SelectStatement) -> String? {
    let items = Array(select.from)
    guard items.count == 1, isSeries(items[0]), select.sortKeys.isEmpty, !select.isDistinct,
      !select.isGrouped, case .function(_, let alias, let columns) = FromItem(items[0])
    else { return nil }
    return columns.first ?? alias ?? "generate_series"
  }

  static func isSeries(_ item: Node) -> Bool {
    let calls = item.descendants.filter { $0.tag == .FuncCall }.map(FunctionCall.init)
    guard calls.first?.name == "generate_series", calls.count == 1 else { return false }
    // A third argument may count down.
    guard let step = calls[0].arguments.dropFirst(2).first else { return true }
    switch Literal(Expression.withoutCasts(step)) {
    case .integer(let number)?: return number > 0
    case .string(let text)?: return text.first.map { $0.isNumber && $0 != "0" } ?? false
    case .number?, .boolean?, nil: return false
    }
  }

  // MARK: Constants

  /// Whether every row has the same value there.
  private func isConstant(_ part: KeyPart, _ source: DerivedTable) -> Bool {
    guard let column = part.column, let value = output(of: column, source) else { return false }
    return isConstant(value, source)
  }

  private func isConstant(_ meant: Node, _ written: Node, _ source: DerivedTable) -> Bool {
    !(Self.position(written) != nil && meant.isSame(as: written)) && isConstant(meant, source)
  }

  private func isConstant(_ value: Node, _ source: DerivedTable) -> Bool {
    // Of a set operation only the first branch is at hand.
    guard let level = source.level, !SetFunctions.occur(in: value), !Volatility.variesByRow(value),
      let columns = level.columns(in: value, scope: 0)
    else { return false }
    let identity = level.identity
    return columns.allSatisfy { column in
      identity.pinnedColumns(of: column.member, given: identity.single, nullsCount: true)
        .contains(column.name)
    }
  }
}
