/// `SELECT`, `VALUES`, or a set operation of such.
package struct SelectStatement: Sendable {
  package let node: Node

  package init(node: Node) { self.node = node }

  package var targets: [ResultTarget] { node.list(.targetList).map(ResultTarget.init) }
  package var from: NodeList { node.list(.fromClause) }
  package var condition: Node? { node.child(.whereClause) }
  package var isGrouped: Bool { hasGroups || node.has(.havingClause) }
  /// The items of GROUP BY, grouping sets among them.
  package var groups: NodeList { node.list(.groupClause) }
  /// Whether there is a GROUP BY.
  package var hasGroups: Bool { !node.list(.groupClause).isEmpty }
  /// The condition of HAVING.
  package var having: Node? { node.child(.havingClause) }
  package var isDistinct: Bool { !node.list(.distinctClause).isEmpty }
  /// The rows of a VALUES list; each a `List` node.
  package var valueRows: NodeList { node.list(.valuesLists) }
  package var sortKeys: [SortKey] { node.list(.sortClause).map(SortKey.init) }
  package var limit: Node? { node.child(.limitCount) }
  package var offset: Node? { node.child(.limitOffset) }
  package var lockingClauses: [LockingClause] {
    node.list(.lockingClause).enumerated().map { LockingClause(node: $1, position: $0) }
  }
  package var with: WithClause? { node.child(.withClause).map(WithClause.init) }
  /// The two sides of UNION, INTERSECT or EXCEPT.
  package var operands: (left: SelectStatement, right: SelectStatement)? {
    guard let left = node.child(.larg), let right = node.child(.rarg) else { return nil }
    return (SelectStatement(node: left), SelectStatement(node: right))
  }
  /// Whether the query returns its rows as they come from FROM and WHERE, so that the planner
  /// merges it into the query around it (`is_simple_subquery` in PostgreSQL's `prepjointree.c`).
  package var isSimple: Bool {
    operands == nil && !isGrouped && !isDistinct && valueRows.isEmpty && sortKeys.isEmpty
      && limit == nil && offset == nil && lockingClauses.isEmpty && with == nil
      && !aggregates && !returnsSets
  }
  /// Whether it aggregates all its rows into one.
  package var aggregates: Bool {
    targets.contains { target in
      guard let value = target.value else { return false }
      return AggregateFunctions.occur(in: value)
    }
  }
  /// Whether an output makes several rows of one.
  package var returnsSets: Bool {
    targets.contains { $0.value.map(SetFunctions.occur) ?? false }
  }
  /// `FETCH FIRST … WITH TIES`: as many rows more as there are ties.
  package var includesTies: Bool { node.symbol(.limitOption, is: "LIMIT_OPTION_WITH_TIES") }
  package var into: Node? { node.child(.intoClause) }
  /// The table of SELECT … INTO.
  package var intoTable: TableReference? {
    node.child(.intoClause)?.child(.rel).map(TableReference.init)
  }
  /// What stands in its clauses beside FROM, WITH, the locking clauses and the sides of a set
  /// operation, in the order of the tree.
  package var clauses: [Clause] {
    let from = Array(self.from)
    let condition = self.condition
    return node.children.compactMap { child in
      switch child.tag {
      case .RangeVar, .LockingClause, .WithClause, .SelectStmt, .IntoClause: return nil
      default: break
      }
      if from.contains(where: { $0.isSame(as: child) }) { return nil }
      if let condition, condition.isSame(as: child) { return .condition(child) }
      return .expression(child)
    }
  }

  /// A part of a query that is an expression.
  package enum Clause: Sendable {
    /// WHERE.
    case condition(Node)
    case expression(Node)
  }
}

/// One output column, one assignment, or one column of an INSERT.
package struct ResultTarget: Sendable {
  package let node: Node
  package init(_ node: Node) { self.node = node }
  /// The alias, or the column that is assigned.
  package var name: String? { node.string(.name) }
  package var value: Node? { node.child(.val) }
}

/// One item of ORDER BY.
package struct SortKey: Sendable {
  package let node: Node
  package init(_ node: Node) { self.node = node }
  package var expression: Node? { node.child(.node) }
  package var isDescending: Bool {
    if node.symbol(.sortby_dir, is: "SORTBY_USING") {
      return Array(node.list(.useOp)).last?.string(.sval) == ">"
    }
    return node.symbol(.sortby_dir, is: "SORTBY_DESC")
  }
  /// NULLS FIRST; PostgreSQL's default is that of a value larger than all others.
  package var nullsFirst: Bool {
    if node.symbol(.sortby_nulls, is: "SORTBY_NULLS_FIRST") { return true }
    if node.symbol(.sortby_nulls, is: "SORTBY_NULLS_LAST") { return false }
    return isDescending
  }
}

