import Diagnostics
import LockModel
import PostgresSyntax

/// Finds the waits of a transaction with itself, or with others, over the rows of one table.
struct RowOrderCircles {
  private let workload: Workload
  private let partners: Partners
  private let meetings: EarlierMeetings
  private var gates: Gates
  private let functions: TriggerFunctions
  private var parents: ParentGates
  private var triggers: TriggerGates

  init(_ workload: Workload) {
    self.workload = workload
    partners = Partners(workload)
    meetings = EarlierMeetings(workload)
    functions = TriggerFunctions(workload)
    gates = Gates(workload, functions)
    parents = ParentGates(workload, functions)
    triggers = TriggerGates(workload, functions)
  }

  /// All hazards of one transaction, in the order of its text.
  mutating func deadlocks(of trace: TransactionTrace) -> [Deadlock] {
    var result: [Deadlock] = []
    var held = HeldSet(in: workload)
    for step in trace.steps {
      if case .acquire(let id) = step, let found = deadlock(of: id, held) { result.append(found) }
      held.follow(step)
    }
    return result
  }

  private mutating func deadlock(of id: AcquisitionID, _ held: HeldSet) -> Deadlock? {
    let statement = workload.statements[id.statement]
    let lock = statement.acquisitions[id.acquisition]
    guard lock.rows != nil, lock.isOwn, lock.locksSeveralRows, !lock.isKeyCheck,
      !lock.isOfOwnTransaction, !isGone(lock, for: statement),
      statement.role != .schema, !statement.isReverse, let cause = cause(lock)
    else { return nil }
    if case .advisory = lock.target { return advisory(id, cause) }
    guard !held.hasSeveralRows(of: id), !held.covers(id), let evidence = evidence(id, held)
    else { return nil }
    let byParent = parents.outsiders(to: id)
    let outsiders = [
      gates.outsiders(to: id, behind: held.gates(at: id)), byParent.others,
      triggers.outsiders(to: id),
    ].compactMap { $0 }.min { $0.count < $1.count }
    // Copies are kept apart, so that it takes somebody else.
    let partner = outsiders?.first { workload.canMeet(id, $0) }
    if outsiders != nil, partner == nil { return nil }
    // Where no copy was seen to meet another, neither was this one seen to meet the first.
    if case .unseen = evidence { return Deadlock(id, lock, cause: cause, evidence: evidence) }
    if let (others, column) = byParent.moving, !others.contains(where: { workload.canMeet(id, $0) })
    {
      let reason =
        "copies are kept apart by the row that `\(column)` names, unless it changes meanwhile"
      return Deadlock(id, lock, cause: cause, evidence: .unseen(reason))
    }
    return Deadlock(id, lock, cause: cause, evidence: partner.map { .meets($0) } ?? evidence)
  }

  /// Whether the application would lock rows of a table that it has no more.
  private func isGone(_ lock: Acquisition, for statement: LoweredStatement) -> Bool {
    statement.role == .application
      && lock.target.relation.map(workload.catalog.isDropped) ?? false
  }

  /// Several advisory locks: an exclusive one waits for any other holder of its key.
  private func advisory(_ id: AcquisitionID, _ cause: Deadlock.Cause) -> Deadlock? {
    guard workload.statements[id.statement].role == .application,
      workload[id].mode == .advisory(isExclusive: true)
    else { return nil }
    return Deadlock(id, workload[id], cause: cause, evidence: .copies)
  }

  // MARK: Causes

  private func cause(_ lock: Acquisition) -> Deadlock.Cause? {
    switch lock.rows?.order {
    case .unordered(let why)?: return .unordered(why: why)
    case .partial(_, let why, let isExtensible)?:
      return .partial(why: why, isExtensible: isExtensible)
    case .total(let terms)?: return changingColumn(of: terms, lock)
    case .alreadyLocked?, .unknown?, nil: return nil
    }
  }

  /// A column that the application writes: a row that moves within the order while others wait for
  /// it is locked at its old place by one and at its new by another.
  private func changingColumn(of terms: [SortTerm], _ lock: Acquisition) -> Deadlock.Cause? {
    guard case .rows(let table) = lock.target,
      let changing = workload.changing[workload.catalog.lockClass(table)]
    else { return nil }
    for column in terms.flatMap(\.columns) {
      if let writer = changing[column] { return .changing(column: column, by: writer) }
    }
    return nil
  }

