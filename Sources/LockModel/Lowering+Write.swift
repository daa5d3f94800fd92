import Diagnostics
import PostgresSyntax

extension Lowering {
  func update(_ update: UpdateStatement) -> DerivedTable {
    guard let target = update.target else {
      return DerivedTable(level: nil, targets: [], rows: .many)
    }
    enterWith(update.with)
    defer { leaveWith() }
    let write = Write(
      target: target, kind: .update, keyword: "update", from: update.from,
      condition: update.condition,
      assignments: update.assignments, returning: update.returning)
    return lower(write) { name, changed in
      // A BEFORE trigger gets the row locked by what SET names, whatever the values are
      // (`ExecUpdateLockMode`).
      let isTriggered =
        self.catalog.relations[name]?.triggers.contains {
          $0.timing == .before && $0.isRow && $0.isEnabled && $0.events.contains(.update)
        } ?? false
      return .row(
        self.updateMode(of: name, isTriggered ? update.assignments.compactMap(\.name) : changed))
    }
  }

  func delete(_ delete: DeleteStatement) -> DerivedTable {
    guard let target = delete.target else {
      return DerivedTable(level: nil, targets: [], rows: .many)
    }
    enterWith(delete.with)
    defer { leaveWith() }
    let write = Write(
      target: target, kind: .delete, keyword: "delete", from: delete.using,
      condition: delete.condition,
      assignments: [], returning: delete.returning)
    return lower(write) { _, _ in .row(.forUpdate) }
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

  private func lower(
    _ write: Write, mode: (RelationName, [String]) -> LockMode
  ) -> DerivedTable {
    let level = QueryLevel(parent: nil)
    let ((), subselects) = collecting {
      addTable(write.target, to: level, scope: 0)
      for item in write.from { add(item, to: level, scope: 0, onlyFor: nil) }
      add(Expression.conjuncts(of: write.condition), to: level, scope: 0, onlyFor: nil)
      for assignment in write.assignments { addSubselects(in: assignment.value, to: level) }
      for target in write.returning { addSubselects(in: target.value, to: level, isOutput: true) }
      takeSubselects(of: level)
    }
    let calls = level.calls.filter { !$0.isOutput }
    let locks = subselects + self.locks(of: calls, in: level, nil)
    let returned = self.locks(of: level.calls.filter(\.isOutput), in: level, nil)
    if let table = rewritten(write, level, locks) { return table }
    guard let name = level.members.first?.relation?.name else {
      notes.append(LockNote("the target of the write is not a table that can be found"))
      let table = DerivedTable(level: nil, targets: write.returning, rows: .many)
      table.acquisitions = locks
      return table
    }
    let identity = level.identity
    let changed = changedColumns(write.assignments, in: level)
    written[name, default: []].formUnion(changed)
    let mode = mode(name, changed)
    if case .row(let row) = mode { level.locked[0] = row }
    var rows = describe(0, level, identity)
    if !isCurrentOf(write.condition), rows.count.isMany {
      rows.order = order(of: write, level, mode)
      rows.isLimited = false
    } else {
      rows.count = .one
    }
    let isDriven =
      level.members.count > 1 || level.subselects.contains { Self.drives($0.link, write) }
    let lock = Acquisition(
      target: .rows(name), mode: mode, rows: rows, waits: .blocks, duration: .transaction,
      reason: [],
      range: rows.count.isMany
        ? headRange(write.keyword, write.target) : range(statement.range),
      form: isDriven ? .drivenWrite : .plainWrite,
      assumptions: rows.count.isMany
        ? assumption(of: 0, level) : singleAssumption(of: 0, level, identity),
      isPrivate: isPrivate(name),
      alias: write.target.visibleName, isJoined: level.members.count > 1)
    let result = DerivedTable(level: level, targets: write.returning, rows: rows.count)
    var effect = effect(of: write, name, lock, changed: Set(changed), in: level)
    let target = resolve(write.target)
    let rules =
      ruleActions(of: target, effect) + (target == name ? [] : ruleActions(of: name, effect))
    if level.isEmpty {
      effect.isEmpty = true
      result.acquisitions = beforeStatement(effect) + locks
      queue(effect)
      return result
    }
    let parts = parts(of: effect, includesChildren: write.target.includesChildren)
    result.acquisitions =
      rules + beforeStatement(effect) + locks
      + sequences(of: write.assignments, name)
      + (write.kind == .update
        ? catalog.relations[name].map { bounds(of: $0, lock.range) } ?? [] : [])
      + [lock] + beforeRow(effect)
      + parts.filter { $0.kind != .insert }.flatMap(beforeRow)
      + checks(of: name, write) + moved(write, name)
      + parts.filter { $0.kind == .insert }.flatMap(beforeRow) + returned
    for event in [effect] + parts { queue(event) }
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
        sequence, .rowExclusive, reason: [.columnDefault(name)], range: range(statement.range))
    }
  }

  /// Functions that CHECK constraints call, and the bounds of a partition that is named itself.
  private func checks(of table: RelationName, _ write: Write) -> [Acquisition] {
    guard write.kind != .delete, let relation = catalog.relations[table] else { return [] }
    return checkCalls(of: relation)
  }

  /// The locks of functions that CHECK constraints call.
  func checkCalls(of relation: Catalog.Relation) -> [Acquisition] {
    relation.checks.flatMap { check in
      locks(in: [check.node]).map {
        $0.inside([.check(of: relation.name)], at: range(statement.range))
      }
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
    if write.assignments.contains(where: { !isSameValue($0) && below.contains($0.name) }) {
      notes.append(
        LockNote("which partition of \(table.short) the rows move to is not known", isDetail: true))
    }
    guard let partitioning = relation.partitioning, partitioning.columns.count == 1,
      let column = partitioning.columns[0],
      let value = write.assignments.first(where: { $0.name == column })?.value
    else { return [] }
    guard let literal = Literal(value) else {
      if case .column(let names) = Expression(value), names.last == column { return [] }
      notes.append(
        LockNote("which partition of \(table.short) the rows move to is not known", isDetail: true))
      return []
    }
    let children = catalog.children(of: table)
    let pruning = PartitionPruning(values: [column: literal])
    let fitting = children.filter { pruning.admits($0, of: relation, beside: children) }
    guard fitting.count == 1 else { return [] }
    return [
      .table(
        fitting[0].name, .rowExclusive, reason: [.partition(of: table)],
        range: range(statement.range))
    ]
  }

  /// What goes along with a write: the same of the rows of inheritance children, and the DELETE and
  /// INSERT of rows that move to another partition.
  func parts(of effect: RowWrite, includesChildren: Bool) -> [RowWrite] {
    guard includesChildren, let relation = catalog.relations[effect.table]
    else { return [] }
    var part = effect
    part.isPart = true
    let below = catalog.inheritors(of: effect.table)
    guard relation.isPartitioned else {
      guard effect.kind != .insert else { return [] }
      return below.map { child in
        part.table = child
        return part
      }
    }
    let levels = [relation] + below.compactMap { catalog.relations[$0] }
    let key = Set(levels.flatMap { $0.partitioning?.columns ?? [] }.compactMap { $0 })
    guard effect.kind == .update, !effect.changed.isDisjoint(with: key) else { return [] }
    part.isMove = true
    return [WriteKind.delete, .insert].map { kind in
      part.kind = kind
      return part
    }
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
    guard hasEffects(table, write.kind) else { return effect }
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

  /// Whether anything happens beside a write, so that its values need to be known.
  func hasEffects(_ table: RelationName, _ kind: WriteKind) -> Bool {
    guard let relation = catalog.relations[table] else { return false }
    return !relation.triggers.isEmpty || !foreignKeys(of: relation).isEmpty
      || !relation.rules.isEmpty
      || (kind != .insert && !referencing(table).isEmpty)
  }

  /// A write whose target is rewritten: an INSTEAD rule, or a view with INSTEAD OF triggers.
  private func rewritten(
    _ write: Write, _ level: QueryLevel, _ locks: [Acquisition]
  ) -> DerivedTable? {
    let name = resolve(write.target)
    guard let relation = catalog.relations[name] else { return nil }
    let hasRule = relation.rules.contains {
      $0.event == write.kind && $0.isInstead && !$0.hasCondition
    }
    let hasTrigger = relation.isView && relation.triggers.contains { $0.timing == .insteadOf }
    guard hasRule || hasTrigger else { return nil }
    let identity = level.identity
    var rows = level.members.isEmpty ? RowSet.unknown : describe(0, level, identity)
    rows.count = identity.single.count == level.members.count ? .one : .many
    rows.order = .unordered(why: "the rows of \(name.short) come in the plan's order")
    var effect = RowWrite(
      kind: write.kind, table: name,
      assigned: Set(write.assignments.compactMap(\.name)),
      changed: Set(changedColumns(write.assignments, in: level)), rows: rows,
      range: headRange(write.keyword, write.target))
    effect.old = rows.pinned
    let table = DerivedTable(level: nil, targets: write.returning, rows: rows.count)
    table.acquisitions =
      locks + (hasRule ? ruleActions(of: name, effect) : insteadOf(effect) ?? [])
    return table
  }

  private func isCurrentOf(_ condition: Node?) -> Bool {
    guard let condition, case .currentOf = Expression(condition) else { return false }
    return true
  }

  /// Whether a sub-select picks the rows that are written: it stands in the condition.
  private static func drives(_ link: SubLink, _ write: Write) -> Bool {
    guard let condition = write.condition else { return false }
    return link.kind != .scalar
      && (condition.contains(link.select.node) || condition.isSame(as: link.select.node))
  }

  private func order(of write: Write, _ level: QueryLevel, _ mode: LockMode) -> RowOrder {
    if let held = HeldRows(level).coverage(of: 0) {
      guard held.mode.isExclusive else {
        return .unordered(
          why: "the rows are locked \(held.mode.rawValue) before, which does not keep others out")
      }
      return .alreadyLocked(why: "the rows are locked by the sub-select that picks them")
    }
    return .unordered(why: WhyUnordered.write(0, level))
  }

  // MARK: Modes

  /// The mode of an UPDATE: FOR UPDATE when it changes a column of a unique key that could be
  /// referenced, else FOR NO KEY UPDATE (`HeapDetermineColumnsInfo` in PostgreSQL's `heapam.c`;
  /// the key attributes are those of unique, immediate or deferrable indexes without predicate and
  /// expressions).
  func updateMode(of name: RelationName, _ changed: [String]) -> RowLockMode {
    keyColumns(of: name).isDisjoint(with: changed) ? .forNoKeyUpdate : .forUpdate
  }

  /// The base table's columns that get another value; a view may call them otherwise.
  private func changedColumns(
    _ assignments: [ResultTarget], in level: QueryLevel
  ) -> [String] {
    assignments.filter { !isSameValue($0) }.compactMap(\.name).map { name in
      guard let alias = level.scopes[0].entries.first?.name,
        case .column(let column) = level.resolve([alias, name], scope: 0)
      else { return name }
      return column.name
    }
  }

  /// `SET id = id` changes nothing.
  func isSameValue(_ assignment: ResultTarget) -> Bool {
    guard let value = assignment.value, case .column(let names) = Expression(value) else {
      return false
    }
    return names.last == assignment.name && names.first != "excluded"
  }

  func keyColumns(of name: RelationName) -> Set<String> {
    guard let definition = catalog.relations[name] else { return ["id"] }
    return Set(definition.keys.filter(\.predicate.isEmpty).compactMap(\.columns).joined())
  }
}
