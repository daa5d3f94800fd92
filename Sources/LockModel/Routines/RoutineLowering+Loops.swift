import PostgresSyntax

extension RoutineLowering {
  func run(_ loop: PLLoop) {
    switch loop.kind {
    case .endless: repeatBody(loop, fetchRepetition(loop.body) ?? unknownRepetition(loop.body))
    case .while(let condition):
      take(condition)
      repeatBody(loop, fetchRepetition(loop.body) ?? unknownRepetition(loop.body))
    case .range(let variable, let isReverse, let from, let to, let step):
      [from, to, step].forEach { take($0) }
      var repetition = Repetition(
        ranks: [.variable(.init(path: variable)): .init(position: 0, isDescending: isReverse)],
        varying: .of([variable]),
        why: "the loop takes the elements of an array in the order in which the caller gave them",
        loop: .range)
      repetition.sortedArrays = variables.sortedArrays
      repeatBody(loop, repetition)
    case .query(let targets, let query):
      let table = take(query)
      repeatBody(loop, repetition(targets, table, .query)) { [self] in
        bind(targets, to: table, query)
      }
    case .dynamic(let targets, let text, let using):
      using.forEach { take($0) }
      let table = dynamic(text, using)
      repeatBody(loop, repetition(targets, table, .query)) { [self] in
        bind(targets, to: table, text)
      }
    case .cursor(let variable, let name, let arguments):
      take(arguments)
      guard let cursor = cursors[name] else {
        note("the query of cursor \(name) is not known", loop.head)
        repeatBody(loop, unknown([variable], .cursor))
        return
      }
      let table = take(cursor.query)
      repeatBody(loop, repetition([variable], table, .cursor)) { [self] in
        bind([variable], to: table, cursor.query)
      }
    case .array(let targets, let array):
      take(array)
      repeatBody(loop, arrayRepetition(targets, array))
    }
  }

  /// Runs a body and gives its locks the order of the loop.
  private func repeatBody(
    _ loop: PLLoop, _ repetition: Repetition?, bind: () -> Void = {}
  ) {
    let assigned = assigned(in: loop.body).map(Term.Variable.init(path:))
    assigned.forEach { variables.forget($0) }
    bind()
    let start = steps.count
    loops.append(Rounds(label: loop.label, hadEnded: variables.hasEndedTransaction))
    variables.hasEndedTransaction = false
    if run(loop.body) == .goesOn { endRound() }
    let rounds = loops.removeLast()
    variables.hasEndedTransaction = rounds.hadEnded || rounds.endTransaction ?? false
    assigned.forEach { variables.forget($0) }
    // COMMIT in every round gives back what it has locked before the next begins.
    if rounds.endTransaction ?? false { givenBack.formUnion(start..<steps.count) }
    guard var repetition else { return }
    repetition.varying.constants = repetition.varying.constants.filter { constant in
      !assigned.contains { constant.isPart(of: $0) }
    }
    let unlocks = steps[start...].contains { $0.locks.unlocks }
    for index in start..<steps.count {
      let isGivenBack = givenBack.contains(index)
      steps[index].locks.acquisitions = steps[index].locks.acquisitions.map { lock in
        // COMMIT leaves the session its locks.
        (lock.duration == .session ? unlocks : isGivenBack) ? lock : repetition.repeated(lock)
      }
    }
  }

  /// The next round begins, of the innermost loop or of that with the label.
  func endRound(of label: String? = nil) {
    var hasEnded = variables.hasEndedTransaction
    for index in loops.indices.reversed() {
      if label == nil || loops[index].label == label {
        loops[index].endTransaction = hasEnded && loops[index].endTransaction ?? true
        return
      }
      hasEnded = hasEnded || loops[index].hadEnded
    }
  }

  private func unknown(_ targets: [String], _ kind: LoopKind) -> Repetition {
    Repetition(
      varying: .of(targets),
      why: "the loop follows a cursor whose query is not known", loop: kind)
  }

