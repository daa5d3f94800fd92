import PostgresSyntax

/// Statements that write rows, and what views and rules make of them.
extension QueryLocks {
  mutating func write(_ parts: WriteParts) {
    enterWith(parts.with, of: parts.node)
    defer { leaveWith(parts.with) }
    if let reference = parts.target { lockTarget(reference, of: parts) }
    if let source = parts.source { from(source, [], Scope()) }
    for input in parts.inputs { expression(input) }
    let scope = Scope(conditions: parts.targetConditions)
    for item in parts.from { from(item, [], scope) }
    if let condition = parts.condition { self.condition(condition) }
    for output in parts.outputs { expression(output) }
    if let reference = parts.target {
      rules(of: resolve(reference), parts.kind)
    }
  }

  /// The target is a table even where a CTE has its name.
  private mutating func lockTarget(_ reference: TableReference, of parts: WriteParts) {
    let visible = shadowed
    shadowed = []
    if parts.kind == .insert {
      lockTargetOfInsert(reference)
    } else {
      lock(
        reference, .rowExclusive, scope: Scope(conditions: parts.targetConditions),
        kind: parts.kind)
    }
    shadowed = visible
  }

  // MARK: Rewriting

  mutating func lockPolicies(of relation: Catalog.Relation) {
    guard relation.hasRowSecurity, depth < 8,
      visits.enter(.init(name: relation.name, kind: .policies))
    else { return }
    inside([.policies(of: relation.name)]) { locks in
      for node in relation.policies.flatMap(\.expressions) { locks.expression(node.node) }
    }
  }

  /// Looks into the query of a view, whose base tables get the mode of the reference.
  mutating func expand(_ view: Pending) {
    guard let definition = catalog.relations[view.name], case .view(let retained) = definition.kind,
      view.reason.count < 16,
      visits.enter(.init(name: view.name, kind: .view(view.mode, view.kind)))
    else { return }
    // The action of an INSTEAD rule reads the old rows of the view.
    let isReplaced = view.kind.map(definition.hasInsteadRule) ?? false
    if isReplaced, view.kind == .insert { return }
    let isWritten = view.mode == .rowExclusive
    let hasTrigger = view.kind.map(definition.hasInsteadTrigger) ?? false
    let query = SelectStatement(node: retained.node)
    let saved = (self.view, path, outer)
    defer { (self.view, path, outer) = saved }
    self.view = definition
    path = view.path
    if !isWritten, let place = path.popLast() {
      path.append(
        WalkStep(kind: query.isSimple ? .merged : .subselect, position: place.position))
    }
    outer = view.pruning.map { PartitionPruning.Outer(pruning: $0, query: query) }
    inside(view.reason + [.view(view.name)]) { locks in
      if isWritten, !hasTrigger, !isReplaced {
        locks.writeThrough(query, view.kind ?? .update)
      } else {
        locks.select(query, mode: view.mode == .rowShare ? .rowShare : .accessShare)
      }
    }
  }

  /// The base table of a view that is written gets the write's lock, the rest of its query is read.
  private mutating func writeThrough(_ query: SelectStatement, _ kind: WriteKind) {
    guard let first = query.from.first, case .table(let reference) = FromItem(first) else {
      select(query, mode: .accessShare)
      return
    }
    if kind == .insert {
      lockTargetOfInsert(reference)
    } else {
      let conditions = Expression.conjuncts(of: query.condition)
      lock(
        reference, .rowExclusive, scope: Scope(conditions: conditions, isOfView: true), kind: kind)
    }
    rules(of: resolve(reference), kind)
    if let condition = query.condition { expression(condition) }
    for target in query.targets { expression(target.node) }
  }

  private mutating func inside(_ reason: [Reason], _ body: (inout QueryLocks) -> Void) {
    let saved = (self.reason, shadowed, isStored)
    self.reason = reason
    shadowed = []
    isStored = true
    depth += 1
    body(&self)
    depth -= 1
    (self.reason, shadowed, isStored) = saved
  }

  /// The tables of the rules that a write sets off, when it is rewritten: even those whose
  /// condition does not hold (`RewriteQuery`).
  private mutating func rules(of name: RelationName, _ kind: WriteKind) {
    guard isRewritten, let definition = catalog.relations[name], !definition.rules.isEmpty,
      depth < 8,
      visits.enter(.init(name: name, kind: .rules(kind)))
    else { return }
    for rule in definition.rules where rule.event == kind {
      for action in rule.actions {
        inside([.rule(rule.name)]) { locks in
          locks.shadowed = [["old", "new"]]
          if let query = SQLQuery(action.node) { locks.analyse(query) }
        }
      }
    }
  }
}

/// The views, rules and policies that a query was seen to lead to.
///
/// Looking into one again adds locks only in special cases of order, and where they name each other
/// the number of ways is exponential: after so many visits each is gone into once.
struct Visits {
  /// What is looked into, and for what.
  struct Visit: Hashable {
    enum Kind: Hashable {
      case view(TableLockMode, WriteKind?)
      case rules(WriteKind)
      case policies
    }

    let name: RelationName
    let kind: Kind
  }

  private var seen: Set<Visit> = []
  private var count = 0

  /// Whether to go into something.
  mutating func enter(_ visit: Visit) -> Bool {
    count += 1
    return seen.insert(visit).inserted || count <= 256
  }
}
