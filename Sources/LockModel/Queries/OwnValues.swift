import PostgresSyntax

/// Values that no other transaction comes to have.
enum OwnValues {
  /// Functions that give each transaction, or each session, its own value.
  private static let ofTransaction: Set<String> = [
    "txid_current", "txid_current_if_assigned", "pg_current_xact_id",
    "pg_current_xact_id_if_assigned", "pg_backend_pid",
  ]

  /// Functions that give each call another value than all others.
  private static let ofCall: Set<String> = [
    "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuidv4",
    "uuidv7", "nextval",
  ]

  /// Functions whose results differ where one of their arguments does, for all that one needs to know.
  private static let composing: Set<String> = ["concat", "concat_ws", "format"]

  static func isOfTransaction(_ term: Term) -> Bool { isMade(of: ofTransaction, term) }

  static func isOwn(_ term: Term) -> Bool { isOfTransaction(term) || isMade(of: ofCall, term) }

  private static func isMade(of functions: Set<String>, _ term: Term) -> Bool {
    switch term {
    case .call(let name, let parts):
      functions.contains(name)
        || composing.contains(name) && parts.contains { isMade(of: functions, $0) }
    case .operation("||", let left, let right):
      left.map { isMade(of: functions, $0) } ?? false || isMade(of: functions, right)
    case .operation, .coalesce, .element, .literal, .null, .usesDefault, .variable, .column,
      .rowColumn, .subselect, .other:
      false
    }
  }
}

extension Acquisition {
  /// Whether its rows are those that have the mark of the transaction or session.
  package var isOfOwnTransaction: Bool {
    rows?.pinned.values.contains(where: OwnValues.isOfTransaction) ?? false
  }

  /// The same lock; on an entry of a key that nobody else makes it is the transaction's own.
  func withOwnEntry() -> Acquisition {
    guard form == .insert || form == .upsert, !isPrivate, let rows,
      rows.conflictKey.contains(where: { rows.pinned[$0].map(OwnValues.isOwn) ?? false })
    else { return self }
    var result = self
    result.isPrivate = true
    return result
  }
}
