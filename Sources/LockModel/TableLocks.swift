import Diagnostics
import PostgresSyntax

/// The table and advisory locks that a statement's text names, in the order in which they are
/// taken: PostgreSQL locks every table while it analyses the text, WITH first, then the target,
/// FROM, the output list and the conditions (`transformStmt` in `analyze.c`).
struct TableLocks {
  var acquisitions: [Acquisition]
  var notes: [String]

  /// Whether the statement asks for locks by name, so that rules need to know them.
  static func isExplicit(_ statement: Statement) -> Bool {
    switch statement.node.tag {
    case .LockStmt, .AlterTableStmt, .TruncateStmt: true
    case .SelectStmt:
      statement.node.list(.targetList).contains { target in
        guard let value = target.child(.val), value.tag == .FuncCall else { return false }
        return AdvisoryLock(FunctionCall(node: value)) != nil
      }
    default: false
    }
  }

  static func of(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String]
  ) -> TableLocks {
    var walk = TableLockWalk(
      range: SourceRange(file: file.source, bytes: statement.range), catalog: catalog,
      searchPath: searchPath)
    walk.statement(statement.node)
    return TableLocks(acquisitions: walk.acquisitions, notes: walk.notes)
  }
}

/// A call of one of the advisory-lock functions (manual 13.3.5).
struct AdvisoryLock {
  let key: String
  let isExclusive: Bool
  let duration: LockDuration
  let waits: WaitPolicy

  init?(_ call: FunctionCall) {
    guard call.name.hasPrefix("pg_"), call.name.contains("advisory"),
      !call.name.contains("unlock")
    else { return nil }
    key = call.arguments.map { Literal($0)?.text ?? Structure.text($0) }.joined(separator: ", ")
    isExclusive = !call.name.hasSuffix("_shared")
    duration = call.name.contains("xact") ? .transaction : .session
    waits = call.name.hasPrefix("pg_try") ? .skips : .blocks
  }
}

/// Goes over a statement in the order of PostgreSQL's analysis.
private struct TableLockWalk {
  let range: SourceRange
  let catalog: Catalog
  let searchPath: [String]
  var acquisitions: [Acquisition] = []
  var notes: [String] = []
  private var hidden: [Set<String>] = []
  private var views: [RelationName] = []

  init(range: SourceRange, catalog: Catalog, searchPath: [String]) {
    self.range = range
    self.catalog = catalog
    self.searchPath = searchPath
  }

  mutating func statement(_ node: Node) {
    switch node.tag {
    case .SelectStmt: select(node, mode: .accessShare)
    case .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt: write(node)
    case .LockStmt: lockTables(node)
    case .AlterTableStmt:
      guard let relation = node.child(.relation) else { break }
      lock(TableReference(relation), AlterTableMode.strongest(of: node))
    case .TruncateStmt:
      for relation in node.list(.relations) { lock(TableReference(relation), .accessExclusive) }
    case .ExplainStmt, .PrepareStmt, .DeclareCursorStmt, .CreateTableAsStmt:
      if let query = node.child(.query) { statement(query) }
    case .CopyStmt:
      if let query = node.child(.query) { statement(query) }
      if let relation = node.child(.relation) {
        lock(TableReference(relation), node.flag(.is_from) ? .rowExclusive : .accessShare)
      }
    case .TransactionStmt, .VariableSetStmt, .CreateFunctionStmt, .CreateSchemaStmt,
      .DeallocateStmt:
      break
    default: notes.append("the table locks of \(node.kindName) are not modelled")
    }
    for view in views { expand(view) }
  }

  private mutating func lockTables(_ node: Node) {
    // The grammar numbers the modes from 1, as in PostgreSQL's lockdefs.h.
    let modes = TableLockMode.allCases
    let mode = modes[min(max(node.int(.mode) - 1, 0), modes.count - 1)]
    for relation in node.list(.relations) { lock(TableReference(relation), mode) }
  }

  private mutating func lock(_ reference: TableReference, _ mode: TableLockMode) {
    if reference.schema == nil, hidden.contains(where: { $0.contains(reference.name) }) { return }
    let name = catalog.resolve(
      schema: reference.schema, name: reference.name, searchPath: searchPath)
    append(name, mode, reason: ["direct"])
    if let definition = catalog.relations[name], case .view = definition.kind { views.append(name) }
  }

