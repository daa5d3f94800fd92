import PostgresSyntax

/// Reads the WHEN of a trigger as far as it can be decided without data.
enum TriggerCondition {
  /// Whether the condition asks for a change that an UPDATE can't make: `OLD.x IS DISTINCT FROM
  /// NEW.x` for a column that SET does not name and that no BEFORE trigger can have changed.
  static func isNeverTrue(
    _ trigger: Catalog.Trigger, _ write: RowWrite, _ relation: Catalog.Relation
  ) -> Bool {
    guard let condition = trigger.condition, write.kind == .update else { return false }
    let isTouched = relation.triggers.contains {
      $0.timing == .before && $0.isRow && $0.isEnabled && $0.events.contains(.update)
    }
    guard !isTouched else { return false }
    return Expression.conjuncts(of: condition.node).contains { part in
      guard let column = changedColumn(part) else { return false }
      return !write.assigned.contains(column)
    }
  }

  /// The column that `OLD.x IS DISTINCT FROM NEW.x` or `OLD.x <> NEW.x` compares with itself.
  private static func changedColumn(_ node: Node) -> String? {
    guard node.tag == .A_Expr, let left = node.child(.lexpr), let right = node.child(.rexpr) else {
      return nil
    }
    let sign = Array(node.list(.name)).last?.string(.sval)
    let isDistinct = node.symbol(.kind, is: "AEXPR_DISTINCT")
    guard isDistinct || (node.symbol(.kind, is: "AEXPR_OP") && sign == "<>") else { return nil }
    let names = [left, right].map { $0.list(.fields).compactMap { $0.string(.sval) } }
    guard names.allSatisfy({ $0.count == 2 }), names[0][1] == names[1][1],
      Set([names[0][0], names[1][0]]) == ["old", "new"]
    else { return nil }
    return names[0][1]
  }
}
