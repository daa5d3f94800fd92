import Diagnostics

extension RoutineBody {
  /// The SQL statements of the body, those of routines in it included, in the order of the text.
  package var statements: [Statement] {
    var found: [Statement] = []
    switch content {
    case .sql(let statements): found = statements
    case .plpgsql(let block): Self.collect(block, into: &found)
    case .opaque: break
    }
    found += found.flatMap { $0.routine?.statements ?? [] }
    return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// The places of the WHEN branches of its EXCEPTION parts, half-open, in bytes of the file.
  package var handlers: [Range<Int>] {
    guard case .plpgsql(let block) = content else { return [] }
    return Self.handlers(of: block)
  }

  private static func handlers(of block: PLBlock) -> [Range<Int>] {
    block.handlers.map(\.range) + block.handlers.flatMap { handlers(in: $0.statements) }
      + handlers(in: block.statements)
  }

  private static func handlers(in statements: [PLStatement]) -> [Range<Int>] {
    statements.flatMap { statement -> [Range<Int>] in
      switch statement.kind {
      case .block(let block): handlers(of: block)
      case .choice(_, let arms): arms.flatMap { handlers(in: $0.statements) }
      case .loop(let loop): handlers(in: loop.body)
      default: []
      }
    }
  }

  private static func collect(_ block: PLBlock, into found: inout [Statement]) {
    for variable in block.variables { add(variable.value, to: &found) }
    block.statements.forEach { collect($0, into: &found) }
    for handler in block.handlers { handler.statements.forEach { collect($0, into: &found) } }
  }

  private static func add(_ query: PLQuery?, to found: inout [Statement]) {
    if let statement = query?.statement { found.append(statement) }
  }

  private static func collect(_ statement: PLStatement, into found: inout [Statement]) {
    func add(_ query: PLQuery?) { Self.add(query, to: &found) }
    switch statement.kind {
    case .sql(let query, _, _), .assign(_, let query), .returnQuery(let query): add(query)
    case .dynamic(let text, _, let using), .returnDynamic(let text, let using):
      add(text)
      using.forEach(add)
    case .block(let block): collect(block, into: &found)
    case .choice(let value, let arms):
      add(value)
      for arm in arms {
        arm.conditions.forEach(add)
        arm.statements.forEach { collect($0, into: &found) }
      }
    case .loop(let loop):
      loop.queries.forEach(add)
      loop.body.forEach { collect($0, into: &found) }
    case .exit(_, _, let condition): add(condition)
    case .return(let value, _): add(value)
    case .raise(_, _, let arguments), .assert(let arguments): arguments.forEach(add)
    case .open(_, let arguments, let query, let dynamic, let using):
      [arguments, query, dynamic].forEach(add)
      using.forEach(add)
    case .fetch, .close, .commit, .rollback, .nothing, .unknown: break
    }
  }
}

extension PLLoop {
  /// The SQL of the loop's head.
  package var queries: [PLQuery] {
    switch kind {
    case .endless: []
    case .while(let condition): [condition]
    case .range(_, _, let from, let to, let step): [from, to] + (step.map { [$0] } ?? [])
    case .query(_, let query), .array(_, let query): [query]
    case .dynamic(_, let text, let using): [text] + using
    case .cursor(_, _, let arguments): arguments.map { [$0] } ?? []
    }
  }
}

extension PLBlock {
  /// The loops around a place in the file, outermost first.
  package func loops(around place: Range<Int>) -> [PLLoop] {
    Self.loops(around: place, in: statements + handlers.flatMap(\.statements))
  }

  private static func loops(around place: Range<Int>, in statements: [PLStatement]) -> [PLLoop] {
    for statement in statements where statement.range.encloses(place) {
      switch statement.kind {
      case .block(let block): return block.loops(around: place)
      case .choice(_, let arms): return loops(around: place, in: arms.flatMap(\.statements))
      case .loop(let loop) where !loop.head.overlaps(place):
        return [loop] + loops(around: place, in: loop.body)
      default: return []
      }
    }
    return []
  }
}

extension PLBlock {
  /// What a body does, in the order of the text, of branches and handlers all, loops before what is in
  /// them; a variable's first value is one that it is assigned.
  package var kinds: [PLStatement.Kind] {
    let values: [PLStatement.Kind] = variables.compactMap { variable in
      variable.value.map { .assign(target: variable.name, $0) }
    }
    return values + Self.kinds(in: statements + handlers.flatMap(\.statements))
  }

  private static func kinds(in statements: [PLStatement]) -> [PLStatement.Kind] {
    statements.flatMap { statement in
      switch statement.kind {
      case .block(let block): block.kinds
      case .choice(_, let arms): arms.flatMap { kinds(in: $0.statements) }
      case .loop(let loop): [statement.kind] + kinds(in: loop.body)
      default: [statement.kind]
      }
    }
  }
}
