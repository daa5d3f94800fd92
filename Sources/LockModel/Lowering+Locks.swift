import Diagnostics
import PostgresSyntax

extension Lowering {
  /// Applies one locking clause to the tables of a level that it reaches.
  ///
  /// It goes into views and sub-selects of FROM, not into CTEs and not into sub-selects of WHERE.
  func lock(
    _ level: QueryLevel, of select: SelectStatement, _ clause: LockingClause,
    _ table: DerivedTable
  ) {
    if select.isDistinct || select.isGrouped || select.aggregates {
      notes.append(
        LockNote("PostgreSQL refuses a locking clause beside DISTINCT, GROUP BY and aggregates"))
      return
    }
    if level.isEmpty { return }
    let mode = Self.mode(of: clause)
    let names = clause.of
    let policy: WaitPolicy =
      clause.failsWhenLocked ? .fails : clause.skipsLocked ? .skips : .blocks
    let place = LockPlace(
      mode: mode, waits: policy, range: range(of: clause, in: select),
      reason: [])
    // Sub-selects that are planned on their own lock their rows below the level's own; what was
    // pulled up from others comes last.
    let entries = level.scopes[0].entries.filter { names.isEmpty || names.contains($0.name) }
    for (_, entry) in entries where level.isDerived(entry) {
      lock(entry, of: level, select, place, table)
    }
    let members = entries.filter { !level.isDerived($0.entry) }.flatMap {
      level.members(of: $0.entry)
    }
    for (_, member) in members.enumerated().sorted(by: {
      (level.depths[$0.element], $0.offset) < (level.depths[$1.element], $1.offset)
    }) {
      lock(.member(member), of: level, select, place, table)
    }
  }

  /// One locking clause, ready to be applied.
  struct LockPlace {
    let mode: RowLockMode
    let waits: WaitPolicy
    let range: SourceRange
    let reason: [Reason]
  }

  private func lock(
    _ entry: QueryLevel.Entry, of level: QueryLevel, _ select: SelectStatement,
    _ place: LockPlace, _ table: DerivedTable
  ) {
    switch entry {
    case .merged(let merged):
      for member in merged.members { lock(.member(member), of: level, select, place, table) }
    case .member(let member):
      switch level.members[member].source {
      case .opaque: return
      case .derived(let derived):
        guard !derived.isCommonTable, let inner = derived.level, let innerSelect = derived.select
        else { return }
        let count = table.acquisitions.count
        for (_, entry) in inner.scopes[0].entries {
          lock(entry, of: inner, innerSelect, place, table)
        }
        guard derived.isRepeated else { return }
        for index in table.acquisitions.indices where index >= count {
          table.acquisitions[index] = Self.correlated(table.acquisitions[index])
        }
      case .table(let name, let definition):
        if let definition, case .materializedView = definition.kind { return }
        lock(member, name, of: level, select, place, table)
      }
    }
  }

  private func lock(
    _ member: Int, _ name: RelationName, of level: QueryLevel, _ select: SelectStatement,
    _ place: LockPlace, _ table: DerivedTable
  ) {
    let target = LockTarget.rows(name)
    // A table that two clauses lock gets the stronger mode (SELECT, "The Locking Clause").
    if let held = level.locked[member] {
      level.locked[member] = max(held, place.mode)
      if let index = table.acquisitions.lastIndex(where: { $0.target == target }) {
        table.acquisitions[index].mode = .row(max(held, place.mode))
      }
      return
    }
    level.locked[member] = place.mode
    let (rows, assumptions) = rowSet(of: member, level, select)
    let isVisible = level.scopes[0].entries.contains {
      if case .member(member) = $0.entry { true } else { false }
    }
    table.acquisitions.append(
      Acquisition(
        target: target, mode: .row(place.mode), rows: rows, waits: place.waits,
        duration: .transaction, reason: place.reason, range: place.range,
        form: .lockingSelect(isSorted: !select.sortKeys.isEmpty), assumptions: assumptions,
        isPrivate: isPrivate(name), alias: isVisible ? level.members[member].name : nil,
        isJoined: level.members.count > 1))
  }

