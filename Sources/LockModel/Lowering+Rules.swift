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
    let key = "rules of \(name)"
    guard stack.admits(key) else { return [] }
    return relation.rules.filter { $0.event == write.kind }.flatMap { rule in
      rule.actions.flatMap { action -> [Acquisition] in
        let lowering = Lowering(
          statement, in: file, catalog: catalog, searchPath: searchPath, detail: detail,
          stack: stack.adding(key), deferral: deferral)
        lowering.runForeign(action.node)
        notes += lowering.notes
        for (table, columns) in lowering.written { written[table, default: []].formUnion(columns) }
        deferred += lowering.deferred
        return lowering.acquisitions.map { lock in
          let lock = lock.replacing(write.values).inside([.rule(rule.name)], at: write.range)
          return write.rows.count.isMany ? write.repetition.repeated(lock) : lock
        }
      }
    }
  }
}
