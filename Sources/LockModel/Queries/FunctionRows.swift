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

  private static func mayBeSorted(_ call: FunctionCall, _ catalog: Catalog, depth: Int) -> Bool {
    guard let function = catalog.function(call) else { return !BuiltInFunctions.contains(call) }
    guard depth < depthLimit, let body = function.body else { return true }
    if body.mentionsOrder { return true }
    return body.rowCalls.contains { mayBeSorted($0, catalog, depth: depth + 1) }
  }
}
