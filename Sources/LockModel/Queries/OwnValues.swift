import PostgresSyntax

/// Values that no other transaction comes to have.
enum OwnValues {
  /// Functions that give each transaction, or each session, its own value.
  private static let ofTransaction: Set<String> = [
    "txid_current", "pg_current_xact_id", "pg_backend_pid",
  ]

  /// Those that give it, or nothing yet.
  private static let ifAssigned: Set<String> = [
    "txid_current_if_assigned", "pg_current_xact_id_if_assigned",
  ]

  /// Functions that give each call another value than all others.
  private static let ofCall: Set<String> = [
    "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuidv4",
    "uuidv7", "nextval",
  ]

  static func isOfTransaction(_ term: Term) -> Bool {
    isMade(of: ofTransaction.union(ifAssigned), term)
  }

  static func isOwn(_ term: Term) -> Bool { isMade(of: ofTransaction.union(ofCall), term) }

  /// Whether it is such a value, or text that has one in it as a whole.
  private static func isMade(of functions: Set<String>, _ term: Term) -> Bool {
    func isMade(_ parts: some Sequence<Term>) -> Bool {
      parts.contains { self.isMade(of: functions, $0) }
    }
    switch term {
    case .call("concat", let parts): return isMade(parts)
    case .call("concat_ws", let parts): return isMade(parts.dropFirst())
    case .call("format", let parts):
      // Each argument is written once, as it is.
      let plain = parts.first?.literal?.text
        .split(separator: "%s", omittingEmptySubsequences: false).count
      return plain == parts.count && isMade(parts.dropFirst())
    case .call(let name, _): return functions.contains(name)
    case .operation("||", let left, let right): return isMade([left, right].compactMap { $0 })
    case .operation, .coalesce, .element, .literal, .null, .usesDefault, .variable, .column,
      .rowColumn, .subselect, .other:
      return false
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
    guard form == .insert || form == .upsert, !isPrivate, let rows, !rows.entersOtherKeys,
      rows.conflictKey.contains(where: { rows.pinned[$0].map(OwnValues.isOwn) ?? false })
    else { return self }
    var result = self
    result.isPrivate = true
    return result
  }
}
