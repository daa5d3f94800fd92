import Diagnostics
import PostgresSyntax

/// Functions that a statement calls: advisory locks, sequences, and routines whose bodies are known.
struct CallLocks: InScope {
  let scope: QueryScope

  /// A call in an expression of a query level.
  struct PlacedCall {
    let call: FunctionCall
    /// Whether it stands in the output list, which is evaluated after sorting when it is volatile.
    let isOutput: Bool
    /// The arms of CASE and the like that lead to it, for one row.
    var branches: [Branch] = []
  }

  /// Whether a call can take a lock that is worth looking at.
  static func matters(_ call: FunctionCall, _ catalog: Catalog) -> Bool {
    if AdvisoryLock(call) != nil || SequenceFunction(call) != nil { return true }
    if AdvisoryLock.isUnlock(call) { return true }
    if catalog.overloads(of: call.name) != nil { return true }
    return !BuiltInFunctions.contains(call)
  }

  /// The locks of the calls of a level, each once or for each row.
  func locks(of calls: [PlacedCall], in level: QueryLevel, _ select: SelectStatement?)
    -> [Acquisition]
  {
    calls.flatMap { placed -> [Acquisition] in
      let locks = self.locks(of: placed.call)
      guard !locks.isEmpty else { return [] }
      guard level.members.count > level.identity.single.count else {
        return locks.map { $0.behind(placed.branches) }
      }
      let repetition = repetition(of: placed, in: level, select)
      return locks.map(repetition.repeated)
    }
  }

  /// The locks of one call.
  private func locks(of call: FunctionCall) -> [Acquisition] {
    let place = context.range
    if let advisory = AdvisoryLock(call) { return [self.lock(advisory)] }
    if AdvisoryLock.isUnlock(call) { context.noteUnlock() }
    if let sequence = SequenceFunction(call) {
      guard let name = sequence.sequence(in: catalog, searchPath: context.searchPath) else {
        context.note("\(call.name)() locks the sequence of a column that is not defined")
        return []
      }
      return [.table(name, .rowExclusive, reason: [], range: place)]
    }
    guard let function = catalog.function(call) else {
      if !BuiltInFunctions.contains(call) {
        context.note("\(call.name)() is not defined in what was read; what it locks is not known")
      }
      return []
    }
    let values = Self.arguments(of: call, to: function)
    let texts = function.body?.runsText ?? false ? function.texts(call.arguments) : [:]
    return inline(function, trigger: nil, texts: texts) {
      $0.replacing(values).inside([.function(function.name.name)], at: place)
    }
  }

  private func lock(_ advisory: AdvisoryLock) -> Acquisition {
    Acquisition(
      target: .advisory(advisory.key), mode: .advisory(isExclusive: advisory.isExclusive),
      rows: nil, waits: advisory.waits, duration: advisory.duration, reason: [],
      range: context.range, form: nil, assumptions: [], isPrivate: false)
  }

  /// What the parameters of a function stand for in a call.
  static func arguments(
    of call: FunctionCall, to function: Catalog.Function
  ) -> [Term.Variable: Term] {
    var values: [Term.Variable: Term] = [:]
    for (argument, parameter) in function.pairs(call.arguments) {
      guard let (definition, number) = parameter else { continue }
      let term = Term(argument)
      values[.parameter(number)] = term
      if let name = definition.name { values[Term.Variable(name: name)] = term }
    }
    return values
  }

  // MARK: Repetition