  /// A loop that gives its variables their values in a way that can't be told.
  private func unknownRepetition(_ body: [PLStatement]) -> Repetition? {
    let names = assigned(in: body)
    guard !names.isEmpty else { return nil }
    return Repetition(
      varying: .of(names),
      why: "the loop finds its values in an order that can't be told", isKnown: false)
  }

  // MARK: Orders

  private func arrayRepetition(_ targets: [String], _ array: PLQuery) -> Repetition {
    let isKnown =
      if case .variable(let variable)? = array.term {
        variables.isSortedArray(variable)
      } else {
        array.makesSortedArray
      }
    var ranks: [Term: Repetition.Rank] = [:]
    if isKnown, let target = targets.first {
      ranks[.variable(Term.Variable(path: target))] = .init(
        position: 0, isDescending: array.sortsDescending)
    }
    return Repetition(
      ranks: ranks, varying: .of(targets),
      why: "FOREACH takes the elements in the order of the array, which the caller chose",
      loop: .array)
  }

  /// The order in which a query gives its rows to a loop.
  private func repetition(
    _ targets: [String], _ table: DerivedTable?, _ kind: LoopKind
  ) -> Repetition {
    let order = table.map { LoopOrder(of: $0, into: targets, in: catalog) }
    let hasOrder = !(table?.select?.sortKeys.isEmpty ?? true)
    var repetition = Repetition(
      ranks: order?.ranks ?? [:], varying: .of(targets),
      why: hasOrder
        ? "the ORDER BY of the loop's query does not begin with the key of the rows that are locked"
        : "the loop's query has no ORDER BY", loop: kind,
      // A query that is put together when it runs may sort, and so may a function that gives the rows.
      isKnown: table.map { !($0.level?.mayBeSorted ?? false) || hasOrder } ?? false)
    if let order, let source = order.source { repetition.source = (source, order.terms) }
    repetition.varying.constants = order?.constants ?? []
    repetition.scan = kind == .query ? scan(targets, table) : nil
    return repetition
  }

  /// What a loop's query finds by a scan of one table.
  private func scan(_ targets: [String], _ table: DerivedTable?) -> Repetition.Scan? {
    guard let table, table.select?.isSimple ?? false, let level = table.level,
      level.members.count == 1, level.subselects.isEmpty,
      let (name, _) = level.members[0].relation, case let rows = level.rows(of: 0),
      rows.conditions.count <= rows.pinned.count
    else { return nil }
    var columns: [Term.Variable: String] = [:]
    for (text, output) in LoopOrder.outputNames(targets, table) {
      guard let origin = table.origin(of: output), origin.level === level else { continue }
      columns[Term.Variable(path: text)] = origin.column.name
    }
    return Repetition.Scan(
      table: name, pinned: rows.pinned.mapValues { variables.atThisPlace($0) },
      columns: columns)
  }

  // MARK: Variables

  /// Variables get the outputs of a query; those that come from rows that it locks are remembered.
  func bind(_ targets: [String], to table: DerivedTable?, _ query: PLQuery) {
    for target in targets { variables.forget(Term.Variable(path: target)) }
    if !targets.isEmpty, query.makesSortedArray {
      targets.forEach { variables.sortedArrays.insert(Term.Variable(path: $0)) }
    }
    guard let table else { return }
    for (text, output) in LoopOrder.outputNames(targets, table) {
      // By way of a common table, as of INSERT … RETURNING.
      guard let origin = table.origin(of: output), case let level = origin.level,
        let mode = level.locked[origin.column.member], mode.isExclusive,
        let name = level.members[origin.column.member].relation?.name
      else { continue }
      let variable = Term.Variable(path: text)
      variables.hold(
        variable,
        .init(
          table: name, column: origin.column.name, mode: mode, isNew: level.isOfNewRows))
      pin(origin.column.name, of: name, to: variable)
    }
  }

  /// The one row of a table that the last statement has locked has a column's value in a variable.
  private func pin(_ column: String, of table: RelationName, to variable: Term.Variable) {
    guard let last = steps.indices.last else { return }
    for index in steps[last].locks.acquisitions.indices {
      let lock = steps[last].locks.acquisitions[index]
      guard lock.target == .rows(table), lock.reason.isEmpty, let rows = lock.rows,
        rows.count == .one
      else { continue }
      if let known = rows.pinned[column] {
        variables.values[variable] = known
      } else {
        steps[last].locks.acquisitions[index].rows?.pinned[column] =
          variables.atThisPlace(.variable(variable))
      }
    }
  }

