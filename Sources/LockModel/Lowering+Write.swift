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
      target: target, keyword: "update", from: update.from, condition: update.condition,
      assignments: update.assignments, returning: update.returning)
    return lower(write) { name, changed in .row(self.updateMode(of: name, changed)) }
  }

  func delete(_ delete: DeleteStatement) -> DerivedTable {
    guard let target = delete.target else {
      return DerivedTable(level: nil, targets: [], rows: .many)
    }
    enterWith(delete.with)
    defer { leaveWith() }
    let write = Write(
      target: target, keyword: "delete", from: delete.using, condition: delete.condition,
      assignments: [], returning: delete.returning)
    return lower(write) { _, _ in .row(.forUpdate) }
  }

  /// An UPDATE or DELETE, by what both have.
  struct Write {
    let target: TableReference
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
    let ((), locks) = collecting {
      addTable(write.target, to: level, scope: 0)
      for item in write.from { add(item, to: level, scope: 0, onlyFor: nil) }
      add(Expression.conjuncts(of: write.condition), to: level, scope: 0, onlyFor: nil)
      for assignment in write.assignments { addSubselects(in: assignment.value, to: level) }
      for target in write.returning { addSubselects(in: target.value, to: level) }
    }
    guard let name = level.members.first?.relation?.name else {
      notes.append("the target of the write is not a table that can be found")
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
      reason: ["direct"],
      range: detail == .allLocks || rows.count.isMany
        ? headRange(write.keyword, write.target) : range(statement.range),
      form: isDriven ? .drivenWrite : .plainWrite,
      assumptions: rows.count.isMany
        ? assumption(of: 0, level) : singleAssumption(of: 0, level, identity),
      isPrivate: isPrivate(name),
      alias: write.target.visibleName, isJoined: level.members.count > 1)
    let result = DerivedTable(level: level, targets: write.returning, rows: rows.count)
    result.acquisitions = locks + [lock]
    return result
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
  private func isSameValue(_ assignment: ResultTarget) -> Bool {
    guard let value = assignment.value, case .column(let names) = Expression(value) else {
      return false
    }
    return names.last == assignment.name && names.first != "excluded"
  }

  func keyColumns(of name: RelationName) -> Set<String> {
    guard let definition = catalog.relations[name] else { return ["id"] }
    return Set(definition.keys.filter(\.predicate.isEmpty).compactMap(\.columns).joined())
  }

  // MARK: MERGE

  func merge(_ merge: MergeStatement) {
    guard let target = merge.target, let source = merge.source else { return }
    enterWith(merge.with)
    defer { leaveWith() }
    let level = QueryLevel(parent: nil)
    let ((), locks) = collecting {
      addTable(target, to: level, scope: 0)
      add(source, to: level, scope: 0, onlyFor: nil)
      add(Expression.conjuncts(of: merge.condition), to: level, scope: 0, onlyFor: nil)
      for clause in merge.clauses { addSubselects(in: clause.node, to: level) }
    }
    acquisitions += locks
    guard let name = level.members.first?.relation?.name, let mode = mergeMode(merge, name) else {
      return
    }
    let identity = level.identity
    var rows = describe(0, level, identity)
    if rows.count.isMany {
      if let held = HeldRows(level).coverage(of: 0), held.mode.isExclusive {
        rows.order = .alreadyLocked(why: "the rows are locked by the sub-select that picks them")
      } else {
        rows.order = .unordered(
          why: "MERGE writes in the order of its join; an ordered source does not change that")
      }
    }
    acquisitions.append(
      Acquisition(
        target: .rows(name), mode: .row(mode), rows: rows, waits: .blocks, duration: .transaction,
        reason: ["direct"], range: headRange("merge", target), form: .plainWrite,
        assumptions: rows.count.isMany
          ? assumption(of: 0, level) : singleAssumption(of: 0, level, identity),
        isPrivate: isPrivate(name)))
  }

  private func merged(_ clause: MergeClause, _ name: RelationName) -> [String] {
    let changed = clause.assignments.filter { !isSameValue($0) }.compactMap(\.name)
    written[name, default: []].formUnion(changed)
    return changed
  }

  /// The strongest mode of the clauses that write an existing row; nil when none does.
  private func mergeMode(_ merge: MergeStatement, _ name: RelationName) -> RowLockMode? {
    merge.clauses.compactMap { clause in
      switch clause.action {
      case .delete: .forUpdate
      case .update: updateMode(of: name, merged(clause, name))
      case .insert, .nothing: nil
      }
    }.max()
  }
}
