import PostgresSyntax

/// Reads queries level by level: what each names, what its conditions say, what is in it.
struct QueryAnalysis: InScope {
  let scope: QueryScope

  /// Views nest no deeper, and a level has no more tables by way of views; PostgreSQL itself would
  /// plan each of them.
  private static let viewDepthLimit = 16
  private static let memberLimit = 500

  /// Analyses a query and collects its locks in the table returned.
  func select(_ select: SelectStatement, parent: QueryLevel?) -> DerivedTable {
    inside(select.with).analyse(select, parent)
  }

  private func analyse(_ select: SelectStatement, _ parent: QueryLevel?) -> DerivedTable {
    if let operands = select.operands { return setOperation(select, operands, parent) }
    if !select.valueRows.isEmpty {
      let isOne =
        select.valueRows.count == 1
        && !select.valueRows.contains { $0.list(.items).contains(where: SetFunctions.occur) }
      let table = DerivedTable(level: nil, targets: [], rows: isOne ? .one : .many, select: select)
      table.acquisitions = locks(in: Array(select.valueRows))
      return table
    }
    let level = QueryLevel(parent: parent)
    for item in select.from { add(item, to: level, scope: 0) }
    add(Expression.conjuncts(of: select.condition), to: level, scope: 0)
    for target in select.targets { addSubselects(in: target.value, to: level, isOutput: true) }
    addSubselects(in: select.having, to: level)
    for key in select.sortKeys { addSubselects(in: key.expression, to: level) }
    for limit in [select.limit, select.offset] { addSubselects(in: limit, to: level) }
    let locks = level.takeLocks()
    noteCorrelation(select, level)
    let table = DerivedTable(
      level: level, targets: select.targets, rows: rows(of: select, level), select: select)
    table.acquisitions = locks + CallLocks(scope: scope).locks(of: level.calls, in: level, select)
    for clause in select.lockingClauses {
      LockingClauseLocks(scope: scope).lock(level, of: select, clause, table)
    }
    return table
  }

  /// Resolves every name once, so that the level knows whether one belongs to an outer level.
  private func noteCorrelation(_ select: SelectStatement, _ level: QueryLevel) {
    guard level.parent != nil else { return }
    _ = level.facts
    for target in select.targets {
      if let value = target.value { _ = level.columns(in: value, scope: 0) }
    }
  }

  private func setOperation(
    _ select: SelectStatement, _ operands: (left: SelectStatement, right: SelectStatement),
    _ parent: QueryLevel?
  ) -> DerivedTable {
    let left = self.select(operands.left, parent: parent)
    let right = self.select(operands.right, parent: parent)
    let table = DerivedTable(
      level: nil, targets: left.targets, rows: Self.isOneRowLimit(select) ? .atMostOne : .many,
      select: select)
    table.acquisitions = left.acquisitions + right.acquisitions
    return table
  }

  // MARK: WITH

  /// The place in which the CTEs of a query can be seen.
  func inside(_ with: WithClause?) -> QueryAnalysis {
    guard let with else { return self }
    var inner = scope
    if with.isRecursive {
      // A recursive query sees its own rows, which are nobody's to lock.
      for common in with.tables {
        inner.declare(
          common.name, DerivedTable(level: nil, targets: [], rows: .many, isCommonTable: true))
      }
    }
    for common in with.tables {
      guard let query = common.query.flatMap({ SQLQuery($0) }) else { continue }
      let table = Self.commonTable(common, query, inner)
      inner.declare(common.name, table)
      if !query.isSelect { context.add(write: table) }
    }
    return QueryAnalysis(scope: inner)
  }

  private static func commonTable(
    _ common: CommonTable, _ query: SQLQuery, _ scope: QueryScope
  ) -> DerivedTable {
    let made =
      switch query {
      case .select(let query): QueryAnalysis(scope: scope).select(query, parent: nil)
      case .insert(let insert): InsertLocks.lower(insert, scope)
      case .update(let update): WriteLocks.lower(update, scope)
      case .delete(let delete): WriteLocks.lower(delete, scope)
      case .merge: DerivedTable(level: nil, targets: [], rows: .many)
      }
    let table = DerivedTable(
      level: made.level, targets: made.targets, columnAliases: common.columnNames,
      rows: made.rows, select: made.select, isCommonTable: true)
    table.acquisitions = made.acquisitions
    return table
  }

