import Diagnostics
import PostgresSyntax

/// The rows that `FOR UPDATE` and its kin lock.
struct LockingClauseLocks: InScope {
  let scope: QueryScope

  /// Applies one locking clause to the tables of a level that it reaches.
  ///
  /// It goes into views and sub-selects of FROM, not into CTEs and not into sub-selects of WHERE.
  func lock(
    _ level: QueryLevel, of select: SelectStatement, _ clause: LockingClause,
    _ table: DerivedTable
  ) {
    if select.isDistinct || select.isGrouped || select.aggregates {
      context.note("PostgreSQL refuses a locking clause beside DISTINCT, GROUP BY and aggregates")
      return
    }
    if level.isEmpty { return }
    let mode = Self.mode(of: clause)
    let names = clause.of
    let policy: WaitPolicy =
      clause.failsWhenLocked ? .fails : clause.skipsLocked ? .skips : .blocks
    let place = LockPlace(
      mode: mode, waits: policy, range: context.range(of: clause, in: select),
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
          table.acquisitions[index] = QueryAnalysis.correlated(table.acquisitions[index])
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
    var rows = level.rows(of: member)
    rows.isLimited = select.limit != nil || select.offset != nil
    if identity.single.contains(member) {
      return (rows, level.assumptions(of: member, .one))
    }
    if QueryAnalysis.isOneRowLimit(select) {
      rows.count = .atMostOne
      return (rows, [])
    }
    let keys = SortItem.items(of: select, in: level, catalog: catalog)
    guard !keys.isEmpty else {
      rows.order = .unordered(why: WhyUnordered.select(member, level))
      return (rows, level.assumptions(of: member, .many))
    }
    let (order, assumptions) = identity.order(of: member, sortKeys: keys)
    rows.order = order
    return (rows, assumptions)
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
