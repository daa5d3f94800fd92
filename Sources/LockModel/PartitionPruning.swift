import PostgresSyntax

/// Which partitions a query's conditions leave, as far as constants tell.
///
/// The planner prunes by constants only; what is known when the query runs comes too late for
/// locks (manual 5.11.4 *Partition Pruning*).
struct PartitionPruning {
  private var values: [String: [Literal]] = [:]
  private var lower: [String: Literal] = [:]
  private var upper: [String: Literal] = [:]

  /// Reads the conditions that name columns of a partitioned table; nil when there are none.
  init?(_ condition: Node?, _ reference: TableReference, catalog: Catalog) {
    guard let condition else { return nil }
    let name = reference.visibleName
    func column(_ node: Node) -> String? {
      guard case .column(let names) = Expression(node), let last = names.last,
        names.count == 1 || names[names.count - 2] == name
      else { return nil }
      return last
    }
    for part in Expression.conjuncts(of: condition) {
      switch Expression(part) {
      case .operation(let sign, let left?, let right):
        if let column = column(left), let literal = Literal(right) {
          note(column, sign, literal)
        } else if let column = column(right), let literal = Literal(left) {
          note(column, Self.turned(sign), literal)
        }
      case .list(let left, let items, false):
        let literals = items.compactMap { Literal($0) }
        if let column = column(left), literals.count == items.count { values[column] = literals }
      default: readBetween(part, column)
      }
    }
    if values.isEmpty, lower.isEmpty, upper.isEmpty { return nil }
  }

  /// From values that columns have.
  init(values: [String: [Literal]]) { self.values = values.filter { !$0.value.isEmpty } }

  /// From values as a report writes them; nil when none is a literal.
  init?(pinned: [String: String]) {
    values = pinned.compactMapValues { text in
      if let number = Int(text) { return [.integer(number)] }
      guard text.hasPrefix("'") else { return nil }
      return [.string(String(text.dropFirst().dropLast()))]
    }
    if values.isEmpty { return nil }
  }

  private mutating func readBetween(_ node: Node, _ column: (Node) -> String?) {
    guard node.tag == .A_Expr, node.symbol(.kind, is: "AEXPR_BETWEEN"),
      let name = node.child(.lexpr).flatMap(column)
    else { return }
    let bounds = Array(node.child(.rexpr)?.list(.items) ?? node.list(.rexpr))
    guard bounds.count == 2 else { return }
    lower[name] = Literal(bounds[0])
    upper[name] = Literal(bounds[1])
  }

  private mutating func note(_ column: String, _ sign: String, _ literal: Literal) {
    switch sign {
    case "=": values[column] = [literal]
    case ">", ">=": lower[column] = literal
    case "<", "<=": upper[column] = literal
    default: break
    }
  }

  private static func turned(_ sign: String) -> String {
    switch sign {
    case "<": ">"
    case "<=": ">="
    case ">": "<"
    case ">=": "<="
    default: sign
    }
  }

  /// Whether rows of a partition are left.
  func admits(
    _ child: Catalog.Relation, of parent: Catalog.Relation?, beside siblings: [Catalog.Relation]
  ) -> Bool {
    guard let parent, let partitioning = parent.partitioning, let bound = child.bound else {
      return true
    }
    let columns = partitioning.columns.compactMap { $0 }
    guard columns.count == partitioning.columns.count, let first = columns.first else { return true }
    if let values = values[first] {
      if case .default = bound { return values.contains { Self.isLeft($0, by: siblings) } }
      return values.contains { value in
        bound.admits([value] + columns.dropFirst().map { self.values[$0]?.first })
      }
    }
    return bound.overlaps(from: lower[first], to: upper[first])
  }

  /// Whether no other partition has rows with a value, so that they are in the default one.
  private static func isLeft(_ value: Literal, by siblings: [Catalog.Relation]) -> Bool {
    !siblings.contains { sibling in
      guard let bound = sibling.bound else { return false }
      if case .default = bound { return false }
      return bound.admits([value])
    }
  }
}