  // MARK: Rows

  static func isOneRowLimit(_ select: SelectStatement) -> Bool {
    guard let limit = select.limit, select.offset == nil, !select.includesTies else { return false }
    return Literal(limit) == .integer(1) || Literal(limit) == .integer(0)
  }

  private func rows(of select: SelectStatement, _ level: QueryLevel) -> RowCount {
    if select.returnsSets { return .many }
    if select.aggregates, !select.hasGroups { return .one }
    if Self.isOneRowLimit(select) { return .atMostOne }
    if select.hasGroups, select.groups.allSatisfy({ isConstant($0, level) }) {
      return .atMostOne
    }
    let identity = level.identity
    return identity.single.count == level.members.count ? .one : .many
  }

  /// Whether all rows are in one group as far as an item of GROUP BY goes.
  private func isConstant(_ group: Node, _ level: QueryLevel) -> Bool {
    guard case .column(let names) = Expression(group),
      case .column(let column) = level.resolve(names, scope: 0)
    else { return false }
    let identity = level.identity
    return identity.pinnedColumns(of: column.member, given: identity.single, nullsCount: true)
      .contains(column.name)
  }

  // MARK: FROM

  /// Adds an item of FROM.
  func add(_ node: Node, to level: QueryLevel, scope: Int) {
    switch FromItem(node) {
    case .table(let reference): add(reference, to: level, scope: scope)
    case .subselect(let select, let alias, let columns, let isLateral):
      add(select, alias ?? "", columns, isLateral: isLateral, to: level, scope: scope)
    case .join(let join): add(join, to: level, scope: scope)
    case .function(let function, let alias, _):
      addCalls(in: function, to: level)
      addSubselects(in: function, to: level, withCalls: false)
      let rows = FunctionRows.count(function, catalog: catalog)
      let member = addMember(.opaque(rows: rows), alias ?? "", to: level, scope: scope)
      level.members[member].mayBeSorted = FunctionRows.mayBeSorted(function, catalog: catalog)
    case .other: addMember(.opaque(rows: .many), "", to: level, scope: scope)
    }
  }

  @discardableResult
  func addMember(
    _ source: QueryLevel.RangeTableEntry.Source, _ name: String, to level: QueryLevel, scope: Int
  ) -> Int {
    level.members.append(.init(source: source, name: name))
    level.depths.append(level.scopes[scope].depth)
    let index = level.members.count - 1
    level.scopes[scope].entries.append((name, .member(index)))
    return index
  }

  private func add(_ reference: TableReference, to level: QueryLevel, scope index: Int) {
    if let common = scope.commonTable(reference) {
      level.locks += common.read()
      addMember(.derived(common), reference.visibleName, to: level, scope: index)
      return
    }
    if reference.schema == nil, context.shadowed.contains(reference.name) {
      let member = addMember(
        .opaque(rows: .many), reference.visibleName, to: level, scope: index)
      level.members[member].isTransition = true
      return
    }
    addTable(reference, to: level, scope: index)
  }

  /// Adds a table or view, whatever CTEs there are: the target of a write is never a CTE.
  func addTable(_ reference: TableReference, to level: QueryLevel, scope index: Int) {
    let name = scope.resolve(reference)
    let definition = catalog.relations[name]
    if let definition, case .view(let query) = definition.kind,
      case .select(let select)? = SQLQuery(query.node)
    {
      addView(definition, select, reference, to: level, scope: index)
      return
    }
    var known = definition
    // The keys of a parent say nothing of its children's rows.
    if reference.includesChildren, known?.hasChildren ?? false { known?.forgetKeys() }
    addMember(.table(name, known), reference.visibleName, to: level, scope: index)
  }

  private func addView(
    _ view: Catalog.Relation, _ select: SelectStatement, _ reference: TableReference,
    to level: QueryLevel, scope index: Int
  ) {
    guard scope.viewDepth < Self.viewDepthLimit, level.members.count < Self.memberLimit else {
      context.note("views over views are followed only so far; the rest is not known")
      addMember(.opaque(rows: .many), reference.visibleName, to: level, scope: index)
      return
    }
    let columns =
      reference.columnAliases.isEmpty ? view.columns.map(\.name) : reference.columnAliases
    QueryAnalysis(scope: scope.inside(view))
      .add(select, reference.visibleName, columns, isLateral: false, to: level, scope: index)
  }

