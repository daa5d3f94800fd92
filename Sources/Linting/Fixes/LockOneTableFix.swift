package import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

/// Lets a locking clause over several tables lock rows of the one that the query is about.
package enum LockOneTableFix {
  /// `FOR UPDATE OF t`, where one ORDER BY can't order the rows of all tables: the one that it orders,
  /// or else, with an ORDER BY, the only one whose columns the query returns.
  package static func make(for found: RowOrderFinding) -> Fix? {
    let locks = found.statement.acquisitions.filter { lock in
      lock.range == found.acquisition.range && lock.target.isRows
    }
    guard case .lockingSelect(let isSorted)? = found.acquisition.form, locks.count > 1,
      locks.allSatisfy({ $0.alias != nil }), !found.renamesColumns
    else { return nil }
    let text = StatementText(found.statement)
    guard let clause = text.tokens.index(at: found.acquisition.range.bytes.lowerBound),
      text.tokens.spells("for", at: clause)
    else { return nil }
    let sorted = locks.filter { lock in
      if case .total? = lock.rows?.order { lock.rows?.count == .many } else { false }
    }
    var edits: [Edit] = []
    let kept: Acquisition
    if sorted.count == 1 {
      kept = sorted[0]
    } else if sorted.isEmpty, !isSorted, let alias = returnedTable(found),
      let lock = locks.first(where: { $0.alias == alias }), let key = key(of: lock, found)
    {
      kept = lock
      let place = text.endOfOrder(before: clause, inGroup: text.tokens.group(of: clause))
      let columns = key.map { "\(StatementText.quoted(alias)).\(StatementText.quoted($0))" }
      edits.append(
        text.clause("ORDER BY \(columns.joined(separator: ", "))", before: place ?? clause))
    } else {
      return nil
    }
    let picksOthers = !edits.isEmpty && kept.rows?.isLimited ?? false
    guard let name = kept.alias.map(StatementText.quoted), let edit = of(name, clause, text) else {
      return nil
    }
    let others = locks.filter { $0.alias != kept.alias }.compactMap(\.target.relation?.short)
    return Fix(
      applicability: .unsafe, message: "lock rows of \(name) only",
      caveat: "rows of \(others.map { "`\($0)`" }.joined(separator: " and ")) are not locked any "
        + "more" + (picksOthers ? "; with LIMIT, another order picks other rows" : ""),
      edits: edits + [edit])
  }

  /// The alias that all outputs of the query are columns of.
  private static func returnedTable(_ found: RowOrderFinding) -> String? {
    guard case .select(let select)? = SQLQuery(found.statement.statement.node),
      select.operands == nil, select.lockingClauses.count == 1
    else { return nil }
    let names = select.targets.map { target -> String? in
      let fields = target.value?.list(.fields).map { $0.string(.sval) } ?? []
      return fields.count == 2 ? fields[0] : nil
    }
    return Set(names).count == 1 ? names[0] : nil
  }

  /// A key whose columns can't be null and stay as they are.
  private static func key(of lock: Acquisition, _ found: RowOrderFinding) -> [String]? {
    guard let name = lock.target.relation,
      let definition = found.workload.catalog.relations[name],
      let columns = definition.keys.first(where: \.isPrimary)?.columns,
      case let changing = found.workload.changing[found.workload.catalog.lockClass(name)],
      columns.allSatisfy({ changing?[$0] == nil })
    else { return nil }
    return columns
  }

  /// The edit that gives a clause the list of one name.
  private static func of(_ name: String, _ clause: Int, _ text: StatementText) -> Edit? {
    let tokens = text.tokens
    let group = tokens.group(of: clause)
    guard let strength = tokens.first(["update", "share"], after: clause, inGroup: group) else {
      return nil
    }
    let isLower = text.text(tokens.tokens[clause].start..<tokens.tokens[clause].end) == "for"
    guard tokens.spells("of", at: strength + 1) else {
      return text.insertion(
        isLower ? " of \(name)" : " OF \(name)", at: tokens.tokens[strength].end)
    }
    let next = tokens.first(
      ["nowait", "skip", "for", "limit", "offset", "fetch"], after: strength, inGroup: group)
    let end = next ?? tokens.end(ofGroup: group)
    guard end > strength + 2 else { return nil }
    return text.replacement(
      name, of: tokens.tokens[strength + 2].start..<tokens.tokens[end - 1].end)
  }
}

extension LockTarget {
  fileprivate var isRows: Bool {
    if case .rows = self { true } else { false }
  }
}
