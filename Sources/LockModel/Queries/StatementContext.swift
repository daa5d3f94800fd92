import Diagnostics
import PostgresSyntax

/// What all parts of a statement are lowered with, and where they leave what is no lock.
final class StatementContext {
  let statement: Statement
  let file: ParsedFile
  let catalog: Catalog
  /// The schemas that names without one are looked up in.
  let searchPath: [String]
  /// The routines that the statement runs in.
  let stack: RoutineStack
  /// What SET CONSTRAINTS has said, by constraint; `*` for all.
  let deferral: [String: Bool]
  /// Names that stand for something else than a table.
  let shadowed: Set<String>
  /// What happens after the statement has written its rows.
  let after = AfterQueue()
  /// Data-modifying CTEs in the order of the text; those that nothing reads run at the end.
  private(set) var writes: [DerivedTable] = []
  /// What could not be modelled.
  private(set) var notes: [LockNote] = []
  /// The columns of existing rows that are changed, by table.
  private(set) var written: [RelationName: WrittenColumns] = [:]
  /// Whether it gives back advisory locks of the session.
  private(set) var unlocks = false
  private lazy var places = StatementPlaces(statement, in: file)

  init(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String],
    stack: RoutineStack, deferral: [String: Bool] = [:], shadowed: Set<String> = []
  ) {
    self.statement = statement
    self.file = file
    self.catalog = catalog
    self.searchPath = searchPath
    self.stack = stack
    self.deferral = deferral
    self.shadowed = shadowed
  }

  /// The same statement, inside of a rule or routine.
  func inside(_ stack: RoutineStack) -> StatementContext {
    StatementContext(
      statement, in: file, catalog: catalog, searchPath: searchPath, stack: stack,
      deferral: deferral)
  }

  func note(_ text: String, isDetail: Bool = false) {
    notes.append(LockNote(text, isDetail: isDetail))
  }

  func add(_ notes: [LockNote]) { self.notes += notes }

  /// Keeps that columns of a table's rows get other values.
  func noteWritten(_ table: RelationName, _ columns: some Sequence<String>) {
    written[table, default: WrittenColumns()].add(columns)
  }

  func noteWritten(_ table: RelationName, _ columns: WrittenColumns) {
    written[table, default: WrittenColumns()].formUnion(columns)
  }

  func noteWritten(_ other: [RelationName: WrittenColumns]) {
    for (table, columns) in other { noteWritten(table, columns) }
  }

  /// Keeps that advisory locks of the session are given back.
  func noteUnlock() { unlocks = true }

  /// Keeps a data-modifying CTE until it is known whether something reads it.
  func add(write: DerivedTable) { writes.append(write) }

  // MARK: Budget

  /// A statement lists no more locks of what it sets off, so that routines that set off each other
  /// in all ways stay readable; a note says so.
  private static let effectLimit = 1024
  private var effects = 0

  /// Whether the locks of one more routine or rule are listed.
  func admits(_ count: Int) -> Bool {
    guard effects < Self.effectLimit else {
      if effects == Self.effectLimit { note("more is set off here than is listed") }
      effects = Self.effectLimit + 1
      return false
    }
    effects = min(effects + count, Self.effectLimit)
    return true
  }

  // MARK: Places

  /// The whole statement.
  var range: SourceRange { SourceRange(file: file.source, bytes: statement.range) }

  /// Whether the statement begins with WITH, so that it has several parts that can lock.
  var hasCommonTables: Bool { statement.node.has(.withClause) }

  /// From the statement's keyword to the end of the table's name or alias.
  func headRange(_ keyword: StaticString, _ target: TableReference) -> SourceRange {
    places.headRange(keyword, target)
  }

  /// The locking clause itself, or the statement where it can't be found.
  func range(of clause: LockingClause, in select: SelectStatement) -> SourceRange {
    places.range(of: clause, in: select)
  }
}
