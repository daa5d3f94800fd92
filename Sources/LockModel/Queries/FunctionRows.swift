import PostgresSyntax

/// The rows that functions in FROM give.
enum FunctionRows {
  /// A function that only calls another is followed so far.
  private static let depthLimit = 3

  /// Whether an item of FROM may give its rows in an order that its text does not show: what a
  /// routine's ORDER BY sorts stays sorted when nothing is joined to it.
  static func mayBeSorted(_ item: Node, catalog: Catalog) -> Bool {
    item.functionCalls.contains { mayBeSorted($0, catalog, depth: 0) }
  }

  /// Built-in functions of FROM that give one row (`proretset` in `pg_proc`).
  static let ofOneRow: Set<String> = [
    "json_to_record", "jsonb_to_record", "json_populate_record", "jsonb_populate_record",
    "pg_identify_object", "pg_identify_object_as_address", "pg_get_object_address", "now",
    "current_setting", "set_config", "clock_timestamp", "statement_timestamp", "txid_current",
    "pg_backend_pid", "nextval", "to_jsonb", "json_build_object", "jsonb_build_object",
    "row_to_json", "array_length", "cardinality", "lower", "upper", "md5", "hashtext",
    "pg_advisory_xact_lock", "pg_advisory_lock", "pg_try_advisory_xact_lock",
    "pg_try_advisory_lock",
  ]

  /// How many rows an item of FROM gives: one where each of its calls does.
  static func count(_ item: Node, catalog: Catalog) -> RowCount {
    let calls = item.list(.functions).compactMap { $0.list(.items).first }
    guard !calls.isEmpty else { return .many }
    return calls.allSatisfy { isOfOneRow($0, catalog) } ? .one : .many
  }

  private static func isOfOneRow(_ node: Node, _ catalog: Catalog) -> Bool {
    guard node.tag == .FuncCall else { return false }
    let call = FunctionCall(node: node)
    if let function = catalog.function(call) { return !function.returnsSet }
    return ofOneRow.contains(call.name)
  }

  private static func mayBeSorted(_ call: FunctionCall, _ catalog: Catalog, depth: Int) -> Bool {
    guard let function = catalog.function(call) else { return !BuiltInFunctions.contains(call) }
    guard depth < depthLimit, let body = function.body else { return true }
    if body.mentionsOrder { return true }
    return body.rowCalls.contains { mayBeSorted($0, catalog, depth: depth + 1) }
  }
}
