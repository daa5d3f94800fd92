import PostgresSyntax

extension CatalogBuilder {
  /// A DO block defines what its statements do, of alternatives all: `IF NOT EXISTS (…) THEN ALTER
  /// TABLE … ADD …` leaves the table with what it adds.
  mutating func runBlock(_ statement: Statement) {
    guard case .plpgsql(let block)? = statement.routine?.content else { return }
    run(block, of: "DO") { command in
      // A name that is any table's defines none.
      Self.definedTable(command).map { !DynamicNames.isLocal($0.name) } ?? true
    }
  }

  /// A routine that makes tables whose names it puts together shows what is in them, whoever calls
  /// it: nothing else has these names.
  mutating func defineOpenTables(of routine: RoutineBody?, _ name: String) {
    guard case .plpgsql(let block)? = routine?.content else { return }
    run(block, of: name) { command in
      guard let table = Self.definedTable(command) else { return false }
      return DynamicNames.isOpen(table.name) && !DynamicNames.isLocal(table.name)
    }
  }

  /// The table that a statement makes or alters.
  private static func definedTable(_ command: SQLCommand) -> TableReference? {
    switch command {
    case .createTable(let definition): definition.table
    case .createIndex(let definition): definition.table
    case .alterTable(let change): change.relation
    default: nil
    }
  }

  /// Defines what the wanted ones of a body's statements do.
  private mutating func run(
    _ block: PLBlock, of name: String, where isWanted: (SQLCommand) -> Bool
  ) {
    var names = DynamicNames(in: name)
    var assigned: [String: PLQuery] = [:]
    for kind in block.kinds {
      switch kind {
      case .assign(let target, let value): assigned[target] = value
      case .sql(let query, _, _):
        if let statement = query.statement, isWanted(statement.command) { define(statement) }
      case .dynamic(let text, _, _):
        let variables = DynamicSQL.Variables { [assigned] in
          DynamicSQL.Variables.Value(version: 0, query: assigned[$0])
        }
        if case .statement(let statement) = DynamicSQL.parse(
          text, names: &names, variables: variables), isWanted(statement.command)
        {
          define(statement)
        }
      default: break
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
