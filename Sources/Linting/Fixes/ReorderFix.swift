package import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

/// Puts the tables of one LOCK TABLE or TRUNCATE in the order of those that it can deadlock with.
package enum ReorderFix {
  /// Moves the table that is waited for in front of the one that is held by then. The same tables are
  /// locked, in the same mode.
  package static func make(for found: CircleFinding) -> Fix? {
    let statement = found.statement
    guard found.isOfOneStatement, !statement.statement.isDynamic,
      found.held.reason.isEmpty, found.wanted.reason.isEmpty,
      let tables = tables(of: statement.statement.command),
      let held = index(of: found.held, in: tables),
      let wanted = index(of: found.wanted, in: tables),
      held < wanted
    else { return nil }
    let text = StatementText(statement)
    guard let target = item(tables[held], text), let moved = item(tables[wanted], text),
      moved.lowerBound >= 2, text.tokens.tokens[moved.lowerBound - 1].kind == .comma
    else { return nil }
    let bytes = text.tokens.bytes(moved)
    let gap = text.tokens.tokens[moved.lowerBound - 2].end
    return Fix(
      applicability: .safe,
      message: "lock \(found.table(found.wanted)) before \(found.table(found.held))",
      edits: [
        text.insertion(text.text(bytes) + ", ", at: text.tokens.tokens[target.lowerBound].start),
        text.replacement("", of: gap..<bytes.upperBound),
      ])
  }

  private static func tables(of command: SQLCommand) -> [TableReference]? {
    switch command {
    case .lock(let lock): lock.tables
    case .truncate(let truncate): truncate.tables
    default: nil
    }
  }

  private static func index(of lock: Acquisition, in tables: [TableReference]) -> Int? {
    guard case .table(let name) = lock.target else { return nil }
    let found = tables.indices.filter { index in
      tables[index].name == name.name && tables[index].schema ?? name.schema == name.schema
    }
    return found.count == 1 ? found[0] : nil
  }

  /// The tokens of an item of the list, with its ONLY and its `*`.
  private static func item(_ table: TableReference, _ text: StatementText) -> Range<Int>? {
    guard let location = table.location, var first = text.tokens.index(at: location) else {
      return nil
    }
    var end = first + (table.schema == nil ? 1 : 3)
    guard end <= text.tokens.tokens.count else { return nil }
    if first > 0, text.tokens.spells("only", at: first - 1) { first -= 1 }
    if end < text.tokens.tokens.count, text.text(text.tokens.tokens[end].range) == "*" { end += 1 }
    return first..<end
  }
}
