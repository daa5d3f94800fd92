import Diagnostics
import PostgresSyntax

/// What happens beside the rows that a statement names: triggers, foreign keys, sequences.
///
/// BEFORE triggers run while rows are written. AFTER ROW triggers and the checks of foreign keys
/// share one queue that runs when the statement ends, row by row, by trigger name; the system's own
/// are called `RI_ConstraintTrigger_…` (`trigger.c`, `ri_triggers.c`). What a cascade writes goes to
/// the end of the same queue.
struct TriggerLocks: InScope {
  let scope: QueryScope

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

  /// Runs the queue of AFTER triggers and checks.
  func afterStatement() -> [Acquisition] {
    var locks: [Acquisition] = []
    if !context.after.run({ locks += after($0) }) {
      context.note("what triggers and cascades set off here is followed only so far")
    }
    return locks
  }

  /// Something that the queue does for a write.
  private struct Action {
    let name: String
    let number: Int
    let run: () -> [Acquisition]
  }

  private func after(_ write: RowWrite) -> [Acquisition] {
    guard let relation = catalog.relations[write.table],
      catalog.hasEffects(write.table, write.kind)
    else { return [] }
    if write.isEmpty {
      return triggers(of: write, .after, isRow: false).flatMap { fire($0, write) }
    }
    var actions: [Action] = []
    let keys = ForeignKeyLocks(scope: scope)
    for key in catalog.foreignKeys(of: relation) where keys.checks(key, write) {
      actions.append(
        Action(name: "RI_ConstraintTrigger_c", number: key.number) {
          keys.check(key, write)
        })
    }
    if write.kind == .update || write.kind == .delete, !write.isMove {
      for (child, key) in catalog.referencing(write.table) where keys.acts(key, write) {
        actions.append(
          Action(name: "RI_ConstraintTrigger_a", number: key.number) {
            keys.act(key, child, write)
          })
      }
    }
    for trigger in triggers(of: write, .after, isRow: true) {
      actions.append(
        Action(name: trigger.name, number: 0) {
          let locks = self.fire(trigger, write)
          guard self.isDeferred(trigger) else { return locks }
          self.context.after.add(deferred: locks)
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
        context.note(
          "trigger \(trigger.name) calls \(trigger.function)(), whose definition is not given")
      }
      return []
    }
    let event = TriggerEvent(
      kind: write.kind, table: write.table, transitions: Set(trigger.transitions))
    let chain = write.reason + [.trigger(trigger.name), .function(function.name.name)]
    return CallLocks(scope: scope).inline(function, trigger: event) { lock in
      let lock = write.applied(to: Self.tied(lock, to: trigger, write)).inside(
        chain, at: write.range, branches: write.branches)
      return trigger.isRow
        ? write.repeated(lock, isNested: !context.stack.isEmpty) : lock
    }
  }

  /// Of the rows that lead to others so many are remembered, those that are nearest.
  private static let tieLimit = 4

  /// A lock with rows that the function finds by columns of the row that fires it, or puts into a table
  /// under them, tied to that row.
  private static func tied(
    _ lock: Acquisition, to trigger: Catalog.Trigger, _ write: RowWrite
  ) -> Acquisition {
    guard let rows = lock.rows, rows.ties.count < tieLimit else { return lock }
    var columns = rows.ties[.firing] ?? [:]
    let hasNew = trigger.timing == .after || write.kind == .update
    for (column, term) in rows.pinned {
      guard case .variable(let variable) = term, let field = variable.field,
        variable.name == "old" || hasNew && variable.name == "new"
      else { continue }
      columns[field] = columns[field].map { min($0, column) } ?? column
    }
    guard !columns.isEmpty else { return lock }
    var result = lock
    result.rows?.ties[.firing] = nil
    result.rows?.ties[.locked(write.table), default: [:]].merge(columns, uniquingKeysWith: min)
    return result
  }

  private func isDeferred(_ trigger: Catalog.Trigger) -> Bool {
    guard trigger.isDeferrable else { return false }
    return context.deferral[trigger.name] ?? context.deferral["*"] ?? trigger.isInitiallyDeferred
  }
}
