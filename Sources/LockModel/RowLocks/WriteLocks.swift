import Diagnostics
import PostgresSyntax

/// UPDATE and DELETE: the rows that they write.
struct WriteLocks: InScope {
  let scope: QueryScope

  /// The locks of an UPDATE; the table returned has what RETURNING gives.
  static func lower(_ update: UpdateStatement, _ scope: QueryScope) -> DerivedTable {
    guard let target = update.target else {
      return DerivedTable(level: nil, targets: [], rows: .many)
    }
    return WriteLocks(scope: QueryAnalysis(scope: scope).inside(update.with).scope)
      .lower(
        Write(
          target: target, kind: .update, keyword: "update", from: update.from,
          condition: update.condition, assignments: update.assignments,
          returning: update.returning))
  }

  /// The locks of a DELETE; the table returned has what RETURNING gives.
  static func lower(_ delete: DeleteStatement, _ scope: QueryScope) -> DerivedTable {
    guard let target = delete.target else {
      return DerivedTable(level: nil, targets: [], rows: .many)
    }
    return WriteLocks(scope: QueryAnalysis(scope: scope).inside(delete.with).scope)
      .lower(
        Write(
          target: target, kind: .delete, keyword: "delete", from: delete.using,
          condition: delete.condition, assignments: [], returning: delete.returning))
  }

  /// An UPDATE or DELETE, by what both have.
  struct Write {
    let target: TableReference
    let kind: WriteKind
    let keyword: StaticString
    let from: NodeList
    let condition: Node?
    let assignments: [ResultTarget]
    let returning: [ResultTarget]
  }

  private func lower(_ write: Write) -> DerivedTable {
    let level = level(of: write)
    let locks =
      level.takeLocks()
      + CallLocks(scope: scope).locks(of: level.calls.filter { !$0.isOutput }, in: level, nil)
    let returned = CallLocks(scope: scope).locks(of: level.calls.filter(\.isOutput), in: level, nil)
    if let table = rewritten(write, level, locks) { return table }
    guard let name = level.members.first?.relation?.name else {
      context.note("the target of the write is not a table that can be found")
      let table = DerivedTable(level: nil, targets: write.returning, rows: .many)
      table.acquisitions = locks
      return table
    }
    let written = AssignedColumns(of: write.assignments, of: name, in: level, catalog)
    let changed = written.changed
    context.noteWritten(name, written.columns)
    let lock = lock(of: write, name, changed, level)
    let result = DerivedTable(
      level: level, targets: write.returning, rows: lock.rows?.count ?? .many)
    let effect = effect(of: write, name, lock, changed: Set(changed), in: level)
    result.acquisitions = carriedOut(write, effect, lock, locks, isEmpty: level.isEmpty)
    if !level.isEmpty { result.acquisitions += returned }
    return result
  }

  private func level(of write: Write) -> QueryLevel {
    let analysis = QueryAnalysis(scope: scope)
    let level = QueryLevel(parent: nil)
    analysis.addTable(write.target, to: level, scope: 0)
    for item in write.from { analysis.add(item, to: level, scope: 0) }
    analysis.add(Expression.conjuncts(of: write.condition), to: level, scope: 0)
    for assignment in write.assignments { analysis.addSubselects(in: assignment.value, to: level) }
    for target in write.returning {
      analysis.addSubselects(in: target.value, to: level, isOutput: true)
    }
    return level
  }

  /// The lock on the rows that are written.
  private func lock(
    of write: Write, _ name: RelationName, _ changed: [String], _ level: QueryLevel
  ) -> Acquisition {
    let mode = mode(of: write, name, changed)
    level.locked[0] = mode
    var rows = level.rows(of: 0)
    if !isCurrentOf(write.condition), rows.count.isMany {
      rows.order = order(of: write, level)
    } else {
      rows.count = .one
    }
    let isDriven =
      level.members.count > 1 || level.subselects.contains { Self.drives($0.link, write) }
    return Acquisition(
      target: .rows(name), mode: .row(mode), rows: rows, waits: .blocks, duration: .transaction,
      reason: [],
      range: rows.count.isMany || context.hasCommonTables
        ? context.headRange(write.keyword, write.target) : context.range,
      form: isDriven ? .drivenWrite : .plainWrite,
      assumptions: level.assumptions(of: 0, rows.count), isPrivate: isPrivate(name),
      alias: write.target.visibleName, isJoined: level.members.count > 1)
  }

