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
    let node = statement.node
    switch node.tag {
    case .ConstraintsSetStmt: locks.acquisitions += setConstraints(node)
    case .TransactionStmt where node.symbol(.kind, is: "TRANS_STMT_COMMIT"):
      locks.acquisitions += takeDeferred()
    case .CreateStmt, .CreateTableAsStmt, .ViewStmt, .AlterTableStmt, .DropStmt, .RenameStmt:
      hasDefinitions = true
    default: break
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
  private mutating func setConstraints(_ node: Node) -> [Acquisition] {
    let isDeferred = node.flag(.deferred)
    let names = node.list(.constraints).compactMap { $0.string(.relname) }
    for name in names.isEmpty ? ["*"] : names { deferral[name] = isDeferred }
    return isDeferred ? [] : takeDeferred()
  }

  private mutating func takeDeferred() -> [Acquisition] {
    defer { deferred = [] }
    return deferred.withoutKnownRelations()
  }
}