  // MARK: Evidence

  /// What is said of a lock of a query or routine that nothing runs: nothing where a routine that it
  /// calls takes it, which has a place of its own.
  private func uncalled(_ id: AcquisitionID) -> Deadlock.Evidence? {
    if case .function? = workload[id].reason.first { return nil }
    let statement = workload.statements[id.statement]
    let name = statement.routine ?? statement.name ?? ""
    let isOfTriggers =
      statement.routine != nil
      && workload.catalog.functions[name]?.allSatisfy { $0.body?.trigger == .row } ?? false
    return .unseen(
      isOfTriggers
        ? "no trigger in the repository runs `\(name)`"
        : "nothing in the repository calls `\(name)`")
  }

  private func evidence(_ id: AcquisitionID, _ held: HeldSet) -> Deadlock.Evidence? {
    let statement = workload.statements[id.statement]
    let lock = workload[id]
    func meeting(else reason: String) -> Deadlock.Evidence {
      partners.partner(of: id).map { .meets($0) } ?? .unseen(reason)
    }
    // Copies of a cascade are kept apart by the parent's row.
    if lock.form == .referential { return partners.partner(of: id).map { .meets($0) } }
    if statement.role == .migration {
      if isCreatedBefore(id) { return nil }
      if lock.form == .insert { return partners.partner(of: id).map { .meets($0) } }
      return meeting(else: "no application SQL that locks several rows of this table was seen")
    }
    if workload.uncalled.contains(id.statement) { return uncalled(id) }
    if functions.isRunOnce(statement.transaction) {
      return functions.changesSchema(statement.transaction) ? .changesSchema : .calledOnce
    }
    if lock.form == .insert {
      if isSeed(id) { return nil }
      return .unseen("it needs another transaction that inserts the same keys")
    }
    if case .row(let mode) = lock.mode, !mode.isExclusive {
      return meeting(else: "no SQL that writes several rows of this table was seen")
    }
    if lock.rows?.literalKeys != nil {
      return meeting(
        else: "copies of this statement lock in the same order; another order was not seen")
    }
    if functions.runsInDDL(statement.transaction) {
      return meeting(
        else: "the DDL that runs it keeps its objects to itself; who else was not seen")
    }
    if workload.catalog.isInIndexOrder(lock) {
      // It shows in the routine itself.
      if case .function? = lock.reason.last { return nil }
      // It does not wait for new rows, which it does not see.
      let rival = partners.partner(of: id) {
        workload[$0].form != .insert && !workload.catalog.isInIndexOrder(workload[$0])
      }
      return rival.map { .meets($0) }
        ?? .unseen(
          "its copies find the rows by one index, unless plans differ or updates move rows between")
    }
    if let earlier = meetings.earlier(than: id, held) {
      let rival = partners.partner(of: id) { other in
        workload.statements[other.statement].transaction != statement.transaction
          && workload[other].form != .insert && !workload.catalog.isInIndexOrder(workload[other])
      }
      let line = workload[earlier].range.start.line
      return rival.map { .meets($0) }
        ?? .unseen("its copies meet at line \(line) before, over rows found by the same values")
    }
    if dependsOnUnseenKey(lock) {
      return .unseen("whether it locks several rows depends on a definition that is not given")
    }
    return .copies
  }

  /// Rows that a script puts into a table that it has made itself.
  private func isSeed(_ id: AcquisitionID) -> Bool {
    guard let table = workload[id].target.relation else { return false }
    let path = workload.statements[id.statement].file.source.path
    return workload.created[path]?.contains(table) ?? false
  }

  /// Whether the transaction has made the table itself.
  private func isCreatedBefore(_ id: AcquisitionID) -> Bool {
    guard let table = workload[id].target.relation else { return false }
    return workload.transaction(of: id).statements.contains { other in
      other < id.statement && workload.statements[other].created == table
    }
  }

  /// One parameter for one column of a table that nobody has shown: it may well be unique.
  private func dependsOnUnseenKey(_ lock: Acquisition) -> Bool {
    guard let table = lock.target.relation, workload.catalog.relations[table] == nil,
      let rows = lock.rows
    else { return false }
    return rows.pinned.contains { column, term in
      term.literal == nil && !column.hasSuffix("_id")
    }
  }
}