  private func mode(
    of write: Write, _ name: RelationName, _ changed: [String]
  ) -> RowLockMode {
    guard write.kind == .update else { return .forUpdate }
    // A BEFORE trigger gets the row locked by what SET names, whatever the values are
    // (`ExecUpdateLockMode`).
    let isTriggered =
      catalog.relations[name]?.triggers.contains {
        $0.timing == .before && $0.isRow && $0.isEnabled && $0.events.contains(.update)
      } ?? false
    return catalog.updateMode(
      of: name, isTriggered ? write.assignments.compactMap(\.name) : changed)
  }

  /// The locks of a write with those of what goes before and along with it.
  private func carriedOut(
    _ write: Write, _ effect: RowWrite, _ lock: Acquisition, _ locks: [Acquisition], isEmpty: Bool
  ) -> [Acquisition] {
    let triggers = TriggerLocks(scope: scope)
    let name = effect.table
    let target = scope.resolve(write.target)
    let rules = RuleLocks(scope: scope)
    var result = rules.ruleActions(of: target, effect)
    if target != name { result += rules.ruleActions(of: name, effect) }
    if isEmpty {
      var effect = effect
      effect.isEmpty = true
      context.after.add(effect)
      return triggers.beforeStatement(effect) + locks
    }
    let partitions = PartitionLocks(scope: scope)
    let parts = partitions.parts(of: effect, includesChildren: write.target.includesChildren)
    result += triggers.beforeStatement(effect) + locks + sequences(of: write.assignments, name)
    if write.kind == .update { result += partitions.bounds(of: name, lock.range) }
    result.append(lock)
    result += triggers.beforeRow(effect)
    for part in parts where part.kind != .insert { result += triggers.beforeRow(part) }
    if write.kind != .delete { result += CheckLocks(scope: scope).locks(of: name) }
    result += moved(write, name)
    for part in parts where part.kind == .insert { result += triggers.beforeRow(part) }
    for event in [effect] + parts { context.after.add(event) }
    return result
  }

  /// `SET id = DEFAULT` takes a value of the column's sequence.
  private func sequences(
    of assignments: [ResultTarget], _ table: RelationName
  ) -> [Acquisition] {
    assignments.compactMap { assignment in
      guard let name = assignment.name, let value = assignment.value,
        case .setToDefault = Expression(value),
        let sequence = catalog.relations[table]?.column(name)?.sequence
      else { return nil }
      return .table(
        sequence, .rowExclusive, reason: [.columnDefault(name)], range: context.range)
    }
  }

  /// The partition that a row moves to when its key is set to a literal.
  private func moved(_ write: Write, _ table: RelationName) -> [Acquisition] {
    guard write.kind == .update, let relation = catalog.relations[table],
      relation.isPartitioned
    else { return [] }
    let below = catalog.inheritors(of: table).flatMap {
      catalog.relations[$0]?.partitioning?.columns ?? []
    }
    if write.assignments.contains(where: { !$0.isSameValue && below.contains($0.name) }) {
      context.note(
        "which partition of \(table.short) the rows move to is not known", isDetail: true)
    }
    guard let partitioning = relation.partitioning, partitioning.columns.count == 1,
      let column = partitioning.columns[0],
      let value = write.assignments.first(where: { $0.name == column })?.value
    else { return [] }
    guard let literal = Literal(value) else {
      if case .column(let names) = Expression(value), names.last == column { return [] }
      context.note(
        "which partition of \(table.short) the rows move to is not known", isDetail: true)
      return []
    }
    let children = catalog.children(of: table)
    let pruning = PartitionPruning(values: [column: literal])
    let fitting = children.filter { pruning.admits($0, of: relation, beside: children) }
    guard fitting.count == 1 else { return [] }
    return [
      .table(
        fitting[0].name, .rowExclusive, reason: [.partition(of: table)],
        range: context.range)
    ]
  }