  /// The rows that a call is made for.
  private func repetition(
    of placed: PlacedCall, in level: QueryLevel, _ select: SelectStatement?
  ) -> Repetition {
    var ranks: [Term: Repetition.Rank] = [:]
    var varying: Set<Term> = []
    for argument in placed.call.arguments {
      let columns = level.columns(in: argument, scope: 0)
      let isConstant = columns?.allSatisfy { level.identity.single.contains($0.member) } ?? false
      if !isConstant { varying.insert(Term(argument)) }
    }
    if let series = select.flatMap(InsertOrder.seriesColumn), placed.isOutput {
      for argument in placed.call.arguments where Term(argument) == .column([series]) {
        ranks[.column([series])] = .init(position: 0, isDescending: false)
      }
    }
    if placed.isOutput { addInnerRanks(of: placed, level, &ranks) }
    var why = "it is called for each row, in the order in which the plan finds them"
    if placed.isOutput, let select, !select.sortKeys.isEmpty {
      for (position, item) in SortItem.items(of: select, in: level, catalog: catalog).enumerated() {
        for argument in placed.call.arguments where isSame(argument, item, level) {
          ranks[Term(argument)] = .init(
            position: position, isDescending: item.isDescending)
        }
      }
      why = "it is called for each row; ORDER BY does not begin with what it is called with"
      if select.limit != nil {
        why = "it is called for each row, before or after LIMIT as the plan has it"
      }
    }
    return Repetition(
      ranks: ranks, varying: .init(terms: varying), why: why, isKnown: !level.mayBeSorted)
  }

  /// A query over one sorted sub-select or CTE gets its rows in that order.
  private func addInnerRanks(
    of placed: PlacedCall, _ level: QueryLevel, _ ranks: inout [Term: Repetition.Rank]
  ) {
    guard level.members.count == 1, case .derived(let table) = level.members[0].source,
      let inner = table.level, let select = table.select
    else { return }
    let items = SortItem.items(of: select, in: inner, catalog: catalog)
    for argument in placed.call.arguments {
      guard case .column(let names) = Expression(Expression.withoutCasts(argument)),
        let name = names.last, let value = table.value(of: name).map(CanonicalExpression.text),
        let position = items.firstIndex(where: { $0.canonical == value })
      else { continue }
      ranks[Term(argument)] = .init(
        position: position, isDescending: items[position].isDescending)
    }
  }

  private func isSame(_ argument: Node, _ item: SortItem, _ level: QueryLevel) -> Bool {
    if CanonicalExpression.text(argument) == item.canonical { return true }
    guard let column = item.column,
      case .column(let names) = Expression(Expression.withoutCasts(argument)),
      case .column(let found) = level.resolve(names, scope: 0)
    else { return false }
    return found == column
  }

  // MARK: Routines

  /// The locks of a routine's body; `call` makes of each, with the parameters as they are named
  /// there, that of the call. `texts` are literals that the call gives to a routine which puts SQL
  /// together.
  func inline(
    _ function: Catalog.Function, trigger: TriggerEvent?, texts: [String: String] = [:],
    as call: (Acquisition) -> Acquisition
  ) -> [Acquisition] {
    let name = function.name.name
    guard let body = function.body, let file = function.file else {
      context.note("the body of \(name)() could not be read")
      return []
    }
    if case .opaque(let language) = body.content {
      if !["c", "internal"].contains(language) {
        context.note("\(name)() is written in \(language), which is not analysed")
      }
      return []
    }
    let key = RoutineKey.routine(
      ObjectIdentifier(body), trigger, texts, searchPath: context.searchPath)
    let found = context.stack.summary(of: key) { inside in
      let lowering = RoutineLowering(
        name, body, in: file, catalog: catalog, searchPath: context.searchPath, stack: inside,
        deferral: context.deferral, trigger: trigger, texts: texts, isSummary: true)
      lowering.run()
      return lowering.summary
    }
    return take(found, name, as: call)
  }

  /// Takes over what a summary says besides the locks that are taken at once, which are returned.
  func take(
    _ found: Result<RoutineSummary, RoutineStack.RefusalError>, _ name: String,
    as call: (Acquisition) -> Acquisition
  ) -> [Acquisition] {
    switch found {
    case .success(let shared):
      guard context.admits(shared.acquisitions.count) else { return [] }
      let summary = shared.instantiated
      context.add(summary.notes)
      context.noteWritten(summary.written)
      if summary.unlocks { context.noteUnlock() }
      context.after.add(deferred: summary.deferred.map(call))
      return summary.acquisitions.map(call)
    case .failure(let error):
      switch error.refusal {
      case .isRunning:
        context.note("\(name)() sets itself off again; that is not followed", isDetail: true)
      case .isTooDeep: context.note("what \(name)() sets off is followed only so far")
      }
      return []
    }
  }
}
