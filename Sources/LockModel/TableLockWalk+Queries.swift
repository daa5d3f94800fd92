import PostgresSyntax

extension TableLockWalk {
  mutating func nested(_ query: Node) {
    switch query.tag {
    case .SelectStmt: select(query, mode: .accessShare)
    case .InsertStmt: write(query, .insert)
    case .UpdateStmt: write(query, .update)
    case .DeleteStmt: write(query, .delete)
    case .MergeStmt: write(query, .update)
    default: break
    }
  }

  mutating func write(_ node: Node, _ kind: WriteKind) {
    with(node)
    defer { if node.child(.withClause) != nil { hidden.removeLast() } }
    var target: RelationName?
    if let relation = node.child(.relation) {
      let visible = hidden
      hidden = []
      let reference = TableReference(relation)
      target = resolve(reference)
      let pruning = PartitionPruning(
        conditions: node.tag == .MergeStmt ? Self.mergeConditions(node) : conditions(of: node),
        reference)
      if kind == .insert {
        lockTargetOfInsert(reference)
      } else {
        lock(reference, .rowExclusive, pruning: pruning, kind: kind)
      }
      hidden = visible
    }
    if let source = node.child(.sourceRelation) { from(source, [], node) }
    for field in [Field.selectStmt, .joinCondition, .onConflictClause] {
      if let child = node.child(field) { expression(child) }
    }
    for field in [Field.fromClause, .usingClause] {
      for item in node.list(field) { from(item, [], node) }
    }
    if let condition = node.child(.whereClause) { self.condition(condition) }
    // RETURNING of an UPDATE comes before SET (`transformUpdateStmt`).
    for field in [Field.mergeWhenClauses, .returningList, .targetList] {
      for item in node.list(field) { expression(item) }
    }
    if let target { rules(of: target, kind) }
  }

  /// MERGE leaves out partitions only when rows without a match are of no interest.
  private static func mergeConditions(_ node: Node) -> [Node] {
    let needsAll = node.list(.mergeWhenClauses).contains { !$0.flag(.matched) }
    return needsAll ? [] : Expression.conjuncts(of: node.child(.joinCondition))
  }

  /// The conditions that hold for all rows of a query: WHERE and those of inner joins.
  private func conditions(of query: Node) -> [Node] {
    var found = Expression.conjuncts(of: query.child(.whereClause))
    for item in query.list(.fromClause) { addJoinConditions(of: item, to: &found) }
    return found
  }

  private func addJoinConditions(of node: Node, to found: inout [Node]) {
    guard case .join(let join) = FromItem(node), !join.leftIsNullable, !join.rightIsNullable else {
      return
    }
    found += Expression.conjuncts(of: join.condition)
    addJoinConditions(of: join.left, to: &found)
    addJoinConditions(of: join.right, to: &found)
  }

  /// INSERT does not lock children: rows go to the table itself, or to a partition when it runs.
  mutating func lockTargetOfInsert(_ reference: TableReference) {
    let name = resolve(reference)
    lock(name, .rowExclusive)
    guard let definition = catalog.relations[name] else { return }
    counter += 1
    guard definition.isView, !definition.triggers.contains(where: { $0.timing == .insteadOf })
    else { return }
    views.append(
      Pending(
        path: path + [WalkStep(kind: .table, position: counter)], name: name, mode: .rowExclusive,
        reason: reason, pruning: nil, kind: .insert))
  }

  mutating func with(_ node: Node) {
    guard let with = node.child(.withClause).map(WithClause.init) else { return }
    hidden.append(with.isRecursive ? Set(with.tables.map(\.name)) : [])
    for table in with.tables {
      if let query = table.query {
        // Nobody plans a query that nobody reads.
        if query.tag == .SelectStmt, !Self.reads(table.name, node) { unread.insert(counter + 1) }
        at(.commonTable) { $0.nested(query) }
      }
      hidden[hidden.count - 1].insert(table.name)
    }
  }

