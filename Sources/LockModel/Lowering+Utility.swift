import Diagnostics
import PostgresSyntax

/// What utility statements do when they run, beside the relations that their text names.
extension Lowering {
  /// CALL: the procedure's body.
  func runCall(_ call: FunctionCall) {
    let level = QueryLevel(parent: nil)
    for argument in call.arguments { addSubselects(in: argument, to: level) }
    level.calls.append(.init(call: call, isOutput: false))
    acquisitions += locks(of: level.calls, in: level, nil)
  }

  /// The planner looks into SQL functions of one statement, to put them in place of the call
  /// (`inline_function` in `clauses.c`): their tables are locked by EXPLAIN alone.
  func planCalls(in query: Node) {
    for node in query.descendants where node.tag == .FuncCall {
      guard let function = catalog.function(FunctionCall(node: node)),
        case .sql(let statements)? = function.body?.content, statements.count == 1,
        let file = function.file
      else { continue }
      let tables = TableLocks.of(
        statements[0], in: file, catalog: catalog, searchPath: searchPath)
      acquisitions += tables.acquisitions.map {
        $0.inside([.function(function.name.name)], at: range(statement.range))
      }
    }
  }

  /// DO: the block, with places of its own in the file.
  func runBlock() {
    guard let body = statement.routine else { return }
    if case .opaque(let language) = body.content {
      notes.append(
        LockNote(
          ["plpgsql", "sql"].contains(language)
            ? "the body of this DO block could not be read"
            : "this DO block is written in \(language), which is not analysed"))
      return
    }
    let lowering = RoutineLowering(
      "DO", body, in: file, catalog: catalog, searchPath: searchPath,
      stack: stack.entering(.block(ObjectIdentifier(body))))
    lowering.run()
    // What the parts of the block say for themselves is said again only where they are not listed.
    for note in lowering.notes {
      notes.append(LockNote("line \(line(of: note.range)): \(note.text)"))
    }
    for step in lowering.steps {
      for note in step.locks.notes {
        let text = "line \(line(of: step.statement.range)): \(note.text)"
        notes.append(LockNote(text, isDetail: true))
      }
    }
    for step in lowering.steps {
      for (table, columns) in step.locks.written {
        written[table, default: []].formUnion(columns)
      }
    }
    acquisitions += lowering.steps.flatMap(\.locks.acquisitions)
  }

  private func line(of range: Range<Int>) -> Int {
    file.source.position(of: range.lowerBound).line
  }

  /// FETCH and MOVE lock the rows that they go over, not DECLARE.
  func fetch(_ node: Node) {
    guard let name = node.string(.portalname),
      let query = catalog.cursors[name]
    else { return }
    let (_, locks) = collecting { runPrepared(query.node) }
    let isOne =
      node.int(.howMany) <= 1 && !node.symbol(.direction, is: "FETCH_ALL")
      && node.int(.howMany) >= -1
    acquisitions += locks.map { lock in
      var lock = lock
      if isOne, lock.rows?.count == .many { lock.rows?.count = .atMostOne }
      return lock
    }
  }

  /// COPY … FROM inserts rows that the text does not show.
  func copy(_ node: Node) {
    guard node.flag(.is_from), let relation = node.child(.relation) else { return }
    let name = resolve(TableReference(relation))
    var rows = RowSet.unknown
    rows.order = .unordered(why: "the rows come as the input gives them")
    var columns = node.list(.attlist).compactMap { $0.string(.sval) }
    if columns.isEmpty { columns = catalog.relations[name]?.columns.map(\.name) ?? [] }
    let write = RowWrite(kind: .insert, table: name, rows: rows, range: range(statement.range))
    acquisitions += beforeStatement(write)
    for column in catalog.relations[name]?.columns ?? [] where !columns.contains(column.name) {
      guard let sequence = column.sequence else { continue }
      acquisitions.append(
        .table(
          sequence, .rowExclusive, reason: [.columnDefault(column.name)],
          range: range(statement.range)))
    }
    if catalog.relations[name]?.isPartitioned ?? false {
      notes.append(
        LockNote("which partition of \(name.short) the rows go to is not known", isDetail: true))
    }
    acquisitions += beforeRow(write)
    queue(write)
  }

  /// TRUNCATE fires its triggers.
  func truncate(_ node: Node) {
    let writes = node.list(.relations).map { relation in
      RowWrite(
        kind: .truncate, table: resolve(TableReference(relation)), rows: .unknown,
        range: range(statement.range))
    }
    for write in writes { acquisitions += beforeStatement(write) }
    for write in writes { queue(write) }
  }
}

extension RowSet {
  /// Rows of which nothing is known.
  static var unknown: RowSet {
    RowSet(
      count: .many, order: .unordered(why: "nothing is known of the rows"))
  }
}
