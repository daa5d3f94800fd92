import PostgresSyntax

/// SELECT and what stands in it.
extension QueryLocks {
  mutating func select(_ query: SelectStatement, mode: TableLockMode) {
    let with = query.with
    // A stored query has its WITH behind its FROM (`AcquireRewriteLocks`).
    if isStored {
      if let with { shadowed.append(Set(with.tables.map(\.name))) }
    } else {
      enterWith(with, of: query.node)
    }
    defer { leaveWith(with) }
    let scope = scope(of: query)
    let locked = Self.locked(by: query, mode)
    for item in query.from { from(item, locked, scope) }
    if let (left, right) = query.operands {
      select(left, mode: mode)
      select(right, mode: mode)
    }
    if isStored {
      for table in with?.tables ?? [] {
        guard let query = table.query.flatMap({ SQLQuery($0) }) else { continue }
        at(.commonTable) { $0.analyse(query) }
      }
    }
    for clause in query.clauses {
      switch clause {
      case .condition(let node): condition(node)
      case .expression(let node): expression(node)
      }
    }
  }

  /// The aliases whose tables are locked for update and the like; nil for all.
  private static func locked(by query: SelectStatement, _ mode: TableLockMode) -> Set<String>? {
    let clauses = query.lockingClauses
    if clauses.isEmpty { return mode == .rowShare ? nil : [] }
    let named = Set(clauses.flatMap(\.of))
    return named.isEmpty ? nil : named
  }

  private func scope(of query: SelectStatement) -> Scope {
    Scope(
      conditions: Self.conditions(query.condition, query.from),
      isOfView: outer.map { $0.query.node.isSame(as: query.node) } ?? false)
  }

  /// The conditions that hold for all rows of a query: WHERE and those of inner joins.
  static func conditions(_ condition: Node?, _ from: some Sequence<Node>) -> [Node] {
    var found = Expression.conjuncts(of: condition)
    for item in from { addJoinConditions(of: item, to: &found) }
    return found
  }

  private static func addJoinConditions(of node: Node, to found: inout [Node]) {
    guard case .join(let join) = FromItem(node), !join.leftIsNullable, !join.rightIsNullable else {
      return
    }
    found += Expression.conjuncts(of: join.condition)
    addJoinConditions(of: join.left, to: &found)
    addJoinConditions(of: join.right, to: &found)
  }

  /// WHERE: `x IN (SELECT …)`, `EXISTS` and `NOT EXISTS` that must hold become joins
  /// (`pull_up_sublinks` in `prepjointree.c`).
  mutating func condition(_ node: Node) {
    for part in Expression.conjuncts(of: node) {
      guard let link = Self.joined(part) else {
        expression(part)
        continue
      }
      if let test = link.test { expression(test) }
      at(link.select.isSimple ? .mergedSublink : .joinedSublink) {
        $0.select(link.select, mode: .accessShare)
      }
    }
  }

  private static func joined(_ node: Node) -> SubLink? {
    switch Expression(node) {
    case .subselect(let link) where link.kind == .any: return link
    case .subselect(let link) where link.kind == .exists && link.select.isSimple: return link
    case .not(let inner):
      guard case .subselect(let link) = Expression(inner), link.kind == .exists,
        link.select.isSimple
      else { return nil }
      return link
    default: return nil
    }
  }

  /// An item of FROM; `locked` holds the aliases that a locking clause names, nil for all.
  mutating func from(_ node: Node, _ locked: Set<String>?, _ scope: Scope) {
    func mode(_ name: String) -> TableLockMode {
      locked?.contains(name) ?? true ? .rowShare : .accessShare
    }
    switch FromItem(node) {
    case .table(let reference): lock(reference, mode(reference.visibleName), scope: scope)
    case .subselect(let select, let alias, _, _):
      at(select.isSimple ? .merged : .subselect) { $0.select(select, mode: mode(alias ?? "")) }
    case .join(let join):
      from(join.left, locked, scope)
      from(join.right, locked, scope)
      if let condition = join.condition { expression(condition) }
    case .function(let node, _, _), .other(let node): expression(node)
    }
  }

  mutating func expression(_ node: Node) {
    switch ExpressionPart(node) {
    case .select(let query): at(.sublink) { $0.select(query, mode: .accessShare) }
    case .table(let reference): lock(reference, .accessShare)
    case .fromItem(let node): from(node, [], Scope())
    case .other(let node): for child in node.children { expression(child) }
    }
  }
}
