package import PostgresSyntax

/// Whether something can wait for a lock, told without analysing it.
package enum LockReach {
  /// Whether a statement of a routine can end as the victim of a deadlock.
  package static func mayWait(_ statement: Statement, _ catalog: Catalog) -> Bool {
    let node = statement.node
    switch node.tag {
    case .SelectStmt, .ReturnStmt:
      return node.descendants.contains { part in
        switch part.tag {
        case .LockingClause, .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt: return true
        case .FuncCall:
          let call = FunctionCall(node: part)
          if let lock = AdvisoryLock(call) { return lock.waits == .blocks }
          return catalog.function(call)?.volatility == .volatile
        default: return false
        }
      }
    case .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt, .CallStmt, .DoStmt, .LockStmt,
      .TruncateStmt, .AlterTableStmt, .DropStmt, .IndexStmt, .RefreshMatViewStmt:
      return true
    default: return false
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
    case .sql(let text, _), .assign(_, let text), .returnQuery(let text): return query(text)
    case .dynamic, .returnDynamic: return true
    case .block(let block):
      return mayWait(block.statements, catalog)
        || block.handlers.contains { mayWait($0.statements, catalog) }
    case .choice(_, let arms):
      return arms.contains {
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
