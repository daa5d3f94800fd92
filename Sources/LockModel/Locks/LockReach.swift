package import PostgresSyntax

/// Whether something can wait for a lock, told without analysing it.
package enum LockReach {
  /// Whether a statement of a routine can end as the victim of a deadlock.
  package static func mayWait(_ statement: Statement, _ catalog: Catalog) -> Bool {
    switch statement.command {
    case .select, .return, .declareCursor, .prepare, .createTableAs, .explain:
      return reads(statement.node, catalog)
    case .copy(let command): return command.isFrom || reads(statement.node, catalog)
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
  private static func reads(_ node: Node, _ catalog: Catalog) -> Bool {
    node.descendants.contains { part in
      switch part.tag {
      case .LockingClause, .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt: return true
      case .FuncCall:
        let call = FunctionCall(node: part)
        if let lock = AdvisoryLock(call) { return lock.waits == .blocks }
        return catalog.function(call)?.volatility == .volatile
      default: return false
      }
    }
  }

  /// Whether statements of a routine can.
  package static func mayWait(_ statements: [PLStatement], _ catalog: Catalog) -> Bool {
    statements.contains { mayWait($0, catalog) }
  }

  private static func mayWait(_ statement: PLStatement, _ catalog: Catalog) -> Bool {
    func query(_ query: PLQuery?) -> Bool {
      query?.statement.map { mayWait($0, catalog) } ?? false
    }
    switch statement.kind {
    case .sql(let text, _, _), .assign(_, let text), .returnQuery(let text): return query(text)
    case .dynamic, .returnDynamic: return true
    case .block(let block):
      return mayWait(block.statements, catalog)
        || block.variables.contains { query($0.value) }
        || block.handlers.contains { mayWait($0.statements, catalog) }
    case .choice(let value, let arms):
      return query(value)
        || arms.contains {
          mayWait($0.statements, catalog) || $0.conditions.contains(where: query)
        }
    case .loop(let loop):
      return mayWait(loop.body, catalog) || loop.queries.contains(where: query)
    case .return(let value, _): return query(value)
    case .open(_, _, let text, _, _): return query(text)
    case .exit, .raise, .assert, .fetch, .close, .commit, .rollback, .nothing, .unknown:
      return false
    }
  }
}
