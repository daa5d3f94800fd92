import PostgresSyntax

extension CatalogBuilder {
  /// A DO block defines what its statements do, of alternatives all: `IF NOT EXISTS (…) THEN ALTER
  /// TABLE … ADD …` leaves the table with what it adds.
  mutating func runBlock(_ statement: Statement) {
    guard case .plpgsql(let block)? = statement.routine?.content else { return }
    run(block.statements)
  }

  private mutating func run(_ statements: [PLStatement]) {
    for statement in statements {
      switch statement.kind {
      case .sql(let query, _, _):
        if let statement = query.statement { define(statement) }
      case .dynamic(let text, _, _):
        // A text that names what is only known when it runs defines nothing that is known.
        if case .statement(let statement) = DynamicSQL.parse(text) { define(statement) }
      case .block(let block): run(block.statements)
      case .choice(_, let arms): for arm in arms { run(arm.statements) }
      case .loop(let loop): run(loop.body)
      case .assign, .exit, .return, .returnQuery, .returnDynamic, .raise, .assert, .open, .fetch,
        .close, .commit, .rollback, .nothing, .unknown:
        break
      }
    }
  }

  private mutating func define(_ statement: Statement) {
    guard Self.mayDefine(statement.command) else { return }
    if case .do = statement.command { return }
    catalog.version += 1
    apply(statement.command, statement)
  }
}
