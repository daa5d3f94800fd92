import PostgresSyntax

/// The rows of a VALUES list, seen from a unique key.
struct InsertedValues {
  let rows: [[Node]]
  /// The columns that the values go to.
  let columns: [String]
  let key: [InsertOrder.KeyPart]
  let catalog: Catalog
  let definition: Catalog.Relation?

  private var keyText: String {
    key.isEmpty ? "the key" : key.map { "`\($0.label)`" }.joined(separator: ", ")
  }

  /// Fills in how many rows there are and in which order.
  func describe(_ set: inout RowSet) {
    guard rows.count > 1 else {
      // One row of VALUES is a SELECT without FROM, which `unnest` makes many of.
      guard rows.contains(where: { $0.contains(where: SetFunctions.occur) }) else {
        set.count = .one
        return
      }
      set.count = .many
      set.order = .unordered(why: "the rows come as the function in VALUES gives them")
      return
    }
    let positions = key.map { part in part.column.flatMap { columns.firstIndex(of: $0) } }
    guard !key.isEmpty, positions.allSatisfy({ $0 != nil }) else {
      set.order = .unordered(why: "nothing says that the values of \(keyText) are sorted")
      return
    }
    let varying = positions.compactMap { $0 }.filter { !isSame(at: $0) }
    for position in positions.compactMap({ $0 }) where !varying.contains(position) {
      set.pinned[columns[position]] = rows.first.map { Term($0[position]) }
    }
    let literals = rows.map { row in varying.map { literal(row, at: $0) } }
    guard literals.allSatisfy({ $0.allSatisfy { $0 != nil } }) else {
      set.order = .unordered(why: "nothing says that the values of \(keyText) are sorted")
      return
    }
    let keys = literals.map { $0.compactMap { $0 } }
    set.literalKeys = keys
    let names = varying.map { columns[$0] }
    if Self.ascends(keys) {
      set.order = .total(names.map { SortTerm(text: $0) })
    } else if Self.ascends(keys.reversed()) {
      set.order = .total(names.map { SortTerm(text: $0, isDescending: true) })
    } else {
      set.order = .unordered(why: "the VALUES are not sorted by \(keyText)")
    }
  }

  /// Whether a column has the same value in every row, so that it orders nothing.
  private func isSame(at position: Int) -> Bool {
    guard rows.allSatisfy({ position < $0.count && Self.isRepeatable($0[position], catalog) })
    else {
      return false
    }
    return Set(rows.map { CanonicalExpression.text($0[position]) }).count == 1
  }

  /// Whether the same text means the same value: not so for `?`, `random()` and sub-selects.
  static func isRepeatable(_ node: Node, _ catalog: Catalog) -> Bool {
    for node in node.subtree {
      if node.tag == .SubLink { return false }
      if let placeholder = node.placeholder, placeholder.text == "?" || placeholder.text == "%s" {
        return false
      }
    }
    return Volatility.reason(for: node, catalog: catalog) == nil
  }

  /// The value as the column's type compares it.
  private func literal(_ row: [Node], at position: Int) -> Literal? {
    guard position < row.count, let literal = Literal(row[position]) else { return nil }
    let integers: Set<String> = ["int2", "int4", "int8", "serial", "bigserial", "smallserial"]
    if case .string(let text) = literal, let number = Int(text),
      let type = definition?.column(columns[position])?.type, integers.contains(type)
    {
      return .integer(number)
    }
    return literal
  }

  /// Whether each key is known not to come before the one ahead of it.
  private static func ascends(_ keys: [[Literal]]) -> Bool {
    zip(keys, keys.dropFirst()).allSatisfy { earlier, later in
      for (left, right) in zip(earlier, later) where left != right {
        return left.precedes(right) ?? false
      }
      return true
    }
  }
}
