package import PostgresSyntax

/// Whether something can wait for a lock, told without analysing it.
package struct LockReach {
  private let catalog: Catalog
  /// All that is assigned to the variables that the routine begins with, if nothing else sets them.
  private let assigned: [Term.Variable: [PLQuery]]
  /// Routines that have been looked at: what they do is known, or is being found out.
  private var seen: Set<String> = []

  /// Looks at statements of a routine.
  package init(into routine: PLBlock, _ catalog: Catalog) {
    self.catalog = catalog
    var assigned: [Term.Variable: [PLQuery]] = [:]
    for variable in routine.variables { assigned[Term.Variable(name: variable.name)] = [] }
    for kind in routine.kinds {
      switch kind {
      case .assign(let target, let value): assigned[Term.Variable(path: target)]?.append(value)
      case .sql(_, let targets, _), .dynamic(_, let targets, _), .fetch(_, let targets):
        for target in targets { assigned[Term.Variable(path: target)] = nil }
      case .loop(let loop):
        for target in loop.targets { assigned[Term.Variable(path: target)] = nil }
      default: break
      }
    }
    self.assigned = assigned
  }

  /// Whether statements of the routine can end as the victim of a deadlock.
  package func mayWait(_ statements: [PLStatement]) -> Bool {
    var reach = self
    return reach.anyWaits(statements)
  }

  private mutating func mayWait(_ statement: Statement) -> Bool {
    switch statement.command {
    case .select, .return, .declareCursor, .prepare, .createTableAs, .explain:
      return reads(statement.node)
    case .copy(let command): return command.isFrom || reads(statement.node)
    case .lock(let command): return !command.failsWhenLocked
    case .insert, .update, .delete, .merge, .call, .do, .execute, .truncate, .alterTable, .drop,
      .createIndex, .createTrigger, .createRule, .policy, .publication, .alterSequence,
      .alterDomain, .setSchema, .rename, .comment, .reindex, .cluster, .vacuum, .refresh,
      .createStatistics:
      return true
    case .createTable(let definition):
      return !definition.parents.isEmpty
        || definition.constraints.contains { $0.kind == .foreignKey }
    // What they name is nobody else's yet, or is read only; FETCH locks what its cursor says.
    case .createView, .createSequence, .createSchema, .createType, .createFunction,
      .dependOnExtension, .fetch, .transaction, .set, .setConstraints, .other:
      return false
    }
  }

  /// Whether something in a query locks rows or calls what may.
  private mutating func reads(_ node: Node) -> Bool {
    for part in node.descendants {
      switch part.tag {
      case .LockingClause, .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt: return true
      case .FuncCall: if mayWait(FunctionCall(node: part)) { return true }
      default: break
      }
    }
    return false
  }

  private mutating func mayWait(_ call: FunctionCall) -> Bool {
    if let lock = AdvisoryLock(call) { return lock.waits == .blocks }
    guard let function = catalog.function(call), function.volatility == .volatile else {
      return false
    }
    guard seen.insert("\(function.name) \(function.signature)").inserted else { return false }
    switch function.body?.content {
    case .sql(let statements)?: return statements.contains { mayWait($0) }
    case .plpgsql(let block)?: return mayWait(block)
    case .opaque?, nil: return true
    }
  }

  private mutating func anyWaits(_ statements: [PLStatement]) -> Bool {
    for statement in statements where mayWait(statement) { return true }
    return false
  }

  private mutating func mayWait(_ block: PLBlock) -> Bool {
    anyWaits(block.statements) || mayWait(block.variables.compactMap(\.value))
      || anyWaits(block.handlers.flatMap(\.statements))
  }

  private mutating func mayWait(_ queries: [PLQuery]) -> Bool {
    for query in queries {
      if let statement = query.statement, mayWait(statement) { return true }
    }
    return false
  }

  private mutating func mayWait(_ statement: PLStatement) -> Bool {
    switch statement.kind {
    case .sql(let text, _, _), .assign(_, let text), .returnQuery(let text): mayWait([text])
    case .dynamic(let text, _, _), .returnDynamic(let text, _): mayRun(text)
    case .block(let block): mayWait(block)
    case .choice(let value, let arms):
      mayWait([value].compactMap { $0 } + arms.flatMap(\.conditions))
        || anyWaits(arms.flatMap(\.statements))
    case .loop(let loop):
      if case .dynamic(_, let text, _) = loop.kind {
        anyWaits(loop.body) || mayRun(text)
      } else {
        anyWaits(loop.body) || mayWait(loop.queries)
      }
    case .return(let value, _): mayWait([value].compactMap { $0 })
    case .open(_, _, let query, let text, _):
      mayWait([query].compactMap { $0 }) || text.map { mayRun($0) } ?? false
    case .exit(_, _, let condition): mayWait([condition].compactMap { $0 })
    case .raise(_, _, let values), .assert(let values): mayWait(values)
    case .fetch, .close, .commit, .rollback, .nothing, .unknown: false
    }
  }

  /// Whether the text of an EXECUTE, or one of those that its variable may be, may wait.
  private mutating func mayRun(_ text: PLQuery) -> Bool {
    guard case .variable(let variable)? = text.term else { return mayRunText(text) }
    guard let texts = assigned[variable] else { return true }
    for text in texts where mayRunText(text) { return true }
    return false
  }

  private mutating func mayRunText(_ text: PLQuery) -> Bool {
    let statements = DynamicSQL.outline(text)
    for statement in statements where mayWait(statement) { return true }
    return statements.isEmpty
  }
}
