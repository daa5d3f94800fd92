import PostgresSyntax

/// What the conditions of a level say about the rows of its members.
extension QueryLevel {
  /// The rows of a member, without an order.
  func rows(of member: Int) -> RowSet {
    var pinned: [String: Term] = [:]
    for (column, pins) in facts.pins(of: member) {
      let constant = pins.filter { facts.isConstant($0, given: identity.single) }
      guard let last = constant.last else { continue }
      pinned[column] =
        constant.first { $0.literal != nil }?.term
        ?? facts.givenValue(of: Column(member: member, name: column)) ?? last.term
    }
    if members[member].relation?.definition == nil {
      // An expression that is pinned may be a key that nobody has shown.
      for (text, pin) in facts.expressionPins[member] ?? [:]
      where facts.isConstant(pin, given: identity.single) {
        pinned[text] = pin.term
      }
    }
    var rows = RowSet(
      count: identity.single.contains(member) ? .one : .many,
      order: .unordered(why: WhyUnordered.select(member, self)), pinned: pinned)
    rows.conditions = canonicalConditions
    rows.hasOtherConditions = !joined.isEmpty
    rows.exceptions = facts.exceptions[member] ?? 0
    rows.ties = HeldRows(self).ties(of: member)
    for (column, array) in facts.arrays where column.member == member {
      rows.listed[column.name] = array
    }
    rows.isByKeyList = facts.listedByParameter.contains { column in
      column.member == member && isKey(column.name, of: members[member])
    }
    return rows
  }

  /// Whether a column alone is a unique key of a table, or named like one.
  private func isKey(_ column: String, of member: RangeTableEntry) -> Bool {
    guard let (name, definition) = member.relation else { return false }
    guard let definition else { return AssumedKey.isNamedLikeKey(column, of: name.name) }
    return definition.identifyingKeys.contains { $0.parts == [.column(column)] }
  }

  /// What is taken for granted of a member's table, so far as its rows are several.
  func assumptions(of member: Int, _ count: RowCount) -> [String] {
    guard let (name, definition) = members[member].relation, definition == nil else { return [] }
    guard !count.isMany else { return [AssumedKey.sentence(table: name)] }
    // What was taken to be the key that makes a row single.
    let pinned = identity.pinnedColumns(of: member, given: identity.single, nullsCount: false)
    return pinned.filter { AssumedKey.isNamedLikeKey($0, of: name.name) }.sorted().prefix(1)
      .map { AssumedKey.sentence(table: name, column: $0) }
  }
}