  private func rowSet(
    of member: Int, _ level: QueryLevel, _ select: SelectStatement
  ) -> (RowSet, [String]) {
    let identity = level.identity
    var rows = describe(member, level, identity)
    rows.isLimited = select.limit != nil || select.offset != nil
    if identity.single.contains(member) {
      return (rows, singleAssumption(of: member, level, identity))
    }
    if Self.isOneRowLimit(select) {
      rows.count = .atMostOne
      return (rows, [])
    }
    let keys = SortItem.items(of: select, in: level, catalog: catalog)
    guard !keys.isEmpty else {
      rows.order = .unordered(why: WhyUnordered.select(member, level))
      return (rows, assumption(of: member, level))
    }
    let (order, assumptions) = identity.order(of: member, sortKeys: keys)
    rows.order = order
    return (rows, assumptions)
  }

  /// What the conditions say about the rows of a member, without an order.
  func describe(_ member: Int, _ level: QueryLevel, _ identity: RowIdentity) -> RowSet {
    var pinned: [String: Term] = [:]
    for (column, pins) in level.facts.pins(of: member) {
      for pin in pins where level.facts.isConstant(pin, given: identity.single) {
        if pinned[column]?.literal == nil { pinned[column] = pin.term }
      }
    }
    if level.members[member].relation?.definition == nil {
      // An expression that is pinned may be a key that nobody has shown.
      for (text, pin) in level.facts.expressionPins[member] ?? [:]
      where level.facts.isConstant(pin, given: identity.single) {
        pinned[text] = pin.term
      }
    }
    var rows = RowSet(
      count: identity.single.contains(member) ? .one : .many,
      order: .unordered(why: WhyUnordered.select(member, level)), pinned: pinned)
    rows.conditions = Set(level.facts.allConditions.map { Condition($0) })
    rows.hasHiddenConditions = !level.joined.isEmpty
    rows.isByKeyList = level.facts.listedByParameter.contains { column in
      column.member == member && isKey(column.name, of: level.members[member])
    }
    return rows
  }

  /// Whether a column alone is a unique key of a table, or named like one.
  private func isKey(_ column: String, of member: QueryLevel.Member) -> Bool {
    guard let (name, definition) = member.relation else { return false }
    guard let definition else { return AssumedKey.isNamedLikeKey(column, of: name.name) }
    return definition.keys.contains { $0.parts == [.column(column)] }
  }

  func assumption(of member: Int, _ level: QueryLevel) -> [String] {
    guard let (name, definition) = level.members[member].relation, definition == nil else {
      return []
    }
    return [AssumedKey.sentence(table: name)]
  }

  /// What was taken to be the key that makes a row single.
  func singleAssumption(
    of member: Int, _ level: QueryLevel, _ identity: RowIdentity
  ) -> [String] {
    guard let (name, definition) = level.members[member].relation, definition == nil else {
      return []
    }
    let pinned = identity.pinnedColumns(of: member, given: identity.single, nullsCount: false)
    return pinned.filter { AssumedKey.isNamedLikeKey($0, of: name.name) }.sorted().prefix(1)
      .map { AssumedKey.sentence(table: name, column: $0) }
  }

  static func mode(of clause: LockingClause) -> RowLockMode {
    switch clause.strength {
    case .keyShare: .forKeyShare
    case .share: .forShare
    case .noKeyUpdate: .forNoKeyUpdate
    case .update: .forUpdate
    }
  }
}

/// In words, why the rows of a member come in no order.
enum WhyUnordered {
  static func select(_ member: Int, _ level: QueryLevel) -> String {
    let tables = level.members.filter { $0.relation != nil }.count
    if tables > 1 { return "the rows come in the order of the join that the planner chooses" }
    if level.facts.listed.contains(where: { $0.member == member }) {
      return "the order of the values in IN or ANY means nothing; rows come in the plan's order"
    }
    return "there is no ORDER BY; rows come in the plan's order"
  }

  static func write(_ member: Int, _ level: QueryLevel) -> String {
    if level.members.count > 1 { return "the rows are written in the order of the join" }
    if level.subselects.contains(where: { $0.link.kind != .scalar }) {
      let sorted = level.subselects.contains { subselect in
        guard let select = subselect.table.select else { return false }
        return !select.sortKeys.isEmpty && select.lockingClauses.isEmpty
      }
      return sorted
        ? "ORDER BY in a sub-select that does not lock does not order the rows that are written"
        : "the rows are written in the order in which the plan finds them"
    }
    if level.facts.listed.contains(where: { $0.member == member }) {
      return "the order of the values in IN or ANY means nothing; rows come in the plan's order"
    }
    return "UPDATE and DELETE have no ORDER BY; rows come in the plan's order"
  }
}
