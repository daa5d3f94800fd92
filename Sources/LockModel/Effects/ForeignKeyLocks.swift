import Diagnostics
import PostgresSyntax

/// What foreign keys lock when rows are written.
struct ForeignKeyLocks: InScope {
  let scope: QueryScope

  /// Whether a write of a child makes its foreign key be checked.
  func checks(_ key: Catalog.ForeignKey, _ write: RowWrite) -> Bool {
    switch write.kind {
    case .insert: true
    case .update: !write.changed.isDisjoint(with: key.columns)
    case .delete, .truncate: false
    }
  }

  /// Whether a write of a parent sets off what a foreign key says.
  func acts(_ key: Catalog.ForeignKey, _ write: RowWrite) -> Bool {
    write.kind != .update || !write.changed.isDisjoint(with: key.parentColumns)
  }

  /// The check of a child row: the parent's row is locked FOR KEY SHARE. With a NULL in the key the
  /// parent's table is locked for a moment only (`RI_FKey_check`).
  func check(_ key: Catalog.ForeignKey, _ write: RowWrite) -> [Acquisition] {
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
    let leaves = PartitionLocks(scope: scope).leaves(
      of: key.parent, pinned: pinned, .rowShare, reason, write.range)
    let locks = [table] + leaves + [write.repeated(row, isNested: !context.stack.isEmpty)]
    return postponed(locks, isDeferred(key))
  }

  /// The locks of a check that waits for COMMIT are kept for later.
  private func postponed(_ locks: [Acquisition], _ isDeferred: Bool) -> [Acquisition] {
    guard isDeferred else { return locks }
    context.after.add(
      deferred: locks.map { lock in
        var lock = lock
        lock.reason = [.commit] + lock.reason
        return lock
      })
    return []
  }

  private func isDeferred(_ key: Catalog.ForeignKey) -> Bool {
    guard key.isDeferrable else { return false }
    return context.deferral[key.name ?? ""] ?? context.deferral["*"] ?? key.isInitiallyDeferred
  }

  /// What happens to the children of a row that is deleted or gets another key.
  func act(
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
    return PartitionLocks(scope: scope).leaves(
      of: child, pinned: pinned, .rowShare, reason, write.range)
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
    rows.ties[.locked(write.table)] = Dictionary(
      zip(key.parentColumns, key.columns), uniquingKeysWith: min)
    rows.order = .unordered(why: "the cascade takes the children in the order of its plan")
    let set = write.kind == .delete && !key.setColumns.isEmpty ? key.setColumns : key.columns
    let assigned = kind == .update ? Set(set) : []
    // ON UPDATE CASCADE writes all columns, of which those of unchanged parent columns stay.
    let keeps = write.kind == .update && key.onUpdate == .cascade && !write.changed.isEmpty
    let changed =
      keeps
      ? Set(zip(key.columns, key.parentColumns).filter { write.changed.contains($1) }.map(\.0))
      : assigned
    let mode: RowLockMode =
      kind == .delete ? .forUpdate : catalog.updateMode(of: child, Array(changed))
    let row = write.repeated(
      row(child, mode, rows, reason, write), isNested: !context.stack.isEmpty)
    var inner = RowWrite(
      kind: kind, table: child, assigned: assigned, changed: changed, rows: row.rows ?? rows,
      range: write.range, reason: reason, branches: write.branches)
    inner.old = pinned.filter { !$0.value.containsVariable { $0.name == "old" } }
    if kind == .update { inner.new = newValues(key, write) }
    if kind == .update { context.noteWritten(child, changed) }
    let table = [childTable(child, .rowExclusive, write, reason)]
    let leaves = PartitionLocks(scope: scope).leaves(
      of: child, pinned: [:], .rowExclusive, reason, write.range)
    let triggers = TriggerLocks(scope: scope)
    let before = triggers.beforeStatement(inner)
    let result = table + leaves + before + [row] + triggers.beforeRow(inner)
    context.after.add(inner)
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
      reason: reason, range: write.range, form: .referential, assumptions: [],
      isPrivate: isPrivate(table))
    lock.branches = write.branches
    return lock
  }
}
