import PostgresSyntax

extension TableLockWalk {
  mutating func lockPolicies(of relation: Catalog.Relation) {
    guard relation.hasRowSecurity, depth < 8 else { return }
    inside([.policies(of: relation.name)]) { walk in
      for node in relation.policies.flatMap(\.expressions) { walk.expression(node.node) }
    }
  }

  /// Looks into the query of a view, whose base tables get the mode of the reference.
  mutating func expand(_ view: Pending) {
    guard let definition = catalog.relations[view.name], case .view(let query) = definition.kind,
      depth < 16, view.reason.count < 16
    else { return }
    let saved = self.view
    self.view = definition
    defer { self.view = saved }
    let isWritten = view.mode == .rowExclusive
    let hasTrigger = definition.triggers.contains { $0.timing == .insteadOf }
    // The action of an INSTEAD rule reads the old rows of the view.
    let isReplaced = definition.rules.contains {
      $0.isInstead && !$0.hasCondition && $0.event == view.kind
    }
    if isReplaced, view.kind == .insert { return }
    let savedPath = path
    path = view.path
    if view.mode != .rowExclusive, let place = path.popLast() {
      let isMerged = SelectStatement(node: query.node).isSimple
      path.append(WalkStep(kind: isMerged ? .merged : .subselect, position: place.position))
    }
    defer { path = savedPath }
    let outer = view.reason
    let around = self.outer
    self.outer = view.pruning.map { PartitionPruning.Outer(pruning: $0, query: query.node) }
    defer { self.outer = around }
    inside(outer + [.view(view.name)]) { walk in
      if isWritten, !hasTrigger, !isReplaced {
        walk.writeThrough(query.node, view.kind ?? .update)
      } else {
        let mode = view.mode == .rowShare ? TableLockMode.rowShare : .accessShare
        walk.select(query.node, mode: mode)
      }
    }
  }

  /// The base table of a view that is written gets the write's lock, the rest of its query is read.
  mutating func writeThrough(_ query: Node, _ kind: WriteKind) {
    guard let first = query.list(.fromClause).first, case .table(let reference) = FromItem(first)
    else {
      select(query, mode: .accessShare)
      return
    }
    if kind == .insert {
      lockTargetOfInsert(reference)
    } else {
      let conditions = Expression.conjuncts(of: query.child(.whereClause))
      lock(
        reference, .rowExclusive,
        pruning: PartitionPruning(conditions: conditions, reference, outer: self.outer), kind: kind)
    }
    rules(of: resolve(reference), kind)
    if let condition = query.child(.whereClause) { expression(condition) }
    for target in query.list(.targetList) { expression(target) }
  }

  mutating func inside(_ reason: [Reason], _ body: (inout TableLockWalk) -> Void) {
    let saved = (self.reason, hidden, isStored)
    self.reason = reason
    hidden = []
    isStored = true
    depth += 1
    body(&self)
    depth -= 1
    (self.reason, hidden, isStored) = saved
  }

  /// The tables of the rules that a write sets off, when it is rewritten: even those whose
  /// condition does not hold (`RewriteQuery`).
  mutating func rules(of name: RelationName, _ kind: WriteKind) {
    guard let definition = catalog.relations[name], depth < 8 else { return }
    for rule in definition.rules where rule.event == kind {
      for action in rule.actions {
        inside([.rule(rule.name)]) { walk in
          walk.hidden = [["old", "new"]]
          walk.nested(action.node)
        }
      }
    }
  }
}
