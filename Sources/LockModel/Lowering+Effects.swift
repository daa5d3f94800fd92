import Diagnostics
import PostgresSyntax

/// What happens beside the rows that a statement names: triggers, foreign keys, sequences.
///
/// BEFORE triggers run while rows are written. AFTER ROW triggers and the checks of foreign keys
/// share one queue that runs when the statement ends, row by row, by trigger name; the system's own
/// are called `RI_ConstraintTrigger_…` (`trigger.c`, `ri_triggers.c`). What a cascade writes goes to
/// the end of the same queue.
extension Lowering {
  /// The locks of BEFORE STATEMENT triggers.
  func beforeStatement(_ write: RowWrite) -> [Acquisition] {
    triggers(of: write, .before, isRow: false).flatMap { fire($0, write) }
  }

  /// The locks of BEFORE ROW triggers.
  func beforeRow(_ write: RowWrite) -> [Acquisition] {
    triggers(of: write, .before, isRow: true).flatMap { fire($0, write) }
  }

  /// The locks of INSTEAD OF triggers of a view; nil when it has none.
  func insteadOf(_ write: RowWrite) -> [Acquisition]? {
    let found = triggers(of: write, .insteadOf, isRow: true)
    return found.isEmpty ? nil : found.flatMap { fire($0, write) }
  }

  /// Notes a write for the end of the statement.
  func queue(_ write: RowWrite) { events.append(write) }

  /// Runs the queue of AFTER triggers and checks.
  func afterStatement() -> [Acquisition] {
    var locks: [Acquisition] = []
    var next = 0
    while next < events.count {
      // A circle of cascades goes round until no row is left; once is enough to see its locks.
      guard events.count < 256 else {
        notes.append(
          LockNote("what triggers and cascades set off here is followed only so far"))
        break
      }
      locks += after(events[next])
      next += 1
    }
    events = []
    return locks
  }

  /// Something that the queue does for a write.
  private struct Action {
    let name: String
    let number: Int
    let run: () -> [Acquisition]
  }

