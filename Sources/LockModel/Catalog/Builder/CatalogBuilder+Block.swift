import PostgresSyntax

extension CatalogBuilder {
  /// A DO block defines what its statements do, of alternatives all: `IF NOT EXISTS (…) THEN ALTER
  /// TABLE … ADD …` leaves the table with what it adds.
  mutating func runBlock(_ statement: Statement) {
    guard case .plpgsql(let block)? = statement.routine?.content else { return }
    var names = DynamicNames(in: "DO")
    for kind in Self.kinds(in: block) {
      switch kind {
      case .sql(let query, _, _):
        if let statement = query.statement { define(statement) }
      case .dynamic(let text, _, _):
        if case .statement(let statement) = DynamicSQL.parse(text, names: &names) {
          define(statement)
        }
      default: break
      }
    }
  }

  /// What a body does, in the order of the text, of branches all; a variable's first value is one
  /// that it is assigned.
  static func kinds(in block: PLBlock) -> [PLStatement.Kind] {
    let values: [PLStatement.Kind] = block.variables.compactMap { variable in
      variable.value.map { .assign(target: variable.name, $0) }
    }
    return values + kinds(in: block.statements)
  }

  private static func kinds(in statements: [PLStatement]) -> [PLStatement.Kind] {
    statements.flatMap { statement in
      switch statement.kind {
      case .block(let block): kinds(in: block)
      case .choice(_, let arms): arms.flatMap { kinds(in: $0.statements) }
      case .loop(let loop): kinds(in: loop.body)
      default: [statement.kind]
      }
    }
  }

  mutating func define(_ statement: Statement) {
    guard Self.mayDefine(statement.command) else { return }
    if case .do = statement.command { return }
    catalog.version += 1
    apply(statement.command, statement)
  }
}
