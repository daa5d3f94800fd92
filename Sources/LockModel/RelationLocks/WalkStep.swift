/// One step on the way to a relation in a query, for the order in which the later phases visit it.
struct WalkStep {
  enum Kind {
    /// A table of FROM.
    case table
    /// A sub-select of FROM that the planner merges into the query around it.
    case merged
    /// Any other sub-select of FROM.
    case subselect
    case commonTable
    /// A sub-select in an expression.
    case sublink
    /// One of IN or EXISTS that the planner makes a join of, merging its tables as well.
    case mergedSublink
    /// One of IN that the planner makes a join of.
    case joinedSublink
  }

  let kind: Kind
  let position: Int

  /// FROM, then WITH, then sub-selects in expressions (`fireRIRrules` in `rewriteHandler.c`).
  private var rewriteRank: Int {
    switch kind {
    case .table, .merged, .subselect: 0
    case .commonTable: 1
    case .sublink, .mergedSublink, .joinedSublink: 2
    }
  }

  /// WITH, then sub-selects in expressions, then the query's own tables, then those of sub-selects
  /// and views that are merged into it (`pull_up_simple_subquery` in `prepjointree.c`), then
  /// sub-selects of FROM that are planned on their own (`subquery_planner` in `planner.c`).
  private var planRank: Int {
    switch kind {
    case .commonTable: 0
    case .sublink: 1
    case .table: 2
    case .merged, .mergedSublink: 3
    case .subselect, .joinedSublink: 4
    }
  }

  static func isRewrittenBefore(_ left: [WalkStep], _ right: [WalkStep]) -> Bool {
    left.flatMap { [$0.rewriteRank, $0.position] }
      .lexicographicallyPrecedes(right.flatMap { [$0.rewriteRank, $0.position] })
  }

  static func isPlannedBefore(_ left: [WalkStep], _ right: [WalkStep]) -> Bool {
    left.flatMap { [$0.planRank, $0.position] }
      .lexicographicallyPrecedes(right.flatMap { [$0.planRank, $0.position] })
  }
}
