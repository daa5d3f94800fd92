import Diagnostics
import PostgresSyntax

/// What the rules of a table or view do in place of a write, or beside it.
struct RuleLocks: InScope {
  let scope: QueryScope

  /// What takes the place of a write to a view or a table with an INSTEAD rule; nil when the write
  /// itself is done.
  func rewritten(_ name: RelationName, _ write: RowWrite) -> [Acquisition]? {
    guard let relation = catalog.relations[name] else { return nil }
    if relation.hasInsteadRule(for: write.kind) { return ruleActions(of: name, write) }
    guard relation.hasInsteadTrigger(for: write.kind) else { return nil }
    var own = RowWrite(
      kind: write.kind, table: name, assigned: write.assigned, changed: write.changed,
      rows: write.rows, range: write.range)
    own.new = write.new
    return TriggerLocks(scope: scope).insteadOf(own)
  }

  /// The locks of the actions of rules: one query each, for the rows of the original.
  func ruleActions(of name: RelationName, _ write: RowWrite) -> [Acquisition] {
    guard let relation = catalog.relations[name], !relation.rules.isEmpty else { return [] }
    let rules = relation.rules.filter { $0.event == write.kind }
    guard !rules.isEmpty else { return [] }
    let found = context.stack.summary(of: .rules(name, write.kind, searchPath: context.searchPath))
    { inside in
      summary(of: rules, inside).limited("the rules of \(name.short)")
    }
    // A rule that is running already ends the circle.
    guard case .success = found else { return [] }
    return CallLocks(scope: scope).take(found, name.short) { lock in
      var lock = lock.replacing(write.values)
      lock.range = write.range
      return write.rows.count.isMany ? write.repetition.repeated(lock) : lock
    }
  }

  private func summary(of rules: [Catalog.Rule], _ inside: RoutineStack) -> RoutineSummary {
    var result = RoutineSummary()
    var distinct: Set<Acquisition> = []
    for rule in rules {
      // What follows would be left out.
      for action in rule.actions where !RoutineSummary.isFull(distinct) {
        let lowering = StatementLowering(context.inside(inside))
        let locks = lowering.runForeign(action.node)
        let place = SourceRange(file: context.file.source, bytes: 0..<0)
        let inner = locks.map { $0.inside([.rule(rule.name)], at: place) }
        distinct.formUnion(inner)
        result.acquisitions += inner
        result.notes += lowering.context.notes
        result.deferred += lowering.context.after.deferred
        for (table, columns) in lowering.context.written {
          result.written[table, default: WrittenColumns()].formUnion(columns)
        }
      }
    }
    return result
  }
}