  private mutating func append(_ name: RelationName, _ mode: TableLockMode, reason: [String]) {
    let known = acquisitions.contains { $0.target == .table(name) && $0.mode == .table(mode) }
    guard !known else { return }
    acquisitions.append(
      Acquisition(
        target: .table(name), mode: .table(mode), rows: nil, waits: .blocks,
        duration: .transaction, reason: reason, range: range, form: nil, assumptions: [],
        isPrivate: catalog.relations[name]?.isTemporary ?? false))
  }

  /// Views are opened after all names of the text, in their order (`fireRIRrules`).
  private mutating func expand(_ view: RelationName) {
    guard let definition = catalog.relations[view], case .view(let query) = definition.kind else {
      return
    }
    let mode = acquisitions.first { $0.target == .table(view) }?.mode ?? .table(.accessShare)
    guard case .table(let mode) = mode else { return }
    for node in query.node.descendants where node.tag == .RangeVar {
      let reference = TableReference(node)
      let name = catalog.resolve(
        schema: reference.schema, name: reference.name, searchPath: searchPath)
      append(name, mode, reason: ["view \(view.short)"])
    }
  }

  private mutating func write(_ node: Node) {
    with(node)
    defer { if node.child(.withClause) != nil { hidden.removeLast() } }
    if let relation = node.child(.relation) {
      let visible = hidden
      hidden = []
      lock(TableReference(relation), .rowExclusive)
      hidden = visible
    }
    for field in [
      Field.sourceRelation, .selectStmt, .joinCondition, .onConflictClause,
    ] {
      if let child = node.child(field) { expression(child) }
    }
    for field in [Field.fromClause, .usingClause] {
      for item in node.list(field) { expression(item) }
    }
    if let condition = node.child(.whereClause) { expression(condition) }
    for field in [Field.targetList, .mergeWhenClauses, .returningList] {
      for item in node.list(field) { expression(item) }
    }
  }

  private mutating func with(_ node: Node) {
    guard let with = node.child(.withClause).map(WithClause.init) else { return }
    hidden.append(with.isRecursive ? Set(with.tables.map(\.name)) : [])
    for table in with.tables {
      if let query = table.query { nested(query) }
      hidden[hidden.count - 1].insert(table.name)
    }
  }

  private mutating func nested(_ query: Node) {
    if query.tag == .SelectStmt { select(query, mode: .accessShare) } else { write(query) }
  }

  private mutating func select(_ node: Node, mode: TableLockMode) {
    with(node)
    defer { if node.child(.withClause) != nil { hidden.removeLast() } }
    let clauses = SelectStatement(node: node).lockingClauses
    let named = Set(clauses.flatMap(\.of))
    for item in node.list(.fromClause) {
      from(item, clauses.isEmpty ? (mode == .rowShare ? nil : []) : (named.isEmpty ? nil : named))
    }
    for side in [Field.larg, .rarg] {
      if let operand = node.child(side) { select(operand, mode: mode) }
    }
    for child in node.children where child.tag != .RangeVar && child.tag != .LockingClause {
      if node.list(.fromClause).contains(where: { $0.isSame(as: child) }) { continue }
      if child.tag == .WithClause || child.tag == .SelectStmt { continue }
      expression(child)
    }
  }

  /// An item of FROM; `locked` holds the aliases that a locking clause names, nil for all.
  private mutating func from(_ node: Node, _ locked: Set<String>?) {
    func isLocked(_ name: String) -> Bool { locked?.contains(name) ?? true }
    switch FromItem(node) {
    case .table(let reference):
      lock(reference, isLocked(reference.visibleName) ? .rowShare : .accessShare)
    case .subselect(let select, let alias, _, _):
      self.select(select.node, mode: isLocked(alias ?? "") ? .rowShare : .accessShare)
    case .join(let join):
      from(join.left, locked)
      from(join.right, locked)
      if let condition = join.condition { expression(condition) }
    case .function(let node, _, _), .other(let node): expression(node)
    }
  }

  private mutating func expression(_ node: Node) {
    switch node.tag {
    case .SelectStmt: select(node, mode: .accessShare)
    case .RangeVar: lock(TableReference(node), .accessShare)
    case .JoinExpr, .RangeSubselect: from(node, [])
    case .FuncCall:
      if let advisory = AdvisoryLock(FunctionCall(node: node)) { append(advisory) }
      for child in node.children { expression(child) }
    default: for child in node.children { expression(child) }
    }
  }

  private mutating func append(_ lock: AdvisoryLock) {
    acquisitions.append(
      Acquisition(
        target: .advisory(lock.key), mode: .advisory(isExclusive: lock.isExclusive), rows: nil,
        waits: lock.waits, duration: lock.duration, reason: ["direct"], range: range, form: nil,
        assumptions: [], isPrivate: false))
  }
}
