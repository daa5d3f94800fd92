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

  /// A routine that a script calls defines what its statements do, with the literals of the call for
  /// its parameters.
  mutating func runCalls(in statement: Statement) {
    for call in Self.calls(of: statement.node) where callsLeft > 0 {
      guard let function = catalog.function(call), let body = function.body, body.isShort else {
        continue
      }
      callsLeft -= 1
      let outer = file
      file = function.file ?? file
      defer { file = outer }
      switch body.content {
      case .sql(let statements): for statement in statements { define(statement) }
      case .plpgsql(let block):
        run(block, of: function.name.name, texts: function.texts(call.arguments)) { command in
          Self.definedTable(command).map { !DynamicNames.isOpen($0.name) } ?? true
        }
      case .opaque: break
      }
    }
  }

  /// The routines that a statement runs, where it is about nothing else.
  private static func calls(of node: Node) -> [FunctionCall] {
    let sources = node.list(.fromClause)
    guard sources.allSatisfy({ $0.tag == .RangeFunction }) else { return [] }
    let called =
      sources.flatMap { $0.list(.functions).compactMap { $0.list(.items).first } }
      + node.list(.targetList).compactMap { $0.child(.val) }
      + [node.child(.funccall)].compactMap(\.self)
    return called.filter { $0.tag == .FuncCall }.map(FunctionCall.init)
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
    _ block: PLBlock, of name: String, texts: [String: String] = [:],
    where isWanted: (SQLCommand) -> Bool
  ) {
    var names = DynamicNames(in: name)
    var texts = texts
    var assigned: [String: PLQuery] = [:]
    for kind in block.kinds {
      switch kind {
      case .assign(let target, let value):
        assigned[target] = value
        texts[target] = nil
      case .sql(let query, _, _):
        if let statement = query.statement, isWanted(statement.command) { define(statement) }
      case .dynamic(let text, _, _):
        let variables = DynamicSQL.Variables(texts: texts) { [assigned] in
          DynamicSQL.Variables.Value(version: 0, query: assigned[$0])
        }
        if case .statements(let statements) = DynamicSQL.parse(
          text, names: &names, variables: variables)
        {
          for statement in statements where isWanted(statement.command) { define(statement) }
        }
      default: break
      }
    }
  }

  private mutating func define(_ statement: Statement) {
    switch statement.command {
    case .select, .call: runCalls(in: statement)
    case .do: break
    case let command where Self.mayDefine(command):
      catalog.version += 1
      apply(command, statement)
    default: break
    }
  }
}
