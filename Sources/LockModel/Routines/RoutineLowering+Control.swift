import PostgresSyntax

extension RoutineLowering {
  /// How a list of statements ends.
  enum Ending {
    /// It goes on behind the list.
    case goesOn
    /// RETURN, an error, EXIT: what follows is not reached.
    case leaves
  }

  @discardableResult
  func run(_ block: PLBlock) -> (Ending, remaining: Branch?) {
    let result = runBody(of: block)
    leave(block)
    // EXIT of the block's own label goes on behind it.
    if let label = block.label, leaving.remove(label) != nil { return (.goesOn, nil) }
    return result
  }

  private func runBody(of block: PLBlock) -> (Ending, remaining: Branch?) {
    for variable in block.variables { declare(variable) }
    guard !block.handlers.isEmpty else { return (run(block.statements), nil) }
    // An error gives back what the block has locked: its handlers are alternatives to it.
    let decision = Decisions.next()
    var remaining: Set<Int> = []
    var start = variables
    var ends: [RoutineVariables] = []
    for (arm, statements) in ([block.statements] + block.handlers.map(\.statements)).enumerated() {
      variables = start
      let ending = within(Branch(decision: decision, arms: [arm])) { run(statements) }
      // A handler is entered from anywhere in the block.
      if arm == 0 { start.merge(variables) }
      guard ending == .goesOn else { continue }
      remaining.insert(arm)
      ends.append(variables)
    }
    if let first = ends.first {
      variables = ends.dropFirst().reduce(into: first) { $0.merge($1) }
    }
    if remaining.isEmpty { return (.leaves, nil) }
    guard remaining.count <= block.handlers.count else { return (.goesOn, nil) }
    let rest = Branch(decision: decision, arms: remaining)
    let handlers = block.handlers.enumerated().filter { !remaining.contains($0.offset + 1) }
    if remaining.contains(0), handlers.allSatisfy({ Self.endInError($0.element.statements) }) {
      certain.append(rest)
    }
    return (.goesOn, rest)
  }

  /// Whether statements end with an error, and so does the call of the routine.
  private static func endInError(_ statements: [PLStatement]) -> Bool {
    guard case .raise(let level, let isRethrow, _)? = statements.last?.kind else { return false }
    return level == "exception" || isRethrow
  }

  private func declare(_ variable: PLVariable) {
    switch variable.kind {
    case .boundCursor:
      if let query = variable.value { cursors[variable.name] = RoutineCursor(query: query) }
    case .alias(let other):
      variables.values[Term.Variable(name: variable.name)] = .variable(Term.Variable(path: other))
    case .scalar, .array, .record, .refcursor: break
    }
    guard let value = variable.value, !variable.kind.isCursor else { return }
    take(value)
    variables.assign(Term.Variable(name: variable.name), value)
  }

  func run(_ statements: [PLStatement]) -> Ending {
    var narrowed = 0
    defer { branches.removeLast(narrowed) }
    for statement in statements where !isFull {
      let before = returns
      let (ending, remaining) = run(statement)
      if ending == .leaves { return .leaves }
      // Runs that left through an arm or a handler don't come here, nor do those that returned from
      // further inside.
      let inner = returns - before - (remaining == nil ? 0 : Self.returningArms(statement))
      let rest = inner > 0 ? Branch(decision: Decisions.next(), arms: [0]) : nil
      for branch in [remaining, rest] {
        guard let branch else { continue }
        branches.append(branch)
        narrowed += 1
      }
    }
    return .goesOn
  }

  /// How many arms of a statement end with RETURN.
  private static func returningArms(_ statement: PLStatement) -> Int {
    guard case .choice(_, let arms) = statement.kind else { return 0 }
    return arms.count { arm in
      if case .return(_, isNext: false)? = arm.statements.last?.kind { true } else { false }
    }
  }

