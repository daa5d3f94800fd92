package import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

/// Sorts the query of a PL/pgSQL loop by the key of the rows that the loop's body locks one by one.
package enum LoopOrderFix {
  /// `ORDER BY` with the outputs of the query that the statement finds its rows by; nil where that is
  /// not all of a key, or where the query has an order already.
  package static func make(for found: RowOrderFinding) -> Fix? {
    guard found.acquisition.loop == .query, found.isDirect, found.key.isKnown,
      let variables = variables(of: found.key.columns, in: found.statement.statement.node),
      let (targets, query) = found.routineDefinition?.plpgsql.flatMap({ body in
        loop(around: found.statement.statement.range, setting: variables, in: body)
      }),
      let statement = query.statement, case .select(let select)? = SQLQuery(statement.node),
      select.operands == nil, !select.isGrouped, !select.isDistinct, select.valueRows.isEmpty,
      select.sortKeys.isEmpty, !select.from.isEmpty
    else { return nil }
    let terms = variables.map { term(for: $0, targets, select) }
    guard terms.allSatisfy({ $0 != nil }) else { return nil }
    let columns = terms.compactMap { $0 }.joined(separator: ", ")
    let text = StatementText(statement, in: found.statement.file)
    guard let edit = text.orderBy(columns) else { return nil }
    let caveat = select.limit == nil ? nil : "with LIMIT, another order picks other rows"
    return Fix(
      applicability: caveat == nil ? .safe : .unsafe,
      message: "go over the rows in the order of \(columns)", caveat: caveat, edits: [edit])
  }

  /// The variables that a statement finds the columns of a key by.
  private static func variables(of key: [String], in node: Node) -> [Term.Variable]? {
    var values: [String: Term.Variable] = [:]
    let conditions: [Node]
    switch SQLQuery(node) {
    case .update(let update): conditions = Expression.conjuncts(of: update.condition)
    case .delete(let delete): conditions = Expression.conjuncts(of: delete.condition)
    case .select(let select): conditions = Expression.conjuncts(of: select.condition)
    case .insert(let insert):
      let row = insert.source?.valueRows.first.map { Array($0.list(.items)) } ?? []
      for (column, value) in zip(insert.columns, row) {
        if case .variable(let variable) = Term(value) { values[column] = variable }
      }
      conditions = []
    case .merge, nil: conditions = []
    }
    for condition in conditions {
      guard case .operation("=", let left?, let right) = Expression(condition) else { continue }
      for (column, value) in [(left, right), (right, left)] {
        guard case .column(let names) = Expression(Expression.withoutCasts(column)),
          let name = names.last, case .variable(let variable) = Term(value)
        else { continue }
        values[name] = variable
      }
    }
    let found = key.compactMap { values[$0] }
    return found.isEmpty || found.count < key.count ? nil : found
  }

  /// The innermost loop over a query around a place that gives some variables their values.
  private static func loop(
    around place: Range<Int>, setting variables: [Term.Variable], in body: PLBlock
  ) -> (targets: [String], query: PLQuery)? {
    body.loops(around: place).reversed().lazy.compactMap { loop in
      guard case .query(let targets, let query) = loop.kind,
        variables.allSatisfy({ targets.contains($0.name) || targets.contains($0.text) })
      else { return nil }
      return (targets, query)
    }.first
  }

  /// What a query sorts by so that a variable's values ascend.
  private static func term(
    for variable: Term.Variable, _ targets: [String], _ select: SelectStatement
  ) -> String? {
    guard let position = targets.firstIndex(of: variable.text) else {
      return variable.field.flatMap { term(forOutput: $0, select) }
    }
    let outputs = select.targets
    guard outputs.count == targets.count, !outputs.contains(where: \.isStar) else { return nil }
    return term(for: outputs[position])
  }

  private static func term(forOutput name: String, _ select: SelectStatement) -> String? {
    let named = select.targets.filter { OutputColumn.name(of: $0) == name }
    if let target = named.first {
      // ORDER BY would not know which one is meant.
      let isOnly = named.count == 1 && !select.targets.contains(where: \.isStar)
      return isOnly ? term(for: target) : nil
    }
    // `SELECT *` over one table.
    guard select.targets.contains(where: \.isStar), select.from.count == 1,
      let only = select.from.first,
      case .table(let table) = FromItem(only)
    else { return nil }
    return StatementText.quoted(table.visibleName) + "." + StatementText.quoted(name)
  }

  private static func term(for target: ResultTarget) -> String? {
    if let value = target.value, case .column(let names) = Expression(value) {
      return names.map(StatementText.quoted).joined(separator: ".")
    }
    return target.name.map(StatementText.quoted)
  }
}
