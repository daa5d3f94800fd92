package import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

/// Makes an UPDATE or DELETE lock its rows in order before it writes them.
///
/// An uncorrelated sub-select with ORDER BY and a locking clause takes every row's first lock in
/// its order, under every plan that was tried; the write may then go in any order.
package struct LockFirstFix {
  private let found: RowOrderFinding
  private let text: StatementText

  /// The fix of a hazard, or nil when it can't be written.
  package static func make(for found: RowOrderFinding) -> Fix? {
    guard found.acquisition.form == .plainWrite || found.acquisition.form == .drivenWrite,
      found.acquisition.alias != nil, !found.key.columns.isEmpty, !found.renamesColumns,
      !found.hidesTable
    else { return nil }
    return LockFirstFix(found: found, text: StatementText(found.statement)).fix()
  }

  private var columns: [String] { found.key.columns.map(StatementText.quoted) }
  private var alias: String { StatementText.quoted(found.acquisition.alias ?? "") }
  private var strength: String { found.acquisition.mode.spelling }

  private func fix() -> Fix? {
    guard let node = write(), let edits = lockSubselect(of: node) ?? wrapCondition(of: node) else {
      return nil
    }
    var caveat = "a row that another session changes meanwhile is checked by the sub-select only"
    if picksByLimit(node) { caveat += "; with LIMIT, another order picks other rows" }
    if !found.key.isKnown { caveat += "; assumes that `id` is the key of `\(found.table.short)`" }
    return Fix(
      applicability: .unsafe,
      message: "lock the rows first, in the order of \(columns.joined(separator: ", "))",
      caveat: caveat, edits: edits)
  }

  /// The UPDATE or DELETE that takes the lock.
  private func write() -> Node? {
    let root = found.statement.statement.node
    return ([root] + root.descendants).first { node in
      guard node.tag == .UpdateStmt || node.tag == .DeleteStmt,
        let location = node.child(.relation)?.location
      else { return false }
      return found.acquisition.range.bytes.contains(location)
    }
  }

  // MARK: A sub-select that is there

  /// Adds `ORDER BY key FOR UPDATE` to a sub-select that picks keys of the same table.
  private func lockSubselect(of node: Node) -> [Edit]? {
    guard found.acquisition.form == .drivenWrite, columns.count == 1 else { return nil }
    let candidates = subselects(of: node).filter(picksKey)
    guard candidates.count == 1, let select = candidates.first,
      let anchor = select.targets.first?.node.location, let start = text.tokens.index(at: anchor)
    else { return nil }
    let group = text.tokens.group(of: start)
    guard group >= 0 else { return nil }
    let end = text.tokens.end(ofGroup: group)
    let words: [StaticString] = ["where", "from", "order", "limit", "offset", "fetch"]
    var sibling = start
    while let next = text.tokens.first(words, after: sibling, inGroup: group) { sibling = next }
    let lock = text.clause(strength, after: end - 1, sibling: sibling)
    let column = key(of: select)
    if select.sortKeys.isEmpty {
      let limit = text.tokens.first(["limit", "offset", "fetch"], after: start, inGroup: group)
      if let limit {
        return [text.clause("ORDER BY \(column)", before: limit), lock]
      }
      return [text.clause("ORDER BY \(column) \(strength)", after: end - 1, sibling: sibling)]
    }
    guard sortsByKey(select) else { return nil }
    return [lock]
  }

  /// The key of the table of a sub-select, as it must be written there.
  private func key(of select: SelectStatement) -> String {
    guard found.isInRoutine, let item = select.from.first, case .table(let table) = FromItem(item)
    else { return columns[0] }
    return StatementText.quoted(table.visibleName) + "." + columns[0]
  }

  /// Whether a sub-select without ORDER BY picks some rows of many.
  private func picksByLimit(_ node: Node) -> Bool {
    subselects(of: node).contains { $0.limit != nil && $0.sortKeys.isEmpty }
  }

  private func subselects(of node: Node) -> [SelectStatement] {
    var result: [SelectStatement] = []
    let items = node.tag == .UpdateStmt ? node.list(.fromClause) : node.list(.usingClause)
    for item in items {
      if case .subselect(let select, _, _, _) = FromItem(item) { result.append(select) }
    }
    for condition in Expression.conjuncts(of: node.child(.whereClause)) {
      if case .subselect(let link) = Expression(condition), link.kind == .any {
        result.append(link.select)
      }
    }
    return result
  }

  private func picksKey(_ select: SelectStatement) -> Bool {
    guard select.operands == nil, !select.isGrouped, !select.isDistinct, !select.aggregates,
      select.with == nil, select.lockingClauses.isEmpty, select.from.count == 1,
      !select.node.subtree.contains(where: { node in
        node.tag == .FuncCall && FunctionCall(node: node).isWindow
      }),
      let item = select.from.first, case .table(let reference) = FromItem(item),
      reference.name == found.table.name
    else { return false }
    return select.targets.contains { target in
      guard let value = target.value, case .column(let names) = Expression(value) else {
        return false
      }
      return names.last == found.key.columns[0]
    }
  }

  private func sortsByKey(_ select: SelectStatement) -> Bool {
    guard let first = select.sortKeys.first?.expression,
      case .column(let names) = Expression(first)
    else { return false }
    return names.last == found.key.columns[0]
  }

  // MARK: A sub-select around the condition

  /// `WHERE c` becomes `WHERE key IN (SELECT key FROM t WHERE c ORDER BY key FOR UPDATE)`; with
  /// FROM the sub-select repeats the join and stands beside the condition.
  private func wrapCondition(of node: Node) -> [Edit]? {
    guard let head = text.tokens.index(at: found.acquisition.range.bytes.lowerBound) else {
      return nil
    }
    let group = text.tokens.group(of: head)
    let end =
      text.tokens.first(["returning"], after: head, inGroup: group)
      ?? text.tokens.end(ofGroup: group)
    guard end > head else { return nil }
    let last = text.tokens.tokens[end - 1].end
    let isJoined = !node.list(.fromClause).isEmpty || !node.list(.usingClause).isEmpty
    let isWide = columns.count > 1
    let isQualified = isJoined || found.isInRoutine
    let keys = columns.map { isQualified ? "\(alias).\($0)" : $0 }.joined(separator: ", ")
    let left = isWide ? "(\(keys))" : keys
    let lock = "ORDER BY \(keys) \(strength)\(isJoined ? " OF \(alias)" : "")"
    guard let condition = text.tokens.first(["where"], after: head, inGroup: group),
      condition < end
    else {
      guard !isJoined else { return nil }
      return [
        text.insertion(" WHERE \(left) IN (SELECT \(keys) FROM \(target) \(lock))", at: last)
      ]
    }
    let start = text.tokens.tokens[condition + 1].start
    guard isJoined else {
      return [
        text.insertion("\(left) IN (SELECT \(keys) FROM \(target) WHERE ", at: start),
        text.insertion(" \(lock))", at: last),
      ]
    }
    let from = node.tag == .UpdateStmt ? "from" : "using"
    guard let fromToken = firstOf(from, after: head, group), fromToken < condition else {
      return nil
    }
    // What is copied is evaluated twice.
    guard Volatility.reason(for: node, catalog: found.workload.catalog) == nil,
      !node.subtree.contains(where: { $0.tag == .RangeTableSample })
    else { return nil }
    let sources = text.text(text.tokens.bytes((fromToken + 1)..<condition))
    let whole = text.text(start..<last)
    // Copied parameters without a name or number would be counted twice.
    guard !hasAnonymousParameters(in: text.tokens.tokens[fromToken].start..<last) else {
      return nil
    }
    let isOr = node.child(.whereClause).map { condition in
      if case .or = Expression(condition) { true } else { false }
    }
    let lockRows =
      " AND \(left) IN (SELECT \(keys) FROM \(target), \(sources) WHERE \(whole) \(lock))"
    guard isOr ?? false else { return [text.insertion(lockRows, at: last)] }
    return [text.insertion("(", at: start), text.insertion(")" + lockRows, at: last)]
  }

  private func hasAnonymousParameters(in range: Range<Int>) -> Bool {
    found.statement.file.placeholders.contains {
      range.overlaps($0.range) && ($0.text == "?" || $0.text == "%s")
    }
  }

  private func firstOf(_ word: String, after head: Int, _ group: Int) -> Int? {
    word == "from"
      ? text.tokens.first(["from"], after: head, inGroup: group)
      : text.tokens.first(["using"], after: head, inGroup: group)
  }

  /// The target as the statement writes it, with its alias.
  private var target: String {
    let head = found.acquisition.range.bytes
    guard let start = text.tokens.index(at: head.lowerBound),
      let end = text.tokens.index(at: head.upperBound - 1)
    else { return alias }
    let skipped = text.tokens.spells("delete", at: start) ? 2 : 1
    return text.text(text.tokens.bytes((start + skipped)..<(end + 1)))
  }
}
