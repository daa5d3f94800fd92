import Diagnostics
import PostgresSyntax

/// The locks on whole relations that a statement takes before it runs, in the order in which they
/// are taken.
///
/// PostgreSQL locks every relation while it analyses the text (`transformStmt` in `analyze.c`),
/// then what views and rules lead to (`rewriteHandler.c`), then children and partitions when it
/// plans (`inherit.c`). Utility statements lock what they work on.
struct TableLocks {
  var acquisitions: [Acquisition]
  var notes: [String]

  /// Whether the statement asks for locks by name, so that rules need to know them.
  static func isExplicit(_ statement: Statement) -> Bool {
    if case .lock = statement.command { return true }
    if case .alterTable = statement.command { return true }
    if case .truncate = statement.command { return true }
    return false
  }

  static func of(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String],
    shadowed: Set<String> = []
  ) -> TableLocks {
    let context = TableLockContext(
      range: SourceRange(file: file.source, bytes: statement.range), catalog: catalog,
      searchPath: searchPath, routine: statement.routine, shadowed: shadowed)
    let list = CommandLocks(context).of(statement.command)
    return TableLocks(acquisitions: list.acquisitions, notes: list.notes)
  }
}

extension Acquisition {
  /// A lock on a whole relation.
  static func table(
    _ name: RelationName, _ mode: TableLockMode, reason: [Reason], range: SourceRange,
    isPrivate: Bool = false
  ) -> Acquisition {
    Acquisition(
      target: .table(name), mode: .table(mode), rows: nil, waits: .blocks,
      duration: .transaction, reason: reason, range: range, form: nil, assumptions: [],
      isPrivate: isPrivate)
  }
}

extension Catalog.ForeignKey {
  /// How a report names it.
  var title: String { name ?? columns.joined(separator: ", ") }
}