  /// What triggers and foreign keys see of an UPDATE or DELETE.
  private func effect(
    of write: Write, _ table: RelationName, _ lock: Acquisition, changed: Set<String>,
    in level: QueryLevel
  ) -> RowWrite {
    var effect = RowWrite(
      kind: write.kind, table: table,
      assigned: Set(write.assignments.compactMap(\.name)), changed: changed,
      rows: lock.rows ?? .unknown, range: lock.range)
    guard catalog.hasEffects(table, write.kind) else { return effect }
    effect.old = lock.rows?.pinned ?? [:]
    for assignment in write.assignments {
      guard let name = assignment.name, let value = assignment.value,
        let columns = level.columns(in: value, scope: 0),
        columns.allSatisfy({ level.identity.single.contains($0.member) })
      else { continue }
      effect.new[name] = Term(value)
    }
    return effect
  }

  /// A write whose target is rewritten: an INSTEAD rule, or a view with INSTEAD OF triggers.
  private func rewritten(
    _ write: Write, _ level: QueryLevel, _ locks: [Acquisition]
  ) -> DerivedTable? {
    let name = scope.resolve(write.target)
    guard let relation = catalog.relations[name] else { return nil }
    let hasRule = relation.hasInsteadRule(for: write.kind)
    guard hasRule || relation.hasInsteadTrigger(for: write.kind) else { return nil }
    let identity = level.identity
    var rows = level.members.isEmpty ? RowSet.unknown : level.rows(of: 0)
    rows.count = identity.single.count == level.members.count ? .one : .many
    rows.order = .unordered(why: "the rows of \(name.short) come in the plan's order")
    var effect = RowWrite(
      kind: write.kind, table: name,
      assigned: Set(write.assignments.compactMap(\.name)),
      changed: Set(AssignedColumns(of: write.assignments, of: name, in: level, catalog).changed),
      rows: rows,
      range: context.headRange(write.keyword, write.target))
    effect.old = rows.pinned
    let table = DerivedTable(level: nil, targets: write.returning, rows: rows.count)
    table.acquisitions =
      locks
      + (hasRule
        ? RuleLocks(scope: scope).ruleActions(of: name, effect)
        : TriggerLocks(scope: scope).insteadOf(effect) ?? [])
    return table
  }

  private func isCurrentOf(_ condition: Node?) -> Bool {
    guard let condition, case .currentOf = Expression(condition) else { return false }
    return true
  }

  /// Whether a sub-select picks the rows that are written: the planner may join it
  /// (`pull_up_sublinks` in `prepjointree.c`), while `NOT IN` and what stands in an OR only filter.
  private static func drives(_ link: SubLink, _ write: Write) -> Bool {
    guard let condition = write.condition else { return false }
    switch link.kind {
    case .scalar: return false
    case .any, .exists:
      return Expression.conjuncts(of: condition).contains { part in
        let isNegated = part.tag == .BoolExpr && part.symbol(.boolop, is: "NOT_EXPR")
        guard !isNegated || link.kind == .exists else { return false }
        let test = isNegated ? part.list(.args).first : part
        return test?.child(.subselect).map { $0.isSame(as: link.select.node) } ?? false
      }
    case .all, .array, .other:
      return condition.contains(link.select.node) || condition.isSame(as: link.select.node)
    }
  }

  private func order(of write: Write, _ level: QueryLevel) -> RowOrder {
    if let held = HeldRows(level).coverage(of: 0) {
      guard held.isExclusive else {
        return .unordered(
          why: "the rows are locked \(held.rawValue) before, which does not keep others out")
      }
      return .alreadyLocked(why: "the rows are locked by the sub-select that picks them")
    }
    return .unordered(why: WhyUnordered.write(0, level))
  }
}
