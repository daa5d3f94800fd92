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
      let pruning =
        node.tag == .MergeStmt
        ? nil : PartitionPruning(node.child(.whereClause), reference, catalog: catalog)
      if kind == .insert {
        lockTargetOfInsert(reference)
      } else {
        lock(reference, .rowExclusive, pruning: pruning)
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
    if let condition = node.child(.whereClause) { expression(condition) }
    for field in [Field.targetList, .mergeWhenClauses, .returningList] {
      for item in node.list(field) { expression(item) }
    }
    if let target { rules(of: target, kind) }
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
        reason: reason, pruning: nil))
  }

  mutating func with(_ node: Node) {
    guard let with = node.child(.withClause).map(WithClause.init) else { return }
    hidden.append(with.isRecursive ? Set(with.tables.map(\.name)) : [])
    for table in with.tables {
      if let query = table.query { at(.commonTable) { $0.nested(query) } }
      hidden[hidden.count - 1].insert(table.name)
    }
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
    with(node)
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
    for child in node.children where child.tag != .RangeVar && child.tag != .LockingClause {
      if node.list(.fromClause).contains(where: { $0.isSame(as: child) }) { continue }
      if child.tag == .WithClause || child.tag == .SelectStmt || child.tag == .IntoClause {
        continue
      }
      expression(child)
    }
  }

  /// An item of FROM; `locked` holds the aliases that a locking clause names, nil for all.
  mutating func from(_ node: Node, _ locked: Set<String>?, _ query: Node) {
    func isLocked(_ name: String) -> Bool { locked?.contains(name) ?? true }
    switch FromItem(node) {
    case .table(let reference):
      let pruning = PartitionPruning(query.child(.whereClause), reference, catalog: catalog)
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
