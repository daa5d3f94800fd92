/// `BEGIN`, `COMMIT` and their kin.
package struct TransactionStatement: Sendable {
  /// What it does to the transaction.
  package enum Command: Sendable {
    /// BEGIN and START TRANSACTION.
    case begin
    case commit, rollback
    case savepoint, release, rollbackToSavepoint
    /// PREPARE TRANSACTION, and what ends what it has prepared.
    case prepare, commitPrepared, rollbackPrepared
  }

  /// What it does to the transaction.
  package let command: Command
  /// The savepoint that it names.
  package let savepoint: String?

  init(_ node: Node) {
    savepoint = node.string(.savepoint_name)
    switch node.string(.kind) {
    case "TRANS_STMT_COMMIT": command = .commit
    case "TRANS_STMT_ROLLBACK": command = .rollback
    case "TRANS_STMT_SAVEPOINT": command = .savepoint
    case "TRANS_STMT_RELEASE": command = .release
    case "TRANS_STMT_ROLLBACK_TO": command = .rollbackToSavepoint
    case "TRANS_STMT_PREPARE": command = .prepare
    case "TRANS_STMT_COMMIT_PREPARED": command = .commitPrepared
    case "TRANS_STMT_ROLLBACK_PREPARED": command = .rollbackPrepared
    default: command = .begin
    }
  }
}

/// `SET` and `RESET`.
package struct SetStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// In lower case.
  package var name: String? { node.string(.name)?.lowercased() }
  /// Whether a value is given, as opposed to DEFAULT and RESET.
  package var hasValue: Bool { node.symbol(.kind, is: "VAR_SET_VALUE") }
  /// The values that are strings or names.
  package var values: [String] {
    node.list(.args).compactMap { $0.child(.sval)?.string(.sval) ?? $0.string(.sval) }
  }
}

/// `SET CONSTRAINTS`.
package struct SetConstraintsStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The constraints; empty for all.
  package var names: [String] { node.list(.constraints).compactMap { $0.string(.relname) } }
  /// Whether checks shall wait for COMMIT.
  package var isDeferred: Bool { node.flag(.deferred) }
}
