package import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

/// Sorts the rows of an INSERT by the key that conflicts.
package struct SortedRowsFix {
  private let found: RowOrderFinding
  private let insert: InsertStatement
  private let text: StatementText

  /// The fix of a hazard, or nil when it can't be written.
  package static func make(for found: RowOrderFinding, by key: [String]) -> Fix? {
    let root = found.statement.statement.node
    let node = ([root] + root.descendants).first { node in
      guard node.tag == .InsertStmt, let location = node.child(.relation)?.location else {
        return false
      }
      return found.acquisition.range.bytes.contains(location)
    }
    guard let node, !key.isEmpty else { return nil }
    let insert = InsertStatement(node: node)
    let fix = SortedRowsFix(
      found: found, insert: insert, text: StatementText(found.statement))
    guard let source = insert.source else { return nil }
    return source.valueRows.isEmpty
      ? fix.sortSelect(source, by: key) : fix.sortValues(source, by: key)
  }

  private var columns: [String] {
    insert.columns.isEmpty ? found.definition?.columns.map(\.name) ?? [] : insert.columns
  }

  // MARK: VALUES

  private func sortValues(_ source: SelectStatement, by key: [String]) -> Fix? {
    let positions = key.compactMap { columns.firstIndex(of: $0) }
    guard positions.count == key.count, let ranges = rowRanges(), ranges.count > 1 else {
      return nil
    }
    let keys = source.valueRows.map { row -> [Literal?] in
      let values = Array(row.list(.items))
      return positions.map { $0 < values.count ? Literal(values[$0]) : nil }
    }
    guard keys.count == ranges.count, keys.allSatisfy({ $0.allSatisfy { $0 != nil } }) else {
      return nil
    }
    let tuples = keys.map { $0.compactMap { $0 } }
    guard let order = sorted(tuples) else { return nil }
    let texts = ranges.map(text.text)
    let edits = ranges.indices.compactMap { index in
      order[index] == index ? nil : text.replacement(texts[order[index]], of: ranges[index])
    }
    guard !edits.isEmpty else { return nil }
    return fix(by: key, edits: edits)
  }

  private func fix(by key: [String], edits: [Edit]) -> Fix {
    let showsOrder = !insert.returning.isEmpty || hasGeneratedColumn
    return Fix(
      applicability: showsOrder ? .unsafe : .safe,
      message: "sort the rows by \(key.joined(separator: ", "))",
      caveat: showsOrder ? "generated values and RETURNING come in the new order" : nil,
      edits: edits)
  }

  /// Whether a column that gets no value is numbered in the order of the rows.
  private var hasGeneratedColumn: Bool {
    found.definition?.columns.contains { $0.hasDefault && !columns.contains($0.name) } ?? false
  }

  /// The indices in the order of the keys; nil when two can't be compared.
  private func sorted(_ tuples: [[Literal]]) -> [Int]? {
    var comparable = true
    let order = tuples.indices.sorted { left, right in
      for (first, second) in zip(tuples[left], tuples[right]) where first != second {
        guard let precedes = first.precedes(second) else {
          comparable = false
          return left < right
        }
        return precedes
      }
      return left < right
    }
    return comparable ? order : nil
  }

  /// The bytes of each row of VALUES, with its parentheses.
  private func rowRanges() -> [Range<Int>]? {
    guard let head = text.tokens.index(at: found.acquisition.range.bytes.upperBound) else {
      return nil
    }
    let group = text.tokens.group(of: head)
    guard let values = text.tokens.first(["values"], after: head - 1, inGroup: group) else {
      return nil
    }
    var ranges: [Range<Int>] = []
    var index = values + 1
    while index < text.tokens.tokens.count, text.tokens.tokens[index].kind == .leftParenthesis {
      let close = text.tokens.end(ofGroup: index)
      guard close < text.tokens.tokens.count else { return nil }
      ranges.append(text.tokens.bytes(index..<(close + 1)))
      index = close + 1
      guard index < text.tokens.tokens.count, text.tokens.tokens[index].kind == .comma else {
        break
      }
      index += 1
    }
    return ranges
  }

  // MARK: SELECT

  private func sortSelect(_ source: SelectStatement, by key: [String]) -> Fix? {
    guard source.operands == nil, source.sortKeys.isEmpty, !source.isDistinct, source.limit == nil,
      source.offset == nil, let anchor = source.targets.first?.node.location,
      let start = text.tokens.index(at: anchor)
    else { return nil }
    let sorting = key.filter { !isConstant($0, source) }
    let terms = sorting.compactMap { term(for: $0, source) }
    guard !terms.isEmpty, terms.count == sorting.count else { return nil }
    let group = text.tokens.group(of: start)
    let end =
      text.tokens.first(["returning", "on"], after: start, inGroup: group) {
        text.tokens.spells("returning", at: $0) || text.tokens.spells("conflict", at: $0 + 1)
      } ?? text.tokens.end(ofGroup: group)
    guard end > start else { return nil }
    let edit =
      end < text.tokens.tokens.count && group < 0
      ? text.clause("ORDER BY \(terms.joined(separator: ", "))", before: end)
      : text.insertion(
        " ORDER BY \(terms.joined(separator: ", "))", at: text.tokens.tokens[end - 1].end)
    return fix(by: key, edits: [edit])
  }

  /// Whether a column gets a literal or a parameter: it sorts nothing, and in ORDER BY a parameter
  /// loses the type that the INSERT gives it.
  private func isConstant(_ column: String, _ source: SelectStatement) -> Bool {
    guard let position = columns.firstIndex(of: column), position < source.targets.count,
      let value = source.targets[position].value.map(Expression.withoutCasts)
    else { return false }
    switch Expression(value) {
    case .constant, .parameter: return true
    default: return false
    }
  }

  /// How ORDER BY names the output that feeds a column: by its name, or by its position.
  private func term(for column: String, _ source: SelectStatement) -> String? {
    guard let position = columns.firstIndex(of: column), position < source.targets.count,
      !source.targets.prefix(position + 1).contains(where: {
        if let value = $0.value, case .star = Expression(value) { true } else { false }
      })
    else { return nil }
    if let name = source.targets[position].name { return StatementText.quoted(name) }
    if let value = source.targets[position].value, case .column(let names) = Expression(value) {
      return names.map(StatementText.quoted).joined(separator: ".")
    }
    return "\(position + 1)"
  }
}