  private func after(_ write: RowWrite) -> [Acquisition] {
    guard let relation = catalog.relations[write.table] else { return [] }
    if write.isEmpty {
      return triggers(of: write, .after, isRow: false).flatMap { fire($0, write) }
    }
    var actions: [Action] = []
    for key in foreignKeys(of: relation) where checks(key, write) {
      actions.append(
        Action(name: "RI_ConstraintTrigger_c", number: key.number) {
          self.check(key, write)
        })
    }
    if write.kind == .update || write.kind == .delete, !write.isMove {
      for (child, key) in referencing(write.table) where acts(key, write) {
        actions.append(
          Action(name: "RI_ConstraintTrigger_a", number: key.number) {
            self.act(key, child, write)
          })
      }
    }
    for trigger in triggers(of: write, .after, isRow: true) {
      actions.append(
        Action(name: trigger.name, number: 0) {
          let locks = self.fire(trigger, write)
          guard self.isDeferred(trigger) else { return locks }
          self.deferred += locks
          return []
        })
    }
    actions.sort { left, right in
      left.name == right.name
        ? left.number < right.number
        : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
    return actions.flatMap { $0.run() }
      + triggers(of: write, .after, isRow: false).flatMap { fire($0, write) }
  }

  // MARK: Triggers

  private func triggers(
    of write: RowWrite, _ timing: Catalog.Trigger.Timing, isRow: Bool
  ) -> [Catalog.Trigger] {
    guard let relation = catalog.relations[write.table], !relation.triggers.isEmpty,
      isRow || !write.isPart
    else { return [] }
    return relation.triggers.filter { trigger in
      trigger.isEnabled && trigger.timing == timing && trigger.isRow == isRow
        && trigger.events.contains(write.kind)
        && (write.kind != .update || trigger.columns.isEmpty
          || !write.assigned.isDisjoint(with: trigger.columns))
        && !TriggerCondition.isNeverTrue(trigger, write, relation)
    }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The locks that a trigger's function takes.
  private func fire(_ trigger: Catalog.Trigger, _ write: RowWrite) -> [Acquisition] {
    guard
      let function = catalog.function(
        trigger.function, schema: trigger.functionSchema, arguments: nil)
    else {
      if !BuiltInFunctions.contains(trigger.function) {
        notes.append(
          LockNote(
            "trigger \(trigger.name) calls \(trigger.function)(), whose definition is not given"))
      }
      return []
    }
    let event = TriggerEvent(
      kind: write.kind, table: write.table, transitions: Set(trigger.transitions))
    let chain = write.reason + [.trigger(trigger.name), .function(function.name.name)]
    return inline(function, trigger: event).map { lock in
      let lock = write.applied(to: lock).inside(chain, at: write.range, branches: write.branches)
      return trigger.isRow ? taken(lock, write) : lock
    }
  }

  /// A lock that is taken for each row of a write.
  private func taken(_ lock: Acquisition, _ write: RowWrite) -> Acquisition {
    let lock = write.rows.count.isMany ? write.repetition.repeated(lock) : lock
    return stack.isEmpty ? lock : write.seenFromOutside(lock)
  }

  // MARK: Foreign keys

  /// The foreign keys of a table, with those that the tables got that it is a partition of.
  func foreignKeys(of relation: Catalog.Relation) -> [Catalog.ForeignKey] {
    var found = relation.foreignKeys
    var part = relation
    while part.bound != nil, let parent = part.parent.flatMap({ catalog.relations[$0] }) {
      found += parent.foreignKeys.filter { key in
        !found.contains { $0.columns == key.columns && $0.parent == key.parent }
      }
      part = parent
    }
    return found
  }

  /// The foreign keys that refer to a table or to one that it is a partition of.
  func referencing(
    _ table: RelationName
  ) -> [(child: RelationName, key: Catalog.ForeignKey)] {
    var found = catalog.foreignKeys(to: table)
    var name = table
    while let relation = catalog.relations[name], relation.bound != nil,
      let parent = relation.parent
    {
      found += catalog.foreignKeys(to: parent)
      name = parent
    }
    return found.sorted { $0.key.number < $1.key.number }
  }

  /// Whether a write of a child makes its foreign key be checked.
  private func checks(_ key: Catalog.ForeignKey, _ write: RowWrite) -> Bool {
    switch write.kind {
    case .insert: true
    case .update: !write.changed.isDisjoint(with: key.columns)
    case .delete, .truncate: false
    }
  }

  /// Whether a write of a parent sets off what a foreign key says.
  private func acts(_ key: Catalog.ForeignKey, _ write: RowWrite) -> Bool {
    write.kind != .update || !write.changed.isDisjoint(with: key.parentColumns)
  }

  /// The check of a child row: the parent's row is locked FOR KEY SHARE. With a NULL in the key the
  /// parent's table is locked for a moment only (`RI_FKey_check`).
  private func check(_ key: Catalog.ForeignKey, _ write: RowWrite) -> [Acquisition] {
    let reason = write.reason + [.foreignKey(key.title)]
    let isNull = key.columns.contains { write.new[$0] == .null }
    var table = Acquisition.table(
      key.parent, .rowShare, reason: reason, range: write.range, isPrivate: isPrivate(key.parent))
    table.branches = write.branches
    if isNull {
      table.duration = .statement
      return isDeferred(key) ? [] : [table]
    }
    var pinned: [String: Term] = [:]
    for (column, parent) in zip(key.columns, key.parentColumns) {
      pinned[parent] = write.values[.new(column)] ?? .variable(.new(column))
    }
    let rows = rows(pinned: pinned, count: .one)
    let row = self.row(key.parent, .forKeyShare, rows, reason, write)
    let leaves = leaves(of: key.parent, pinned: pinned, .rowShare, reason, write.range)
    let locks = [table] + leaves + [taken(row, write)]
    return postponed(locks, isDeferred(key))
  }

  /// The locks of a check that waits for COMMIT are kept for later.
  private func postponed(_ locks: [Acquisition], _ isDeferred: Bool) -> [Acquisition] {
    guard isDeferred else { return locks }
    deferred += locks.map { lock in
      var lock = lock
      lock.reason = [.commit] + lock.reason
      return lock
    }
    return []
  }

  private func isDeferred(_ trigger: Catalog.Trigger) -> Bool {
    guard trigger.isDeferrable else { return false }
    return deferral[trigger.name] ?? deferral["*"] ?? trigger.isInitiallyDeferred
  }

  private func isDeferred(_ key: Catalog.ForeignKey) -> Bool {
    guard key.isDeferrable else { return false }
    return deferral[key.name ?? ""] ?? deferral["*"] ?? key.isInitiallyDeferred
  }

  /// What happens to the children of a row that is deleted or gets another key.
  private func act(
    _ key: Catalog.ForeignKey, _ child: RelationName, _ write: RowWrite
  ) -> [Acquisition] {
    let isDelete = write.kind == .delete
    let action = isDelete ? key.onDelete : key.onUpdate
    let reason = write.reason + [.foreignKey(key.title)]
    switch action {
    case .cascade where isDelete: return cascade(key, child, .delete, write, reason)
    case .cascade, .setNull: return cascade(key, child, .update, write, reason)
    case .setDefault:
      return cascade(key, child, .update, write, reason)
        + lookForChildren(key, child, write, reason)
    case .restrict:
      return [childTable(child, .rowShare, write, reason)] + childLeaves(key, child, write, reason)
    case .noAction:
      return postponed(lookForChildren(key, child, write, reason), isDeferred(key))
    }
  }

  /// NO ACTION: a new parent with the same key is looked for as well (`ri_Check_Pk_Match`).
  private func lookForChildren(
    _ key: Catalog.ForeignKey, _ child: RelationName, _ write: RowWrite, _ reason: [Reason]
  ) -> [Acquisition] {
    [
      childTable(child, .rowShare, write, reason),
      childTable(write.table, .rowShare, write, reason),
    ] + childLeaves(key, child, write, reason)
  }

  /// The partitions in which children are looked for.
  private func childLeaves(
    _ key: Catalog.ForeignKey, _ child: RelationName, _ write: RowWrite, _ reason: [Reason]
  ) -> [Acquisition] {
    var pinned: [String: Term] = [:]
    for (column, parent) in zip(key.columns, key.parentColumns) {
      pinned[column] = write.old[parent] ?? .variable(.old(parent))
    }
    return leaves(of: child, pinned: pinned, .rowShare, reason, write.range)
  }

  private func childTable(
    _ name: RelationName, _ mode: TableLockMode, _ write: RowWrite, _ reason: [Reason]
  ) -> Acquisition {
    var lock = Acquisition.table(
      name, mode, reason: reason, range: write.range, isPrivate: isPrivate(name))
    lock.branches = write.branches
    return lock
  }

  /// The children are deleted, or their foreign key is changed.
  private func cascade(
    _ key: Catalog.ForeignKey, _ child: RelationName, _ kind: WriteKind, _ write: RowWrite,
    _ reason: [Reason]
  ) -> [Acquisition] {
    let isAgain = write.reason.contains(.foreignKey(key.title))
    guard !isAgain || write.reason.count < 4 else { return [] }
    var pinned: [String: Term] = [:]
    for (column, parent) in zip(key.columns, key.parentColumns) {
      pinned[column] = write.old[parent] ?? .variable(.old(parent))
    }
    let isSingle =
      catalog.relations[child]?.keys.contains { unique in
        unique.predicate.isEmpty && (unique.columns?.allSatisfy(key.columns.contains) ?? false)
      } ?? false
    var rows = rows(pinned: pinned, count: isSingle ? .one : .many)
    rows.order = .unordered(why: "the cascade takes the children in the order of its plan")
    let set = write.kind == .delete && !key.setColumns.isEmpty ? key.setColumns : key.columns
    let changed = kind == .update ? Set(set) : []
    let mode: RowLockMode = kind == .delete ? .forUpdate : updateMode(of: child, Array(changed))
    let row = taken(row(child, mode, rows, reason, write), write)
    var inner = RowWrite(
      kind: kind, table: child, assigned: changed, changed: changed, rows: row.rows ?? rows,
      range: write.range, reason: reason, branches: write.branches)
    inner.old = pinned.filter { !$0.value.containsVariable { $0.name == "old" } }
    if kind == .update { inner.new = newValues(key, write) }
    if kind == .update { written[child, default: []].formUnion(changed) }
    let table = [childTable(child, .rowExclusive, write, reason)]
    let leaves = leaves(of: child, pinned: [:], .rowExclusive, reason, write.range)
    let before = beforeStatement(inner)
    let result = table + leaves + before + [row] + beforeRow(inner)
    queue(inner)
    return result
  }

  /// What a cascade puts into the foreign key.
  private func newValues(_ key: Catalog.ForeignKey, _ write: RowWrite) -> [String: Term] {
    let action = write.kind == .delete ? key.onDelete : key.onUpdate
    var values: [String: Term] = [:]
    for (column, parent) in zip(key.columns, key.parentColumns) {
      switch action {
      case .setNull: values[column] = .null
      case .setDefault: values[column] = .usesDefault
      case .cascade, .restrict, .noAction: values[column] = write.values[.new(parent)]
      }
    }
    return values
  }

  // MARK: Parts

  private func rows(pinned: [String: Term], count: RowCount) -> RowSet {
    RowSet(
      count: count, order: .unordered(why: "the rows come in the order of the write"),
      pinned: pinned)
  }

  private func row(
    _ table: RelationName, _ mode: RowLockMode, _ rows: RowSet, _ reason: [Reason],
    _ write: RowWrite
  ) -> Acquisition {
    var lock = Acquisition(
      target: .rows(table), mode: .row(mode), rows: rows, waits: .blocks, duration: .transaction,
      reason: reason, range: write.range, form: .hidden, assumptions: [],
      isPrivate: isPrivate(table))
    lock.branches = write.branches
    return lock
  }

  /// The partitions that a check or a cascade reaches.
  func leaves(
    of table: RelationName, pinned: [String: Term], _ mode: TableLockMode, _ reason: [Reason],
    _ range: SourceRange
  ) -> [Acquisition] {
    guard let relation = catalog.relations[table], relation.isPartitioned else { return [] }
    let pruning = PartitionPruning(pinned: pinned)
    let children = catalog.children(of: table)
    return children.filter { pruning?.admits($0, of: relation, beside: children) ?? true }
      .flatMap { child in
        [
          Acquisition.table(
            child.name, mode, reason: reason + [.partition(of: table)], range: range)
        ] + leaves(of: child.name, pinned: pinned, mode, reason, range)
      }
  }
}
