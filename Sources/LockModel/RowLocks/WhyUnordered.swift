import PostgresSyntax

/// In words, why the rows of a member come in no order.
enum WhyUnordered {
  static func select(_ member: Int, _ level: QueryLevel) -> String {
    let tables = level.members.filter { $0.relation != nil }.count
    if tables > 1 { return "the rows come in the order of the join that the planner chooses" }
    if level.facts.listed.contains(where: { $0.member == member }) {
      return "the order of the values in IN or ANY means nothing; rows come in the plan's order"
    }
    return "there is no ORDER BY; rows come in the plan's order"
  }

  static func write(_ member: Int, _ level: QueryLevel) -> String {
    if level.members.count > 1 { return "the rows are written in the order of the join" }
    if level.subselects.contains(where: { $0.link.kind != .scalar }) {
      let sorted = level.subselects.contains { subselect in
        guard let select = subselect.table.select else { return false }
        return !select.sortKeys.isEmpty && select.lockingClauses.isEmpty
      }
      return sorted
        ? "ORDER BY in a sub-select that does not lock does not order the rows that are written"
        : "the rows are written in the order in which the plan finds them"
    }
    if level.facts.listed.contains(where: { $0.member == member }) {
      return "the order of the values in IN or ANY means nothing; rows come in the plan's order"
    }
    return "UPDATE and DELETE have no ORDER BY; rows come in the plan's order"
  }
}
