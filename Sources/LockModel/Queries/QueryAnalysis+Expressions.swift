import PostgresSyntax

/// Conditions and other expressions of a level: the sub-selects and calls in them.
extension QueryAnalysis {
  func add(
    _ conditions: [Node], to level: QueryLevel, scope: Int, onlyFor: Range<Int>? = nil
  ) {
    for condition in conditions {
      addSubselects(in: condition, to: level)
      level.conditions.append(.init(node: condition, scope: scope, onlyFor: onlyFor))
    }
  }

  /// Analyses the sub-selects of an expression, each once, and takes their locks.
  func addSubselects(
    in node: Node?, to level: QueryLevel, isOutput: Bool = false, withCalls: Bool = true
  ) {
    guard let node else { return }
    addParts(of: node, to: level, ExpressionPlace(isOutput: isOutput, hasCalls: withCalls))
  }

  /// Where an expression stands.
  private struct ExpressionPlace {
    let isOutput: Bool
    /// Whether its calls are to be looked at.
    let hasCalls: Bool
    /// The arms of the expressions around it, by their decisions.
    var arms: [(decision: Int, arms: Range<Int>)] = []

    var branches: [Branch] { arms.map { Branch(decision: $0.decision, arms: Set($0.arms)) } }
  }

  private func addParts(of node: Node, to level: QueryLevel, _ place: ExpressionPlace) {
    if let link = SubLink(node), node.tag == .SubLink {
      let table = select(link.select, parent: level)
      level.subselects.append((link, table))
      if !table.acquisitions.isEmpty {
        level.subselectLocks.append(
          .init(
            locks: table.acquisitions, isCorrelated: table.level?.isCorrelated ?? false,
            branches: place.branches))
      }
      if let test = link.test { addParts(of: test, to: level, place) }
      return
    }
    if node.tag == .SelectStmt { return }
    if let arms = ExpressionArms(node) {
      let decision = Decisions.next()
      for (part, arms) in arms.parts {
        var inner = place
        inner.arms.append((decision, arms))
        addParts(of: part, to: level, inner)
      }
      return
    }
    for child in node.children { addParts(of: child, to: level, place) }
    // What it is called with is evaluated before.
    guard place.hasCalls, node.tag == .FuncCall else { return }
    let call = FunctionCall(node: node)
    if CallLocks.matters(call, catalog) {
      level.calls.append(
        .init(call: call, isOutput: place.isOutput, branches: place.branches))
    }
  }

  /// A function of FROM is called once.
  func addCalls(in node: Node, to level: QueryLevel) {
    let own = QueryLevel(parent: nil)
    for call in ([node] + node.descendants).filter({ $0.tag == .FuncCall }).map(FunctionCall.init)
    where CallLocks.matters(call, catalog) {
      own.calls.append(.init(call: call, isOutput: false))
    }
    level.locks += CallLocks(scope: scope).locks(of: own.calls, in: own, nil)
  }

  /// The locks of the sub-selects in expressions that belong to no level of their own.
  func locks(in nodes: [Node]) -> [Acquisition] {
    let level = QueryLevel(parent: nil)
    for node in nodes { addSubselects(in: node, to: level) }
    return level.takeLocks() + CallLocks(scope: scope).locks(of: level.calls, in: level, nil)
  }

  /// A sub-select that depends on the row around it runs once for each, in their order.
  static func correlated(_ acquisition: Acquisition) -> Acquisition {
    guard case .rows = acquisition.target, var rows = acquisition.rows,
      !acquisition.isOfCommonTable
    else { return acquisition }
    var result = acquisition
    rows.count = .many
    rows.order = .unordered(
      why: "the sub-select depends on the rows around it and runs in their order")
    result.rows = rows
    return result
  }
}
