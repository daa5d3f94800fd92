import Diagnostics
import PostgresSyntax

/// What utility statements do when they run, beside the relations that their text names.
struct RunningLocks: InScope {
  let scope: QueryScope

  /// CALL: the procedure's body.
  func call(_ call: FunctionCall) -> [Acquisition] {
    let analysis = QueryAnalysis(scope: scope)
    let level = QueryLevel(parent: nil)
    for argument in call.arguments { analysis.addSubselects(in: argument, to: level) }
    level.calls.append(.init(call: call, isOutput: false))
    return level.takeLocks() + CallLocks(scope: scope).locks(of: level.calls, in: level, nil)
  }

  /// The planner looks into SQL functions of one statement, to put them in place of the call
  /// (`inline_function` in `clauses.c`): their tables are locked by EXPLAIN alone.
  func planCalls(in query: Node) -> [Acquisition] {
    query.descendants.flatMap { node -> [Acquisition] in
      guard node.tag == .FuncCall, let function = catalog.function(FunctionCall(node: node)),
        case .sql(let statements)? = function.body?.content, statements.count == 1,
        let file = function.file
      else { return [] }
      let tables = TableLocks.of(
        statements[0], in: file, catalog: catalog, searchPath: context.searchPath)
      return tables.acquisitions.map {
        $0.inside([.function(function.name.name)], at: context.range)
      }
    }
  }

  /// DO: the block, with places of its own in the file.
  func block() -> [Acquisition] {
    guard let body = context.statement.routine else { return [] }
    if case .opaque(let language) = body.content {
      context.note(
        ["plpgsql", "sql"].contains(language)
          ? "the body of this DO block could not be read"
          : "this DO block is written in \(language), which is not analysed")
      return []
    }
    let lowering = RoutineLowering(
      "DO", body, in: context.file, catalog: catalog, searchPath: context.searchPath,
      stack: context.stack.entering(.block(ObjectIdentifier(body))), deferral: context.deferral)
    lowering.run()
    for note in lowering.notes {
      context.note("line \(line(of: note.range)): \(note.text)")
    }
    for step in lowering.steps {
      context.noteWritten(step.locks.written)
      context.after.add(deferred: step.locks.deferred)
      // What the parts of the block say for themselves is said again only where they are not listed.
      for note in step.locks.notes {
        context.note("line \(line(of: step.statement.range)): \(note.text)", isDetail: true)
      }
    }
    return lowering.steps.flatMap(\.locks.acquisitions)
  }

  private func line(of range: Range<Int>) -> Int {
    context.file.source.position(of: range.lowerBound).line
  }

  /// COPY … FROM inserts rows that the text does not show.
  func copy(_ command: CopyStatement) -> [Acquisition] {
    guard command.isFrom, let table = command.table else { return [] }
    let name = scope.resolve(table)
    let relation = catalog.relations[name]
    var rows = RowSet.unknown
    rows.order = .unordered(why: "the rows come as the input gives them")
    let given =
      command.columns.isEmpty ? relation?.columns.map(\.name) ?? [] : command.columns
    let write = RowWrite(kind: .insert, table: name, rows: rows, range: context.range)
    let sequences = (relation?.columns ?? []).compactMap { column -> Acquisition? in
      guard !given.contains(column.name), let sequence = column.sequence else { return nil }
      return .table(
        sequence, .rowExclusive, reason: [.columnDefault(column.name)], range: context.range)
    }
    if relation?.isPartitioned ?? false {
      context.note("which partition of \(name.short) the rows go to is not known", isDetail: true)
    }
    let triggers = TriggerLocks(scope: scope)
    context.after.add(write)
    return triggers.beforeStatement(write) + sequences + triggers.beforeRow(write)
  }

  /// TRUNCATE fires its triggers.
  func truncate(_ command: TruncateStatement) -> [Acquisition] {
    let writes = command.tables.map { table in
      RowWrite(
        kind: .truncate, table: scope.resolve(table), rows: .unknown, range: context.range)
    }
    for write in writes { context.after.add(write) }
    return writes.flatMap { TriggerLocks(scope: scope).beforeStatement($0) }
  }
}

extension RowSet {
  /// Rows of which nothing is known.
  static var unknown: RowSet {
    RowSet(count: .many, order: .unordered(why: "nothing is known of the rows"))
  }
}
