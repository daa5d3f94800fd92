import PostgresSyntax

/// The order in which a query gives its rows to the variables of a loop.
struct LoopOrder {
  /// By what the body calls a value, its place in the order.
  private(set) var ranks: [Term: Repetition.Rank] = [:]
  /// The columns of the query's table that the rows are sorted by.
  private(set) var terms: [SortTerm] = []
  /// What the body calls outputs that are the same in all rows.
  private(set) var constants: Set<Term.Variable> = []
  /// The table, when the query reads one.
  private(set) var source: RelationName?

  init(of table: DerivedTable, into targets: [String], in catalog: Catalog) {
    let names = Self.outputNames(targets, table)
    if let series = table.select.flatMap(InsertOrder.seriesColumn) {
      for (text, output) in names where output == series || names.count == 1 {
        rank(text, 0, false)
      }
    }
    guard let level = table.level, let select = table.select else { return }
    for (text, output) in names where Self.isConstant(output, table, level) {
      constants.insert(Term.Variable(path: text))
    }
    var position = 0
    for item in SortItem.items(of: select, in: level, catalog: catalog) {
      guard item.volatile == nil else { return }
      guard let column = item.column else {
        guard rank(outputs: item, of: table, targets, position) else { return }
        terms.append(SortTerm(text: item.text, isDescending: item.isDescending))
        position += 1
        continue
      }
      if level.identity.pinnedColumns(
        of: column.member, given: level.identity.single, nullsCount: true
      ).contains(column.name) {
        continue
      }
      for (text, output) in names where Self.isSame(output, column, table) {
        rank(text, position, item.isDescending)
      }
      if targets.count == 1, table.targets.contains(where: \.isStar) {
        rank("\(targets[0]).\(column.name)", position, item.isDescending)
      }
      if level.members.count == 1 { source = level.members[0].relation?.name }
      terms.append(SortTerm(text: column.name, isDescending: item.isDescending))
      position += 1
    }
  }

  private static func isConstant(
    _ output: String, _ table: DerivedTable, _ level: QueryLevel
  ) -> Bool {
    guard let (origin, column) = table.origin(of: output), origin === level else { return false }
    return level.identity.pinnedColumns(
      of: column.member, given: level.identity.single, nullsCount: false
    ).contains(column.name)
  }

  private mutating func rank(_ path: String, _ position: Int, _ isDescending: Bool) {
    ranks[.variable(Term.Variable(path: path))] = .init(
      position: position, isDescending: isDescending)
  }

  /// An expression that is an output as well orders what is made of that output; false when it is
  /// none.
  private mutating func rank(
    outputs item: SortItem, of table: DerivedTable, _ targets: [String], _ position: Int
  ) -> Bool {
    let same = table.targets.indices.filter { index in
      table.targets[index].value.map(CanonicalExpression.text) == item.canonical
    }
    for index in same {
      let name = OutputColumn.name(of: table.targets[index]) ?? ""
      let path =
        targets.count > 1 ? targets[min(index, targets.count - 1)] : "\(targets[0]).\(name)"
      rank(path, position, item.isDescending)
      if table.targets.count == 1 { rank(targets[0], position, item.isDescending) }
    }
    return !same.isEmpty
  }

  private static func isSame(
    _ output: String, _ column: QueryLevel.Column, _ table: DerivedTable
  ) -> Bool {
    guard let level = table.level else { return false }
    if let value = table.value(of: output) {
      guard case .column(let names) = Expression(Expression.withoutCasts(value)),
        case .column(let found) = level.resolve(names, scope: 0)
      else { return false }
      return found == column
        || (level.facts.equal[column]?.contains(found) ?? false)
    }
    guard case .column(let found) = level.resolve([output], scope: 0) else { return false }
    return found == column
  }

  /// The texts by which a body knows the outputs of a query: `r.id`, or the variables themselves.
  static func outputNames(_ targets: [String], _ table: DerivedTable?) -> [(
    text: String, output: String
  )] {
    guard let table else { return [] }
    if targets.count == 1 {
      return columns(of: table).map { ("\(targets[0]).\($0)", $0) }
        + (columns(of: table).count == 1 ? [(targets[0], columns(of: table)[0])] : [])
    }
    return zip(targets, columns(of: table)).map { ($0, $1) }
  }

  /// Common tables in common tables are followed so far.
  private static let depthLimit = 16

  private static func columns(of table: DerivedTable, depth: Int = 0) -> [String] {
    guard table.columnAliases.isEmpty else { return table.columnAliases }
    return table.targets.flatMap { target -> [String] in
      guard target.isStar else { return OutputColumn.name(of: target).map { [$0] } ?? [""] }
      return table.level?.members.flatMap { member -> [String] in
        switch member.source {
        case .table(_, let definition): definition?.columns.map(\.name) ?? []
        case .derived(let inner) where depth < depthLimit: columns(of: inner, depth: depth + 1)
        case .derived, .opaque: []
        }
      } ?? []
    }
  }
}
