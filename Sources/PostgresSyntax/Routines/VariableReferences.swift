/// Finds the names in a parsed statement of a routine that stand for variables.
struct VariableReferences {
  let scope: PLScope
  let text: [UInt8]
  /// Where the statement ends.
  let end: Int

  /// References below a node, as placeholders, in any order.
  func find(in root: Node) -> [Placeholder] {
    var result: [Placeholder] = []
    var columns: PlausibleColumns?
    var outputs: Set<Int32>?
    for node in root.subtree where node.tag == .ColumnRef {
      let names = Self.names(of: node)
      guard let reference = scope.reference(names), let location = node.location else { continue }
      if scope.columnsWin || !reference.isBare {
        let known = columns ?? PlausibleColumns(root)
        columns = known
        let isColumn =
          reference.isBare ? known.mayBeColumn(names[0]) : known.qualifiers.contains(names[0])
        if isColumn { continue }
      }
      let skipped = outputs ?? OutputReferences.find(in: root)
      outputs = skipped
      if skipped.contains(node.index) { continue }
      let place = location..<end(of: names.count, from: location)
      result.append(
        Placeholder(
          range: place, text: reference.text, isList: reference.isArray, isVariable: true))
    }
    return result
  }

  private static func names(of node: Node) -> [String] {
    node.list(.fields).map { $0.string(.sval) ?? "*" }
  }

  /// Where a dotted name of so many parts ends.
  private func end(of count: Int, from start: Int) -> Int {
    text.withUnsafeBufferPointer { buffer in
      var lexer = Lexer(buffer, range: start..<end)
      var remaining = count
      var last = start
      while remaining > 0, let token = lexer.next() {
        if token.kind == .comment || token.kind == .dot { continue }
        // An operator that begins with `*` may go on after it.
        last = token.kind == .operator ? token.start + 1 : token.end
        remaining -= 1
      }
      return last
    }
  }
}
