@testable import PostgresSyntax

extension RoutineBody {
  /// The block of a PL/pgSQL body.
  var block: PLBlock? {
    guard case .plpgsql(let block) = content else { return nil }
    return block
  }

  /// The statements of an SQL body.
  var statements: [Statement]? {
    guard case .sql(let statements) = content else { return nil }
    return statements
  }
}

extension PLBlock {
  /// Every piece of SQL in the block, in the order of the text.
  var queries: [PLQuery] {
    variables.compactMap(\.value) + statements.flatMap(\.queries)
      + handlers.flatMap { $0.statements.flatMap(\.queries) }
  }

  /// The blocks and statements in it, with those in them.
  var all: [PLStatement] {
    (statements + handlers.flatMap(\.statements)).flatMap { [$0] + $0.inner }
  }
}

extension PLStatement {
  var inner: [PLStatement] {
    switch kind {
    case .block(let block): block.all
    case .choice(_, let arms): arms.flatMap(\.statements).flatMap { [$0] + $0.inner }
    case .loop(let loop): loop.body.flatMap { [$0] + $0.inner }
    default: []
    }
  }

  var queries: [PLQuery] {
    switch kind {
    case .sql(let query, _, _), .assign(_, let query), .returnQuery(let query): [query]
    case .dynamic(let text, _, let using), .returnDynamic(let text, let using): [text] + using
    case .block(let block): block.queries
    case .choice(let value, let arms):
      [value].compactMap(\.self)
        + arms.flatMap { $0.conditions + $0.statements.flatMap(\.queries) }
    case .loop(let loop): loop.kind.queries + loop.body.flatMap(\.queries)
    case .exit(_, _, let condition): [condition].compactMap(\.self)
    case .return(let value, _): [value].compactMap(\.self)
    case .raise(_, _, let arguments), .assert(let arguments): arguments
    case .open(_, let arguments, let query, let dynamic, let using):
      [arguments, query, dynamic].compactMap(\.self) + using
    case .fetch, .close, .commit, .rollback, .nothing, .unknown: []
    }
  }
}

extension PLLoop.Kind {
  var queries: [PLQuery] {
    switch self {
    case .endless: []
    case .while(let query), .query(_, let query), .array(_, let query): [query]
    case .range(_, _, let from, let to, let step): [from, to, step].compactMap(\.self)
    case .dynamic(_, let text, let using): [text] + using
    case .cursor(_, _, let arguments): [arguments].compactMap(\.self)
    }
  }
}
