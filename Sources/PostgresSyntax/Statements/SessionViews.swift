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
  /// The value as a time in milliseconds, which is the unit where none is written (manual, *Setting
  /// Parameters*); nil where it is none, and where it is 0, which switches a timeout off.
  package var milliseconds: Int? {
    guard let first = node.list(.args).first(where: { _ in true }) else { return nil }
    let text: String
    switch Literal(first) {
    case .integer(let number): text = "\(number)"
    case .string(let string): text = string.filter { !$0.isWhitespace }
    case .number, .boolean, nil: return nil
    }
    let digits = text.prefix(while: \.isNumber)
    let units = ["": 1, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let number = Int(digits), number > 0,
      let unit = units[String(text.dropFirst(digits.count))]
    else { return nil }
    return number.multipliedReportingOverflow(by: unit).overflow ? nil : number * unit
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
