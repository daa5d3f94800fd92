import PostgresSyntax

/// The locks of functions that CHECK constraints call.
struct CheckLocks: InScope {
  let scope: QueryScope

  func locks(of table: RelationName) -> [Acquisition] {
    guard let relation = catalog.relations[table] else { return [] }
    return relation.checks.flatMap { check in
      QueryAnalysis(scope: scope).locks(in: [check.node]).map {
        $0.inside([.check(of: relation.name)], at: context.range)
      }
    }
  }
}
