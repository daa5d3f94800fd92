import PostgresSyntax

/// One item of ORDER BY, with names resolved.
struct SortItem {
  /// The plain column that it is, if it is one.
  let column: QueryLevel.Column?
  /// The columns that it is made of; nil when that can't be told.
  let columns: Set<QueryLevel.Column>?
  let isDescending: Bool
  /// NULLS FIRST of an ascending or NULLS LAST of a descending sort.
  let isNullsReversed: Bool
  /// As a report shows it.
  let text: String
  let canonical: String
  /// Why its value may differ from one evaluation to the next, if it may.
  let volatile: String?
  /// Whether different columns give different values, as with a cast to text.
  let keepsIdentity: Bool

  /// Resolves the ORDER BY of a query over its level.
  static func items(of select: SelectStatement, in level: QueryLevel, catalog: Catalog)
    -> [SortItem]
  {
    select.sortKeys.flatMap { key -> [SortItem] in
      guard let expression = key.expression else { return [] }
      var parts = [expression]
      if case .row(let items) = Expression(expression) { parts = items }
      return parts.map {
        SortItem(
          $0, isDescending: key.isDescending, isNullsReversed: key.nullsFirst != key.isDescending,
          select: select, level: level, catalog: catalog)
      }
    }
  }

  private init(
    _ written: Node, isDescending: Bool, isNullsReversed: Bool, select: SelectStatement,
    level: QueryLevel, catalog: Catalog
  ) {
    self.isDescending = isDescending
    self.isNullsReversed = isNullsReversed
    let starColumn = Self.starColumn(written, select, level)
    let value = Self.value(of: written, select)
    let bare = Self.withoutCollation(InjectiveCast.removed(from: Self.withoutCollation(value)))
    canonical = CanonicalExpression.text(value)
    if let starColumn {
      column = starColumn
      columns = [starColumn]
      text = starColumn.name
    } else if case .column(let names) = Expression(bare) {
      text =
        bare.isSame(as: value) ? names.last ?? canonical : Self.altered(names.last ?? "", value)
      if case .column(let found) = level.resolve(names, scope: 0) {
        // A cast changes the order but tells the same rows apart.
        column = bare.isSame(as: value) ? found : nil
        columns = [found]
      } else {
        column = nil
        columns = level.columns(in: bare, scope: 0)
      }
    } else {
      column = nil
      columns = Self.hasSubselect(value) ? nil : level.columns(in: value, scope: 0)
      text = Term(value).text
    }
    keepsIdentity = !bare.isSame(as: value) && columns?.count == 1
    volatile = Volatility.reason(for: value, catalog: catalog)
  }

  /// What a name or position in ORDER BY means: an output column comes before an input column
  /// (manual, *SELECT*, "ORDER BY Clause").
  private static func value(of written: Node, _ select: SelectStatement) -> Node {
    if case .integer(let position)? = Literal(written), written.tag == .A_Const {
      let targets = select.targets
      let before = targets.prefix(max(position, 0))
      guard position >= 1, position <= targets.count, !before.contains(where: \.isStar),
        let value = targets[position - 1].value
      else { return written }
      return value
    }
    if case .column(let names) = Expression(written), names.count == 1,
      let target = select.targets.first(where: { OutputColumn.name(of: $0) == names[0] }),
      let value = target.value
    {
      return value
    }
    return written
  }

  /// The column that a position means when a `*` comes before it.
  private static func starColumn(
    _ written: Node, _ select: SelectStatement, _ level: QueryLevel
  ) -> QueryLevel.Column? {
    guard written.tag == .A_Const, case .integer(let position)? = Literal(written),
      let star = select.targets.first, star.isStar, star.value?.list(.fields).count == 1,
      case .member(0)? = level.scopes[0].entries.first?.entry,
      let definition = level.members[0].relation?.definition,
      position >= 1, position <= definition.columns.count
    else { return nil }
    return QueryLevel.Column(member: 0, name: definition.columns[position - 1].name)
  }

  /// A column that is sorted by something made of it, as it is written.
  private static func altered(_ column: String, _ value: Node) -> String {
    switch value.tag {
    case .TypeCast: "\(column)::\(TypeName(value.child(.typeName)).name)"
    case .CollateClause:
      "\(column) COLLATE \(Array(value.list(.collname)).last?.string(.sval) ?? "")"
    default: "-\(column)"
    }
  }

  private static func hasSubselect(_ node: Node) -> Bool {
    ([node] + node.descendants).contains { $0.tag == .SubLink }
  }

  /// `x COLLATE "C"` orders otherwise, but tells the same rows apart; so does `-x`.
  private static func withoutCollation(_ node: Node) -> Node {
    if node.tag == .CollateClause, let argument = node.child(.arg) { return argument }
    if case .operation("-", nil, let operand) = Expression(node) { return operand }
    return node
  }
}