  /// FETCH takes the next row of the cursor: its locks come then.
  func fetch(_ name: String, into targets: [String]) {
    guard let cursor = cursors[name] else {
      targets.forEach { variables.forget(Term.Variable(path: $0)) }
      return
    }
    let start = steps.count
    let table = take(cursor.query)
    // The first FETCH outside of a loop takes one row, a second one another.
    if loops.isEmpty, cursor.fetches == 0 { takeOneRow(from: start) }
    cursors[name]?.fetches += 1
    bind(targets, to: table, cursor.query)
  }

  /// One FETCH locks one row.
  func takeOneRow(from start: Int, where isTaken: (Acquisition) -> Bool = { _ in true }) {
    for index in steps.indices where index >= start {
      steps[index].locks.acquisitions = steps[index].locks.acquisitions.map { lock in
        var lock = lock
        if lock.rows?.count == .many, isTaken(lock) { lock.rows?.count = .atMostOne }
        return lock
      }
    }
  }

  /// With INTO the executor is asked for one row, or for two where a second one is an error
  /// (`exec_stmt_execsql` in `pl_exec.c`): a locking clause and a write lock no more.
  ///
  /// Sub-selects, CTEs and what follows from a row are run to their ends.
  func takeOneOwnRow(of query: PLQuery, from start: Int) {
    // What it takes in all rounds of a loop is more, and OFFSET is above the locks.
    guard loops.isEmpty, let node = query.statement?.node, !node.has(.limitOffset) else { return }
    let clauses = node.list(.lockingClause).count
    let isOuter = clauses == node.subtree.reduce(0) { $0 + ($1.tag == .LockingClause ? 1 : 0) }
    takeOneRow(from: start) { lock in
      guard lock.reason.isEmpty, !lock.isOfCommonTable else { return false }
      switch lock.form {
      case .lockingSelect: return isOuter
      case .plainWrite, .drivenWrite, .upsert, .insert: return true
      case .referential, nil: return false
      }
    }
  }

  /// The order of a loop that fetches from a cursor.
  private func fetchRepetition(_ body: [PLStatement]) -> Repetition? {
    for statement in body {
      guard case .fetch(let name, let targets) = statement.kind, !targets.isEmpty,
        let cursor = cursors[name], let query = cursor.query.statement
      else { continue }
      return repetition(targets, lower(query).table, .cursor)
    }
    return nil
  }

  /// The variables that statements give values to.
  private func assigned(in statements: [PLStatement]) -> Set<String> {
    var names: Set<String> = []
    for statement in statements {
      switch statement.kind {
      case .sql(_, let targets, _), .dynamic(_, let targets, _), .fetch(_, let targets):
        names.formUnion(targets)
      case .assign(let target, _): names.insert(target)
      case .block(let block):
        names.formUnion(assigned(in: block.statements))
        for handler in block.handlers { names.formUnion(assigned(in: handler.statements)) }
      case .choice(_, let arms):
        for arm in arms { names.formUnion(assigned(in: arm.statements)) }
      case .loop(let loop):
        names.formUnion(assigned(in: loop.body))
        names.formUnion(loop.targets)
      default: break
      }
    }
    return names
  }
}

extension PLLoop {
  /// The variables that the loop itself sets.
  var targets: [String] {
    switch kind {
    case .endless, .while: []
    case .range(let variable, _, _, _, _), .cursor(let variable, _, _): [variable]
    case .query(let targets, _), .dynamic(let targets, _, _), .array(let targets, _): targets
    }
  }
}

extension Repetition.Varying {
  /// Variables by their names as a body writes them.
  static func of(_ names: some Sequence<String>) -> Repetition.Varying {
    Repetition.Varying(variables: Set(names.map(Term.Variable.init(path:))))
  }
}