  private func add(
    _ select: SelectStatement, _ alias: String, _ columns: [String], isLateral: Bool,
    to level: QueryLevel, scope: Int
  ) {
    guard select.isSimple else {
      let table = self.select(select, parent: isLateral ? level : level.parent)
      // A LATERAL sub-select that refers to the items before it runs once for each of their rows.
      let isRepeated = isLateral && (table.level?.isCorrelated ?? true)
      let named = DerivedTable(
        level: table.level, targets: table.targets, columnAliases: columns,
        rows: isRepeated ? .many : table.rows, select: table.select)
      named.isRepeated = isRepeated
      if isRepeated {
        level.locks += table.acquisitions.map { Self.correlated($0) }
      } else {
        level.locks += table.acquisitions
      }
      addMember(.derived(named), alias, to: level, scope: scope)
      return
    }
    level.scopes.append(.init(depth: level.scopes[scope].depth + 1))
    let inner = level.scopes.count - 1
    let first = level.members.count
    for item in select.from { add(item, to: level, scope: inner) }
    let members = first..<level.members.count
    if members.isEmpty { addMember(.opaque(rows: .one), "", to: level, scope: inner) }
    level.scopes[scope].entries.append(
      (
        alias,
        .merged(
          .init(
            scope: inner, targets: select.targets, columnAliases: columns,
            members: first..<level.members.count))
      ))
    add(Expression.conjuncts(of: select.condition), to: level, scope: inner)
    for target in select.targets { addSubselects(in: target.value, to: level) }
  }

  private func add(_ join: Join, to level: QueryLevel, scope: Int) {
    let leftStart = level.members.count
    let leftEntries = level.scopes[scope].entries.count
    let leftConditions = level.conditions.count
    add(join.left, to: level, scope: scope)
    let left = leftStart..<level.members.count
    if join.leftIsNullable { level.limitConditions(from: leftConditions, to: left) }
    let rightEntries = level.scopes[scope].entries.count
    let rightConditions = level.conditions.count
    add(join.right, to: level, scope: scope)
    let right = left.upperBound..<level.members.count
    if join.rightIsNullable { level.limitConditions(from: rightConditions, to: right) }
    // The condition of an outer join says something about the rows of its nullable side only.
    let onlyFor: Range<Int>? =
      join.rightIsNullable && join.leftIsNullable
      ? 0..<0 : join.rightIsNullable ? right : join.leftIsNullable ? left : nil
    add(Expression.conjuncts(of: join.condition), to: level, scope: scope, onlyFor: onlyFor)
    var using = join.usingColumns
    if join.isNatural { using = commonColumns(left, right, level) }
    for column in using {
      let sides = [leftEntries..<rightEntries, rightEntries..<level.scopes[scope].entries.count]
        .map { firstColumn(column, in: $0, level, scope) }
      if let left = sides[0], let right = sides[1] {
        level.joined.append(
          .init(
            left: left, right: right, bindsLeft: !join.rightIsNullable,
            bindsRight: !join.leftIsNullable))
      }
    }
  }

  private func firstColumn(
    _ name: String, in entries: Range<Int>, _ level: QueryLevel, _ scope: Int
  ) -> QueryLevel.Column? {
    for (alias, _) in level.scopes[scope].entries[entries] {
      if case .column(let column) = level.resolve([alias, name], scope: scope) {
        if let definition = level.members[column.member].relation?.definition,
          !definition.hasColumn(name)
        {
          continue
        }
        return column
      }
    }
    return nil
  }

  private func commonColumns(
    _ left: Range<Int>, _ right: Range<Int>, _ level: QueryLevel
  ) -> [String] {
    let names = [left, right].map { side in
      Set(side.flatMap { columnNames(of: level.members[$0]) })
    }
    return names[0].intersection(names[1]).sorted()
  }

  private func columnNames(of member: QueryLevel.RangeTableEntry) -> [String] {
    switch member.source {
    case .table(_, let definition): definition?.columns.map(\.name) ?? []
    case .derived(let table):
      table.columnAliases.isEmpty
        ? table.targets.compactMap { OutputColumn.name(of: $0) } : table.columnAliases
    case .opaque: []
    }
  }
}