  /// Whether a query, with what stands in it, reads something of that name.
  private static func reads(_ name: String, _ query: Node) -> Bool {
    query.descendants.contains { node in
      guard node.tag == .RangeVar else { return false }
      let reference = TableReference(node)
      return reference.schema == nil && reference.name == name
    }
  }

  private mutating func hideCommonTables(of node: Node) {
    guard let with = node.child(.withClause).map(WithClause.init) else { return }
    hidden.append(Set(with.tables.map(\.name)))
  }

  /// Walks something that the later phases visit before or after the level's own tables.
  mutating func at(_ kind: WalkStep.Kind, _ body: (inout TableLockWalk) -> Void) {
    counter += 1
    let saved = path
    path.append(WalkStep(kind: kind, position: counter))
    body(&self)
    path = saved
  }

  mutating func select(_ node: Node, mode: TableLockMode) {
    // A stored query has its WITH behind its FROM (`AcquireRewriteLocks`).
    if isStored { hideCommonTables(of: node) } else { with(node) }
    defer { if node.child(.withClause) != nil { hidden.removeLast() } }
    let clauses = SelectStatement(node: node).lockingClauses
    let named = Set(clauses.flatMap(\.of))
    for item in node.list(.fromClause) {
      from(
        item, clauses.isEmpty ? (mode == .rowShare ? nil : []) : (named.isEmpty ? nil : named),
        node)
    }
    for side in [Field.larg, .rarg] {
      if let operand = node.child(side) { select(operand, mode: mode) }
    }
    if isStored {
      for table in node.child(.withClause).map(WithClause.init)?.tables ?? [] {
        if let query = table.query { at(.commonTable) { $0.nested(query) } }
      }
    }
    for child in node.children where child.tag != .RangeVar && child.tag != .LockingClause {
      if node.list(.fromClause).contains(where: { $0.isSame(as: child) }) { continue }
      if child.tag == .WithClause || child.tag == .SelectStmt || child.tag == .IntoClause {
        continue
      }
      if node.child(.whereClause)?.isSame(as: child) ?? false {
        condition(child)
      } else {
        expression(child)
      }
    }
  }

  /// WHERE: `x IN (SELECT …)`, `EXISTS` and `NOT EXISTS` that must hold become joins
  /// (`pull_up_sublinks` in `prepjointree.c`).
  private mutating func condition(_ node: Node) {
    for part in Expression.conjuncts(of: node) {
      guard let link = Self.joined(part) else {
        expression(part)
        continue
      }
      if let test = link.test { expression(test) }
      at(link.select.isSimple ? .mergedSublink : .joinedSublink) {
        $0.select(link.select.node, mode: .accessShare)
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
  mutating func from(_ node: Node, _ locked: Set<String>?, _ query: Node) {
    func isLocked(_ name: String) -> Bool { locked?.contains(name) ?? true }
    switch FromItem(node) {
    case .table(let reference):
      let isOfView = outer.map { $0.query.isSame(as: query) } ?? false
      let pruning = PartitionPruning(
        conditions: conditions(of: query), reference, outer: isOfView ? outer : nil)
      lock(
        reference, isLocked(reference.visibleName) ? .rowShare : .accessShare, pruning: pruning)
    case .subselect(let select, let alias, _, _):
      at(select.isSimple ? .merged : .subselect) {
        $0.select(select.node, mode: isLocked(alias ?? "") ? .rowShare : .accessShare)
      }
    case .join(let join):
      from(join.left, locked, query)
      from(join.right, locked, query)
      if let condition = join.condition { expression(condition) }
    case .function(let node, _, _), .other(let node): expression(node)
    }
  }

  mutating func expression(_ node: Node) {
    switch node.tag {
    case .SelectStmt: at(.sublink) { $0.select(node, mode: .accessShare) }
    case .RangeVar: lock(TableReference(node), .accessShare)
    case .JoinExpr, .RangeSubselect: from(node, [], node)
    default: for child in node.children { expression(child) }
    }
  }
}
