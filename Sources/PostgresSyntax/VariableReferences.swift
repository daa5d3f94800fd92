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
      let known = columns ?? PlausibleColumns(root)
      columns = known
      if reference.isBare, scope.columnsWin, known.mayBeColumn(names[0]) { continue }
      if !reference.isBare, known.qualifiers.contains(names[0]) { continue }
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

/// The items of ORDER BY, GROUP BY and DISTINCT ON that name an output column.
enum OutputReferences {
  /// The indices of their `ColumnRef` nodes; output columns come before variables there
  /// (`findTargetlistEntrySQL92` in PostgreSQL's `parse_clause.c`).
  static func find(in root: Node) -> Set<Int32> {
    var result: Set<Int32> = []
    for node in root.subtree where node.tag == .SelectStmt {
      let select = SelectStatement(node: node)
      let items =
        node.list(.sortClause).compactMap { $0.child(.node) }
        + Array(node.list(.groupClause)) + Array(node.list(.distinctClause))
      let columns = items.filter { $0.tag == .ColumnRef && $0.list(.fields).count == 1 }
      guard !columns.isEmpty else { continue }
      let names = Set(select.targets.compactMap(outputName))
      for column in columns where names.contains(column.list(.fields).first?.string(.sval) ?? "") {
        result.insert(column.index)
      }
    }
    return result
  }

  private static func outputName(of target: ResultTarget) -> String? {
    target.name ?? target.value.flatMap(implicitName)
  }

  /// As `FigureColname` in PostgreSQL's `parse_target.c`, for what is common.
  private static func implicitName(of value: Node) -> String? {
    let value = Expression.withoutCasts(value)
    if value.tag == .FuncCall { return FunctionCall(node: value).name }
    guard value.tag == .ColumnRef else { return nil }
    let fields = Array(value.list(.fields))
    // A bare name that is a variable is one here, too.
    return fields.count > 1 ? fields.last?.string(.sval) : nil
  }
}