/// `FOR UPDATE …` and its kin.
package struct LockingClause: Sendable {
  /// How strong a lock it asks for.
  package enum Strength: Sendable { case keyShare, share, noKeyUpdate, update }

  package let node: Node
  /// Which of the query's locking clauses it is, from 0.
  package let position: Int
  /// The aliases after OF; empty for all tables.
  package var of: [String] { node.list(.lockedRels).compactMap { $0.string(.relname) } }
  package var strength: Strength {
    switch node.string(.strength) {
    case "LCS_FORKEYSHARE": .keyShare
    case "LCS_FORSHARE": .share
    case "LCS_FORNOKEYUPDATE": .noKeyUpdate
    default: .update
    }
  }
  package var skipsLocked: Bool { node.symbol(.waitPolicy, is: "LockWaitSkip") }
  package var failsWhenLocked: Bool { node.symbol(.waitPolicy, is: "LockWaitError") }
}

/// `WITH …`.
package struct WithClause: Sendable {
  package let node: Node
  package init(_ node: Node) { self.node = node }
  package var isRecursive: Bool { node.flag(.recursive) }
  package var tables: [CommonTable] { node.list(.ctes).map(CommonTable.init) }
}

/// One query of a WITH clause.
package struct CommonTable: Sendable {
  package let node: Node
  package init(_ node: Node) { self.node = node }
  package var name: String { node.string(.ctename) ?? "" }
  package var columnNames: [String] { node.list(.aliascolnames).compactMap { $0.string(.sval) } }
  package var query: Node? { node.child(.ctequery) }
}

/// A table where the text names it.
package struct TableReference: Sendable {
  package let node: Node
  package init(_ node: Node) { self.node = node }
  /// The schema, when it is written; one that the application fills in is not known.
  package var schema: String? { node.placeholder == nil ? node.string(.schemaname) : nil }
  /// The name, or the placeholder in its place.
  package var name: String {
    let name = node.string(.relname) ?? ""
    guard let placeholder = node.placeholder, !node.has(.schemaname) else { return name }
    return placeholder.range.count == name.utf8.count ? placeholder.text : name
  }
  package var alias: String? { node.child(.alias)?.string(.aliasname) }
  package var columnAliases: [String] {
    node.child(.alias)?.list(.colnames).compactMap { $0.string(.sval) } ?? []
  }
  /// The name by which the rest of the statement knows it.
  package var visibleName: String { alias ?? name }
  /// Whether it was written without ONLY.
  package var includesChildren: Bool { node.flag(.inh) }
  package var isTemporary: Bool { node.symbol(.relpersistence, is: "t") }
  /// In bytes of the file.
  package var location: Int? { node.location }
}

/// An item of FROM.
package enum FromItem: Sendable {
  case table(TableReference)
  case subselect(SelectStatement, alias: String?, columnAliases: [String], isLateral: Bool)
  case join(Join)
  case function(Node, alias: String?, columnAliases: [String])
  case other(Node)

  package init(_ node: Node) {
    let alias = node.child(.alias)
    let name = alias?.string(.aliasname)
    let columns = alias?.list(.colnames).compactMap { $0.string(.sval) } ?? []
    switch node.tag {
    case .RangeVar: self = .table(TableReference(node))
    case .RangeSubselect:
      guard let query = node.child(.subquery) else {
        self = .other(node)
        return
      }
      self = .subselect(
        SelectStatement(node: query), alias: name, columnAliases: columns,
        isLateral: node.flag(.lateral))
    case .JoinExpr:
      if let join = Join(node) { self = .join(join) } else { self = .other(node) }
    case .RangeFunction: self = .function(node, alias: name, columnAliases: columns)
    case .RangeTableSample:
      self = node.child(.relation).map { .table(TableReference($0)) } ?? .other(node)
    default: self = .other(node)
    }
  }
}

/// A JOIN of two items.
package struct Join: Sendable {
  package let node: Node
  package let left: Node
  package let right: Node

  init?(_ node: Node) {
    guard let left = node.child(.larg), let right = node.child(.rarg) else { return nil }
    self.node = node
    self.left = left
    self.right = right
  }

  package var condition: Node? { node.child(.quals) }
  package var usingColumns: [String] { node.list(.usingClause).compactMap { $0.string(.sval) } }
  package var isNatural: Bool { node.flag(.isNatural) }
  /// Whether rows of the left side may come without one of the right.
  package var rightIsNullable: Bool {
    node.symbol(.jointype, is: "JOIN_LEFT") || node.symbol(.jointype, is: "JOIN_FULL")
  }
  /// Whether rows of the right side may come without one of the left.
  package var leftIsNullable: Bool {
    node.symbol(.jointype, is: "JOIN_RIGHT") || node.symbol(.jointype, is: "JOIN_FULL")
  }
}
