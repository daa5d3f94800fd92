/// Functions that return several rows from one.
package enum SetFunctions {
  private static let names: Set<String> = [
    "unnest", "generate_series", "regexp_split_to_table", "regexp_matches", "string_to_table",
    "jsonb_array_elements", "json_array_elements", "jsonb_array_elements_text",
    "json_array_elements_text", "jsonb_each", "json_each", "jsonb_each_text", "json_each_text",
    "jsonb_to_recordset", "json_to_recordset", "jsonb_populate_recordset",
    "json_populate_recordset", "generate_subscripts", "jsonb_object_keys", "json_object_keys",
  ]

  /// Whether an expression has one of them, or stands for a list of rows that the caller puts in.
  package static func occur(in node: Node) -> Bool {
    if node.tag == .SubLink { return false }
    if node.tag == .FuncCall, names.contains(FunctionCall(node: node).name) { return true }
    // An array that a routine has in a variable is one value.
    if case .parameter(isList: true) = Expression(node), node.standIn?.isVariable != true {
      return true
    }
    return node.children.contains { occur(in: $0) }
  }
}
