package import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

/// Gives a locking SELECT a total order.
package enum OrderByFix {
  /// `ORDER BY key` before the locking clause, or the key appended to the ORDER BY that there is.
  package static func make(for found: RowOrderFinding) -> Fix? {
    let acquisition = found.acquisition
    let key = found.key
    guard let alias = acquisition.alias, !key.columns.isEmpty, isOnlyLock(found),
      !sortsByChanging(found), !hasTies(found), !found.renamesColumns
    else { return nil }
    let text = StatementText(found.statement)
    guard let clause = text.tokens.index(at: acquisition.range.bytes.lowerBound) else { return nil }
    let group = text.tokens.group(of: clause)
    guard text.tokens.spells("for", at: clause) else { return nil }
    let isQualified = acquisition.isJoined || hidesKey(found) || found.isInRoutine
    let open = key.columns.filter { !sorted(found).contains($0) }
    guard !open.isEmpty else { return nil }
    let columns = open.map {
      (isQualified ? StatementText.quoted(alias) + "." : "") + StatementText.quoted($0)
    }.joined(separator: ", ")
    let place = text.endOfOrder(before: clause, inGroup: group) ?? clause
    let edit: Edit
    if case .lockingSelect(isSorted: true) = acquisition.form {
      guard place > 0, case .partial(_, isExtensible: true) = found.deadlock.cause else {
        return nil
      }
      edit = text.insertion(", \(columns)", at: text.tokens.tokens[place - 1].end)
    } else {
      edit = text.clause("ORDER BY \(columns)", before: place)
    }
    return Fix(
      applicability: caveat(found) == nil ? .safe : .unsafe,
      message: "lock the rows in the order of \(columns)", caveat: caveat(found), edits: [edit])
  }

  /// One ORDER BY orders one table; with several locked it takes a person to choose.
  private static func isOnlyLock(_ found: RowOrderFinding) -> Bool {
    found.statement.acquisitions.filter { $0.range == found.acquisition.range }.count == 1
  }

  /// The columns that the statement sorts by already.
  private static func sorted(_ found: RowOrderFinding) -> [String] {
    guard case .partial(let terms, _, _)? = found.acquisition.rows?.order else { return [] }
    return terms.map(\.text)
  }

  /// The queries of the statement that lock rows.
  private static func selects(_ found: RowOrderFinding) -> [SelectStatement] {
    let root = found.statement.statement.node
    return ([root] + root.descendants)
      .filter { $0.tag == .SelectStmt && !$0.list(.lockingClause).isEmpty }
      .map { SelectStatement(node: $0) }
  }

  /// Another sort key changes which rows are ties.
  private static func hasTies(_ found: RowOrderFinding) -> Bool {
    selects(found).contains(where: \.includesTies)
  }

  /// A key behind a column that changes settles nothing.
  private static func sortsByChanging(_ found: RowOrderFinding) -> Bool {
    guard case .partial(let terms, _, _)? = found.acquisition.rows?.order,
      let changing = found.workload.changing[found.workload.catalog.lockClass(found.table)]
    else { return false }
    return terms.flatMap(\.columns).contains { changing[$0] != nil }
  }

  /// Whether an output that is no column has the name of a key column: ORDER BY would mean the output.
  private static func hidesKey(_ found: RowOrderFinding) -> Bool {
    selects(found).contains { select in
      select.targets.contains { target in
        guard let name = OutputColumn.name(of: target), found.key.columns.contains(name) else {
          return false
        }
        guard target.name == nil, let value = target.value else { return true }
        if case .column = Expression(value) { return false }
        return true
      }
    }
  }

  private static func caveat(_ found: RowOrderFinding) -> String? {
    if !found.key.isKnown { return "assumes that `id` is the key of `\(found.table.short)`" }
    guard found.acquisition.rows?.isLimited ?? false else { return nil }
    if case .lockingSelect(isSorted: true) = found.acquisition.form { return nil }
    return "with LIMIT, another order picks other rows"
  }
}
