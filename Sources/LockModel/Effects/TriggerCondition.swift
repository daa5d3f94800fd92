import PostgresSyntax

/// Reads the WHEN of a trigger as far as it can be decided without data.
enum TriggerCondition {
  /// Whether the condition asks for what a write can't make: another value of a column that SET does not
  /// name, as `OLD.x IS DISTINCT FROM NEW.x` does, or a literal where the statement has another one. What
  /// a BEFORE trigger may have changed is not known.
  static func isNeverTrue(
    _ trigger: Catalog.Trigger, _ write: RowWrite, _ relation: Catalog.Relation
  ) -> Bool {
    guard let condition = trigger.condition else { return false }
    let isTouched = relation.triggers.contains { other in
      other.timing == .before && other.isRow && other.isEnabled
        && other.events.contains(write.kind) && other.name != trigger.name
    }
    guard !isTouched else { return false }
    return Expression.conjuncts(of: condition.node).contains { part in
      if write.kind == .update, let column = changedColumn(part) {
        return !write.assigned.contains(column)
      }
      return isRefuted(part, write)
    }
  }

  /// The column that `OLD.x IS DISTINCT FROM NEW.x` or `OLD.x <> NEW.x` compares with itself.
  private static func changedColumn(_ node: Node) -> String? {
    guard node.tag == .A_Expr, let left = node.child(.lexpr), let right = node.child(.rexpr) else {
      return nil
    }
    let isDistinct = node.symbol(.kind, is: "AEXPR_DISTINCT")
    guard isDistinct || (node.symbol(.kind, is: "AEXPR_OP") && sign(of: node) == "<>") else {
      return nil
    }
    guard let first = column(left), let second = column(right), first.field == second.field,
      first.name != second.name
    else { return nil }
    return first.field
  }

  private static func sign(of node: Node) -> String? {
    Array(node.list(.name)).last?.string(.sval)
  }

  /// The column of OLD or NEW that an expression is.
  private static func column(_ node: Node) -> Term.Variable? {
    let names = node.list(.fields).compactMap { $0.string(.sval) }
    guard names.count == 2, ["old", "new"].contains(names[0]) else { return nil }
    return names[0] == "new" ? .new(names[1]) : .old(names[1])
  }

  // MARK: Literals

  /// Whether `NEW.x = 'a'`, `NEW.x IN ('a', 'b')`, `NEW.x <> 'a'` or `NEW.x` is false, or the same of OLD.
  private static func isRefuted(_ node: Node, _ write: RowWrite) -> Bool {
    if node.tag == .ColumnRef, let column = column(node) {
      return write.values[column]?.literal == .boolean(false)
    }
    if case .not(let inner) = Expression(node), let column = column(inner) {
      return write.values[column]?.literal == .boolean(true)
    }
    guard node.tag == .A_Expr, let left = node.child(.lexpr).map(Expression.withoutCasts),
      let right = node.child(.rexpr), let column = column(left),
      case .literal(let value)? = write.values[column]
    else { return false }
    let isIn = node.symbol(.kind, is: "AEXPR_IN")
    guard isIn || node.symbol(.kind, is: "AEXPR_OP") else { return false }
    let items = isIn ? Array(right.list(.items)) : [right]
    let literals = items.compactMap { Literal($0) }
    guard !items.isEmpty, literals.count == items.count else { return false }
    switch sign(of: node) {
    case "=": return literals.allSatisfy { differ($0, value) }
    case "<>": return literals.contains(value)
    default: return false
    }
  }

  /// Words that are two spellings of one value to some type.
  private static let spellings: Set<String> = [
    "t", "tr", "tru", "true", "y", "ye", "yes", "on", "f", "fa", "fal", "fals", "false", "n", "no",
    "of", "off", "inf", "infinity",
  ]

  /// Whether two literals are different values, whatever the type of the column.
  private static func differ(_ left: Literal, _ right: Literal) -> Bool {
    guard left != right, left.precedes(right) != nil else { return false }
    guard case .string(let first) = left, case .string(let second) = right else { return true }
    // Numbers have many spellings.
    return [first, second].allSatisfy { text in
      text.first?.isLetter ?? false && !spellings.contains(text)
    }
  }
}
