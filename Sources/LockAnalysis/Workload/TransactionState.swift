import Diagnostics
import LockModel
import PostgresSyntax

/// What a transaction has done so far, as far as later statements of it lock otherwise for it.
struct TransactionState {
  private(set) var number = 0
  /// Whether it has defined something: what follows must see that.
  private(set) var hasDefinitions = false
  /// What SET CONSTRAINTS has said, by constraint; `*` for all.
  private(set) var deferral: [String: Bool] = [:]
  /// Relations that it has created: nobody else sees them.
  private var created: Set<RelationName> = []
  /// The locks of checks that wait for COMMIT.
  private var deferred: [Acquisition] = []

  mutating func enter(_ transaction: Int) {
    guard transaction != number else { return }
    self = TransactionState()
    number = transaction
  }

  /// Takes a statement into account and gives it the locks that are its own only here.
  mutating func follow(
    _ statement: Statement, _ locks: LoweredLocks, created new: RelationName?, isAlone: Bool
  ) -> LoweredLocks {
    var locks = locks
    switch statement.command {
    case .setConstraints(let statement): locks.acquisitions += setConstraints(statement)
    case .transaction(let statement):
      if case .commit = statement.command { locks.acquisitions += takeDeferred() }
    case .createTable, .createTableAs, .createView, .alterTable, .drop, .rename:
      hasDefinitions = true
    case .select, .insert, .update, .delete, .merge, .createIndex, .createSequence, .createSchema,
      .createStatistics, .createType, .createFunction, .createTrigger, .createRule, .policy,
      .publication, .alterSequence, .alterDomain, .setSchema, .dependOnExtension, .comment,
      .reindex, .cluster, .vacuum, .refresh, .lock, .truncate, .copy, .explain, .prepare, .execute,
      .declareCursor, .fetch, .call, .do, .return, .set, .other:
      break
    }
    deferred += locks.deferred
    if isAlone, !deferred.isEmpty {
      locks.acquisitions = (locks.acquisitions + takeDeferred()).withoutKnownRelations()
    }
    for index in locks.acquisitions.indices {
      guard let name = locks.acquisitions[index].target.relation, created.contains(name) else {
        continue
      }
      locks.acquisitions[index].isPrivate = true
    }
    if let new { created.insert(new) }
    return locks
  }

  /// SET CONSTRAINTS … IMMEDIATE runs the checks that have waited.
  private mutating func setConstraints(_ statement: SetConstraintsStatement) -> [Acquisition] {
    let isDeferred = statement.isDeferred
    let names = statement.names
    for name in names.isEmpty ? ["*"] : names { deferral[name] = isDeferred }
    return isDeferred ? [] : takeDeferred()
  }

  private mutating func takeDeferred() -> [Acquisition] {
    defer { deferred = [] }
    return deferred.withoutKnownRelations()
  }
}
