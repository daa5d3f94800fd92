/// The aggregate functions that PostgreSQL brings along.
enum AggregateFunctions {
  private static let names: Set<String> = [
    "count", "sum", "min", "max", "avg", "array_agg", "json_agg", "jsonb_agg", "string_agg",
    "bool_and", "bool_or", "every", "json_object_agg", "jsonb_object_agg", "stddev", "variance",
    "bit_and", "bit_or", "percentile_cont", "percentile_disc", "mode", "xmlagg", "range_agg",
  ]

  /// Whether an expression aggregates, outside of the sub-selects in it.
  static func occur(in node: Node) -> Bool {
    if node.tag == .SubLink { return false }
    if node.tag == .FuncCall {
      let call = FunctionCall(node: node)
      if !call.isWindow, names.contains(call.name) { return true }
    }
    return node.children.contains { occur(in: $0) }
  }
}