  private func run(_ statement: PLStatement) -> (Ending, remaining: Branch?) {
    switch statement.kind {
    case .choice(let value, let arms):
      defer { tested = nil }
      return choose(value, arms)
    case .block(let block):
      defer { tested = nil }
      return run(block)
    default: return (runSimple(statement), nil)
    }
  }

  private func runSimple(_ statement: PLStatement) -> Ending {
    switch statement.kind {
    case .sql(let query, let targets, let isStrict):
      let start = steps.count
      select(query, into: targets)
      tested = start..<steps.count
      if isStrict || !targets.isEmpty { takeOneOwnRow(of: query, from: start) }
      return .goesOn
    case .assign(let target, let value):
      take(value)
      variables.assign(Term.Variable(path: target), value)
      noteAttempt(value, into: [target])
      return .goesOn
    case .dynamic(let text, let targets, let using):
      using.forEach { take($0) }
      dynamic(text, using)
      targets.forEach { variables.forget(Term.Variable(path: $0)) }
      return .goesOn
    case .block, .choice: preconditionFailure("these are run with the statements after them")
    case .loop(let loop):
      tested = nil
      run(loop)
      tested = nil
      if let label = loop.label { leaving.remove(label) }
      // Any other label is that of something further out.
      return leaving.isEmpty ? .goesOn : .leaves
    case .exit(let isContinue, let label, let condition):
      take(condition)
      if isContinue { endRound(of: label) }
      if condition == nil, let label { leaving.insert(label) }
      return condition == nil ? .leaves : .goesOn
    case .return(let value, let isNext):
      take(value)
      if !isNext { returns += 1 }
      return isNext ? .goesOn : .leaves
    case .returnQuery(let query):
      take(query)
      tested = nil
      return .goesOn
    case .returnDynamic(let text, let using):
      using.forEach { take($0) }
      dynamic(text, using)
      tested = nil
      return .goesOn
    case .raise(let level, _, let arguments):
      arguments.forEach { take($0) }
      return level == "exception" ? .leaves : .goesOn
    case .assert(let conditions):
      conditions.forEach { take($0) }
      return .goesOn
    case .open(let cursor, let arguments, let query, let text, let using):
      take(arguments)
      using.forEach { take($0) }
      open(cursor, query, text, using)
      return .goesOn
    case .fetch(let cursor, let targets):
      fetch(cursor, into: targets)
      tested = nil
      return .goesOn
    case .close, .nothing: return .goesOn
    case .commit, .rollback:
      part += 1
      variables.endTransaction()
      return .goesOn
    case .unknown:
      note("a statement that could not be understood", statement.range)
      return .goesOn
    }
  }

  private func open(_ cursor: String, _ query: PLQuery?, _ text: PLQuery?, _ using: [PLQuery]) {
    if let query { cursors[cursor] = RoutineCursor(query: query) }
    if let text { dynamic(text, using) }
  }

  /// Runs a query and gives its values to variables.
  private func select(_ query: PLQuery, into targets: [String]) {
    let table = take(query)
    bind(targets, to: table, query)
    noteAttempt(query, into: targets)
  }

  // MARK: Alternatives

