package import PostgresSyntax

/// Which expressions may give another value when they are evaluated again.
package enum Volatility {
  private static let functions: Set<String> = [
    "random", "clock_timestamp", "timeofday", "gen_random_uuid", "uuid_generate_v4",
    "uuid_generate_v1", "nextval", "pg_sleep", "setseed", "random_normal",
  ]

  /// Whether an expression gives another value for every row that it is compared with; a
  /// sub-select in it is evaluated once.
  static func variesByRow(_ node: Node) -> Bool {
    if node.tag == .SubLink { return false }
    if node.tag == .FuncCall, functions.contains(FunctionCall(node: node).name) { return true }
    return node.children.contains { variesByRow($0) }
  }

  /// Why an expression is volatile, or nil when nothing says that it is.
  package static func reason(for node: Node, catalog: Catalog) -> String? {
    for node in node.subtree where node.tag == .FuncCall {
      let call = FunctionCall(node: node)
      if functions.contains(call.name) { return "`\(call.name)()` is volatile" }
      if let function = catalog.function(
        call.name, schema: call.schema, arguments: call.arguments.count),
        function.volatility == .volatile
      {
        return "`\(call.name)()` is not declared stable or immutable"
      }
    }
    return nil
  }
}
