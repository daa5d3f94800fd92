import Diagnostics
import PostgresSyntax

/// Finds the statements whose row locks can deadlock, at most one hazard for each.
package struct HazardFinder {
  private let workload: Workload

  /// Looks at a workload.
  package init(_ workload: Workload) { self.workload = workload }

  /// In the order of the statements.
  package func hazards() -> [RowOrderHazard] {
    var hazards: [RowOrderHazard] = []
    for transaction in workload.transactions {
      var held = HeldLocks(workload)
      for index in transaction.statements {
        let statement = workload.statements[index]
        held.follow(statement)
        if statement.isExpanded { continue }
        held.add(tables: statement)
        if let hazard = hazard(of: index, &held) { hazards.append(hazard) }
        if transaction.statements.count > 1 { held.add(rows: statement) }
      }
    }
    let found = Set(hazards.map(\.statement))
    hazards += ConflictingOrders(workload, except: found).hazards()
    return hazards.sorted { $0.statement < $1.statement }
  }

  private func hazard(of index: Int, _ held: inout HeldLocks) -> RowOrderHazard? {
    let statement = workload.statements[index]
    guard statement.role != .schema, !statement.isReverse else { return nil }
    var candidates: [RowOrderHazard] = []
    for (position, acquisition) in statement.acquisitions.enumerated() {
      guard acquisition.locksSeveralRows, acquisition.isOwn, !acquisition.isKeyCheck,
        let cause = cause(acquisition, statement),
        !isLockedBefore(acquisition, statement.acquisitions[..<position]),
        !held.covers(acquisition, at: index), let evidence = evidence(index, acquisition)
      else { continue }
      candidates.append(
        RowOrderHazard(
          statement: index, acquisition: position, cause: cause, evidence: evidence))
    }
    return candidates.min { rank($0) < rank($1) }
  }

  /// Whether something earlier in the same statement has locked rows of the table: what a trigger
  /// or cascade locks after that, it mostly has.
  private func isLockedBefore(
    _ acquisition: Acquisition, _ earlier: ArraySlice<Acquisition>
  ) -> Bool {
    guard !acquisition.reason.isEmpty, let table = acquisition.target.relation else {
      return false
    }
    return earlier.contains { other in
      guard case .row(let mode) = other.mode, mode.isExclusive, other.rows?.count == .many else {
        return false
      }
      return other.target.relation == table
    }
  }

  /// The most specific form comes first, and what is certain before what is not.
  private func rank(_ hazard: RowOrderHazard) -> Int {
    let acquisition = workload.statements[hazard.statement].acquisitions[hazard.acquisition]
    let form =
      switch acquisition.form {
      case .lockingSelect: 0
      case .drivenWrite: 1
      case .upsert: 2
      case .plainWrite: 3
      case .insert, nil: 4
      case .hidden: 5
      }
    let distance = acquisition.reason.isEmpty ? form : form + 6
    if case .unseen = hazard.evidence { return distance + 20 }
    return distance
  }

  private func cause(
    _ acquisition: Acquisition, _ statement: LoweredStatement
  ) -> RowOrderHazard.Cause? {
    switch acquisition.rows?.order {
    case .unordered(let why): return .unordered(why: why)
    case .partial(_, let why, let isExtensible):
      return .partial(why: why, isExtensible: isExtensible)
    case .total(let terms): return changingColumn(of: terms, acquisition)
    case .alreadyLocked, .unknown, nil: return nil
    }
  }

  /// A column ahead of the last one that the application writes: a row that moves within the
  /// order while others wait for it is locked at its old place by one and at its new by another.
  private func changingColumn(
    of terms: [SortTerm], _ acquisition: Acquisition
  ) -> RowOrderHazard.Cause? {
    guard case .rows(let table) = acquisition.target,
      let changing = workload.changing[workload.catalog.lockClass(table)]
    else { return nil }
    for column in terms.flatMap(\.columns) {
      if let writer = changing[column] { return .changing(column: column, by: writer) }
    }
    return nil
  }

  // MARK: Evidence

  private func evidence(_ index: Int, _ acquisition: Acquisition) -> RowOrderHazard.Evidence? {
    let statement = workload.statements[index]
    var partner: Int? { Meeting(workload).partner(of: index, acquisition) }
    // Copies of a cascade are kept apart by the parent's row.
    if acquisition.form == .hidden { return partner.map { .meets($0) } }
    if statement.role == .migration {
      if isCreatedInTransaction(acquisition, index) { return nil }
      let partner = partner
      if acquisition.form == .insert, partner == nil { return nil }
      return partner.map { .meets($0) }
        ?? .unseen("no application SQL that locks several rows of this table was seen")
    }
    if acquisition.form == .insert {
      if isSeed(acquisition, index) { return nil }
      return .unseen("it needs another transaction that inserts the same keys")
    }
    if case .row(let mode) = acquisition.mode, !mode.isExclusive {
      return partner.map { .meets($0) }
        ?? .unseen("no SQL that writes several rows of this table was seen")
    }
    if acquisition.rows?.literalKeys != nil {
      return partner.map { .meets($0) }
        ?? .unseen("copies of this statement lock in the same order; another order was not seen")
    }
    if dependsOnUnseenKey(acquisition) {
      return .unseen("whether it locks several rows depends on a definition that is not given")
    }
    return .copies
  }

  /// Rows that a script puts into a table that it has made itself.
  private func isSeed(_ acquisition: Acquisition, _ index: Int) -> Bool {
    guard let table = acquisition.target.relation else { return false }
    let path = workload.statements[index].file.source.path
    return workload.created[path]?.contains(table) ?? false
  }

  private func isCreatedInTransaction(_ acquisition: Acquisition, _ index: Int) -> Bool {
    let number = workload.statements[index].transaction
    return workload.transactions[number - 1].statements.contains { other in
      other < index
        && acquisition.target.relation.map(workload.statements[other].created.contains) ?? false
    }
  }

  /// One parameter for one column of a table that nobody has shown: it may well be unique.
  private func dependsOnUnseenKey(_ acquisition: Acquisition) -> Bool {
    guard let table = acquisition.target.relation, workload.catalog.relations[table] == nil,
      let rows = acquisition.rows
    else { return false }
    return rows.pinned.contains { column, term in
      term.literal == nil && !column.hasSuffix("_id")
    }
  }
}
