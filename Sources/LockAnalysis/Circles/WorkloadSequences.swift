import LockModel
import PostgresSyntax

/// The transactions of a workload as the search for circles sees them.
package struct WorkloadSequences {
  package private(set) var sequences: [LockSequence] = []
  package private(set) var terms = SequenceTerms()
  /// The first statements of transactions that are left out, since they lock too much.
  package private(set) var tooLong: [Int] = []
  private var inferred: [Int: InferredTransaction] = [:]
  /// The locks of each sequence's steps; nil for those of its callers.
  private var places: [[AcquisitionID?]] = []
  private let workload: Workload
  /// Foreign keys by name.
  private let definitions: [String: Catalog.ForeignKey]
  private var classes: [ClassKey: Int] = [:]
  private var columns: [String: Int] = [:]
  private var foreignKeys: [String: LockRequest.Key] = [:]
  /// Values that are the same in every transaction.
  private var constants: [Term: Int] = [:]

  /// Of the locks of one transaction so many are compared with each other.
  private static let stepLimit = 400

  private enum ClassKey: Hashable {
    case table(RelationName)
    case rows(RelationName)
    /// By the number of parts that a key has: those of different numbers are never the same.
    case advisory(Int)
  }

  package init(_ workload: Workload) {
    self.workload = workload
    definitions = Dictionary(
      workload.catalog.relations.values.flatMap(\.foreignKeys).compactMap { key in
        key.name.map { ($0, key) }
      }, uniquingKeysWith: { $0.number < $1.number ? $0 : $1 })
    let functions = TriggerFunctions(workload)
    var callers = CallerGates(workload, functions)
    var rows = SingleRows(workload, functions)
    var conflicts = ConflictingLocks(workload)
    let transactions = workload.transactions.compactMap { transaction in
      kind(of: transaction, functions).map { (transaction, $0) }
    }
    for (transaction, kind) in transactions { conflicts.add(transaction.statements, kind) }
    for transaction in workload.inferred {
      conflicts.add(transaction.calls.map(\.statement), .repeated)
    }
    for (transaction, kind) in transactions {
      let gates =
        callers.gates(of: transaction.number).map { workload[$0] }.filter(Self.isSameForAll)
        + rows.ofCallers(of: transaction)
      var reader = Reader(workload: workload, conflicts: conflicts, kind: kind)
      reader.read(transaction)
      guard reader.locks.count > 1 else { continue }
      guard reader.locks.count <= Self.stepLimit else {
        if kind == .repeated, let first = transaction.statements.first { tooLong.append(first) }
        continue
      }
      add(reader, behind: gates, kind)
    }
    for transaction in workload.inferred { add(transaction, conflicts) }
  }

  private mutating func add(_ transaction: InferredTransaction, _ conflicts: ConflictingLocks) {
    var reader = Reader(workload: workload, conflicts: conflicts, kind: .repeated)
    reader.read(transaction)
    guard reader.steps.count > 1 else { return }
    guard reader.steps.count <= Self.stepLimit else {
      tooLong.append(transaction.calls[0].statement)
      return
    }
    inferred[sequences.count] = transaction
    add(reader, behind: [], .repeated, isGuessed: transaction.origin == .handed)
  }

  /// The transaction of the host program that a sequence is of.
  package func inferred(_ sequence: Int) -> InferredTransaction? { inferred[sequence] }

  /// The lock that a step of a sequence takes.
  package func place(of sequence: Int, _ step: Int) -> AcquisitionID? { places[sequence][step] }

  /// How a transaction runs beside others; nil where it does not.
  private func kind(
    of transaction: Transaction, _ functions: TriggerFunctions
  ) -> LockSequence.Kind? {
    guard let first = transaction.statements.first, !workload.uncalled.contains(first),
      !transaction.statements.allSatisfy(workload.enclosed.contains)
    else { return nil }
    let statement = workload.statements[first]
    switch statement.role {
    case .schema, .test, .otherDatabase: return nil
    case .migration: return .migration
    case .application:
      // What fires a trigger holds its row by then, so that its function is looked at there.
      if functions.isOfTriggers(transaction.number) { return nil }
      if transaction.statements.contains(where: { workload.statements[$0].isDefinition }) {
        return .migration
      }
      return functions.isRunOnce(transaction.number) ? .migration : .repeated
    }
  }

  /// Whether a sequence is of what runs once.
  package func runsOnce(_ sequence: Int) -> Bool { sequences[sequence].kind == .migration }

  // MARK: Steps

  private mutating func add(
    _ reader: Reader, behind gates: [Acquisition], _ kind: LockSequence.Kind,
    isGuessed: Bool = false
  ) {
    var local = LocalTerms()
    var steps: [LockSequence.Step] = []
    var places: [AcquisitionID?] = []
    for gate in gates {
      steps.append(.acquire(request(gate, canWait: false, isOfCaller: true, &local)))
      places.append(nil)
    }
    for step in reader.steps {
      switch step {
      case .lock(let taken):
        steps.append(
          .acquire(
            request(
              taken.lock, canWait: taken.canWait, statement: taken.statement, &local)))
        places.append(taken.id)
      case .control(let step):
        steps.append(step)
        places.append(nil)
      }
    }
    sequences.append(
      LockSequence(
        steps: steps, kind: kind, isGuessed: isGuessed, ascending: local.ascending))
    self.places.append(places)
  }

  /// Whether a lock that all callers of a routine have is the same one for all.
  private static func isSameForAll(_ lock: Acquisition) -> Bool {
    switch lock.target {
    case .table: true
    case .advisory(let key): key.allSatisfy(\.isOneValueEverywhere)
    case .rows, .uniqueKey: false
    }
  }

  private mutating func request(
    _ lock: Acquisition, canWait: Bool, statement: Int = -1, isOfCaller: Bool = false,
    _ local: inout LocalTerms
  ) -> LockRequest {
    let pins = pins(of: lock, &local)
    return LockRequest(
      lockClass: number(of: lock.target), mode: lock.mode, form: lock.form, waits: lock.waits,
      pins: pins.values.sorted { $0.column < $1.column }, isSingle: lock.rows?.count != .many,
      isOfValues: lock.isOfValues,
      identities: identities(of: lock, pins),
      branches: lock.branches, absence: lock.absence, canWait: canWait, statement: statement,
      foreignKey: foreignKey(of: lock), distance: lock.reason.count, isOfCaller: isOfCaller)
  }

  private mutating func foreignKey(of lock: Acquisition) -> LockRequest.Key? {
    guard lock.form == .referential, case .foreignKey(let name)? = lock.reason.last else {
      return nil
    }
    if let known = foreignKeys[name] { return known }
    let definition = definitions[name]
    let key = LockRequest.Key(
      number: foreignKeys.count, child: (definition?.columns ?? []).map { number(of: $0) },
      parent: (definition?.parentColumns ?? []).map { number(of: $0) })
    foreignKeys[name] = key
    return key
  }

  private mutating func number(of column: String) -> Int {
    let number = columns[column] ?? columns.count
    columns[column] = number
    return number
  }

  private mutating func number(of target: LockTarget) -> Int {
    let key: ClassKey =
      switch target {
      case .table(let name): .table(name)
      case .rows(let name), .uniqueKey(let name): .rows(workload.catalog.lockClass(name))
      case .advisory(let key): .advisory(key.count)
      }
    let number = classes[key] ?? classes.count
    classes[key] = number
    return number
  }

  private mutating func pins(
    of lock: Acquisition, _ local: inout LocalTerms
  ) -> [String: LockRequest.Pin] {
    var values = lock.rows?.pinned ?? [:]
    let isKey = lock.target.relation == nil
    if case .advisory(let key) = lock.target {
      for (index, part) in key.enumerated() { values[String(index)] = part }
    }
    var pins: [String: LockRequest.Pin] = [:]
    for (column, term) in values.sorted(by: { $0.key < $1.key }) {
      pins[column] = LockRequest.Pin(
        column: number(of: column), term: self.term(term, &local),
        form: isKey ? term.formOfKey : nil)
    }
    return pins
  }

  private mutating func term(_ term: Term, _ local: inout LocalTerms) -> Int {
    if term.isOneValueEverywhere {
      let number = constants[term] ?? terms.add(isLiteral: true)
      constants[term] = number
      return number
    }
    guard term.isRepeatable else {
      return terms.add(isLiteral: false, isChosen: false, pattern: term.pattern)
    }
    if let known = local.numbers[term] { return known }
    let number = terms.add(
      isLiteral: false, isChosen: term.isChosen, pattern: term.pattern)
    local.add(term, number)
    return number
  }

  /// What alone tells which one of its class a lock is on.
  private func identities(
    of lock: Acquisition, _ pins: [String: LockRequest.Pin]
  ) -> [[LockRequest.Pin]] {
    func sorted(_ pins: some Sequence<LockRequest.Pin>) -> [LockRequest.Pin] {
      pins.sorted { $0.column < $1.column }
    }
    switch lock.target {
    case .table: return [[]]
    case .advisory: return [sorted(pins.values)]
    case .rows(let name), .uniqueKey(let name):
      guard let rows = lock.rows, rows.count == .one, !pins.isEmpty else { return [] }
      guard let definition = workload.catalog.relations[name] else { return [sorted(pins.values)] }
      return definition.identifyingKeys.compactMap { key in
        guard let columns = key.columns, !columns.isEmpty, key.predicate.isEmpty,
          columns.allSatisfy({ pins[$0] != nil })
        else { return nil }
        return sorted(columns.compactMap { pins[$0] })
      }
    }
  }

  /// The values of one transaction.
  private struct LocalTerms {
    private(set) var numbers: [Term: Int] = [:]
    private(set) var ascending: [(Int, Int)] = []

    /// `least(a, b)` is never greater than `greatest(a, b)`.
    mutating func add(_ term: Term, _ number: Int) {
      numbers[term] = number
      guard case .call(let name, let arguments) = term else { return }
      for (other, known) in numbers {
        guard case .call(let rival, let parts) = other, Set(parts) == Set(arguments) else {
          continue
        }
        if name == "least", rival == "greatest" { ascending.append((number, known)) }
        if name == "greatest", rival == "least" { ascending.append((known, number)) }
      }
    }
  }
}

extension LoweredStatement {
  /// Whether a script changes the schema by it, which works once.
  fileprivate var isDefinition: Bool {
    guard part == nil else { return false }
    switch statement.command {
    case .createTable, .createTableAs, .createView, .createIndex, .createTrigger, .createRule,
      .policy, .alterTable, .alterDomain, .setSchema, .rename, .drop:
      return true
    case .select, .insert, .update, .delete, .merge, .createSequence, .createSchema,
      .createStatistics, .createType, .createFunction, .publication, .alterSequence,
      .dependOnExtension, .comment, .reindex, .cluster, .vacuum, .refresh, .lock, .truncate, .copy,
      .explain, .prepare, .execute, .declareCursor, .fetch, .call, .do, .return, .transaction,
      .set, .setConstraints, .other:
      return false
    }
  }
}
