import Diagnostics
import PostgresSyntax

extension Lowering {
  /// What takes the place of a write to a view or a table with an INSTEAD rule; nil when the write
  /// itself is done.
  func rewritten(_ name: RelationName, _ write: RowWrite) -> [Acquisition]? {
    guard let relation = catalog.relations[name] else { return nil }
    if relation.rules.contains(where: {
      $0.event == write.kind && $0.isInstead && !$0.hasCondition
    }) {
      return ruleActions(of: name, write)
    }
    guard relation.isView else { return nil }
    var own = RowWrite(
      kind: write.kind, table: name, assigned: write.assigned, changed: write.changed,
      rows: write.rows, range: write.range)
    own.new = write.new
    return insteadOf(own)
  }

  /// The locks of the actions of rules: one query each, for the rows of the original.
  func ruleActions(of name: RelationName, _ write: RowWrite) -> [Acquisition] {
    guard let relation = catalog.relations[name], !relation.rules.isEmpty else { return [] }
    let rules = relation.rules.filter { $0.event == write.kind }
    guard !rules.isEmpty else { return [] }
    let found = stack.summary(of: .rules(name, write.kind, searchPath: searchPath)) { inside in
      summary(of: rules, inside).limited("the rules of \(name.short)")
    }
    // A rule that is running already ends the circle.
    guard case .success = found else { return [] }
    return take(found, name.short).map { lock in
      var lock = lock.replacing(write.values)
      lock.range = write.range
      return write.rows.count.isMany ? write.repetition.repeated(lock) : lock
    }
  }

  private func summary(of rules: [Catalog.Rule], _ inside: RoutineStack) -> RoutineSummary {
    var result = RoutineSummary()
    for rule in rules {
      for action in rule.actions {
        let lowering = Lowering(
          statement, in: file, catalog: catalog, searchPath: searchPath, stack: inside,
          deferral: deferral)
        lowering.runForeign(action.node)
        let place = SourceRange(file: file.source, bytes: 0..<0)
        result.acquisitions += lowering.acquisitions.map {
          $0.inside([.rule(rule.name)], at: place)
        }
        result.notes += lowering.notes
        result.deferred += lowering.deferred
        for (table, columns) in lowering.written {
          result.written[table, default: []].formUnion(columns)
        }
      }
    }
    return result
  }
}