  /// Runs the arms of IF and CASE; `remaining` are the runs that go on behind them.
  private func choose(
    _ value: PLQuery?, _ arms: [PLArm]
  ) -> (Ending, remaining: Branch?) {
    take(value)
    let decision = Decisions.next()
    noteAbsence(value, arms, decision)
    var leaving: Set<Int> = []
    var possible: Set<Int> = []
    var hasElse = false
    var before = variables
    var endsTransaction = true
    for (index, arm) in arms.enumerated() {
      hasElse = hasElse || arm.conditions.isEmpty
      let verdict = TriggerTest.verdict(value, arm.conditions, trigger)
      if verdict == false { continue }
      possible.insert(index)
      arm.conditions.forEach { take($0) }
      let start = variables
      let attempts = attempts(in: arm.conditions)
      let first = steps.count
      let ending = within(Branch(decision: decision, arms: [index])) { run(arm.statements) }
      // Who goes on has the lock: an arm leaves without it, or waits for it.
      for step in attempts where ending == .leaves || waits(from: first, forLocksOf: step) {
        succeed(at: step)
      }
      if ending == .leaves {
        leaving.insert(index)
      } else {
        before.merge(variables)
        endsTransaction = endsTransaction && variables.hasEndedTransaction
      }
      variables = start
      if verdict == true {
        hasElse = true
        break
      }
    }
    if hasElse { before.hasEndedTransaction = endsTransaction }
    variables = before
    // Without ELSE there is one more way: none of the arms.
    let all = hasElse ? possible : possible.union([arms.count])
    if leaving == all, !all.isEmpty { return (.leaves, nil) }
    guard !leaving.isEmpty else { return (.goesOn, nil) }
    let rest = Branch(decision: decision, arms: all.subtracting(leaving))
    if leaving.allSatisfy({ Self.endInError(arms[$0].statements) }) { certain.append(rest) }
    return (.goesOn, rest)
  }

  /// Where IF tests FOUND, the statement before it has locked no row in the arms that are taken when
  /// nothing was found (manual, *Obtaining the Result Status*).
  private func noteAbsence(_ value: PLQuery?, _ arms: [PLArm], _ decision: Int) {
    guard value == nil, let tested, let condition = arms.first?.conditions.first else { return }
    let words = condition.text.lowercased().split { " \n\t()".contains($0) }
    let without: Set<Int>
    if words == ["found"] {
      // Behind the others stands the way through none of them.
      without = Set(1...arms.count)
    } else if words.starts(with: ["not", "found"]), words.count == 2 || words[2] == "and" {
      without = [0]
    } else {
      return
    }
    for step in tested {
      steps[step].locks.acquisitions = steps[step].locks.acquisitions.map { lock in
        guard lock.isOfFoundRows else { return lock }
        var lock = lock
        lock.absence = Branch(decision: decision, arms: without)
        return lock
      }
    }
  }

  // MARK: Attempts

  /// Remembers which variables say whether a lock was got.
  private func noteAttempt(_ query: PLQuery, into targets: [String]) {
    let isAttempt = query.text.lowercased().contains("pg_try_advisory") && !steps.isEmpty
    for target in targets {
      attempts[Term.Variable(path: target)] = isAttempt ? steps.count - 1 : nil
    }
  }

  /// The places in `steps` of the attempts that conditions are about, which were taken just before.
  private func attempts(in conditions: [PLQuery]) -> [Int] {
    conditions.flatMap { condition in
      let text = condition.text.lowercased()
      let own = text.contains("pg_try_advisory") && !steps.isEmpty ? [steps.count - 1] : []
      let words = Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." })
      return own + attempts.filter { words.contains(Substring($0.key.text)) }.values.sorted()
    }
  }

  /// Whether the steps from a place on wait for what an attempt has not got.
  private func waits(from first: Int, forLocksOf attempt: Int) -> Bool {
    let wanted = steps[attempt].locks.acquisitions.filter { $0.waits == .skips }.map(\.target)
    return steps[first...].contains { step in
      step.locks.acquisitions.contains { $0.waits == .blocks && wanted.contains($0.target) }
    }
  }

  private func succeed(at step: Int) {
    steps[step].locks.acquisitions = steps[step].locks.acquisitions.map { lock in
      guard case .advisory = lock.target, lock.waits == .skips else { return lock }
      var lock = lock
      lock.waits = .fails
      return lock
    }
  }
}

extension PLVariable.Kind {
  var isCursor: Bool {
    if case .boundCursor = self { return true }
    return false
  }
}

extension Acquisition {
  /// Whether it is on a row that its statement has found or made, or on one that such a row refers to.
  /// Triggers of statements fire without any.
  fileprivate var isOfFoundRows: Bool {
    switch target {
    case .table, .advisory: return false
    case .rows, .uniqueKey: break
    }
    switch reason.first {
    case nil, .foreignKey?: return true
    default: return false
    }
  }
}
