/// `CREATE FUNCTION` and `CREATE PROCEDURE`.
package struct CreateFunctionStatement: Sendable {
  /// What a function promises about its results.
  package enum Volatility: String, Sendable { case immutable, stable, volatile }

  /// The definition.
  package let node: Node

  init(_ node: Node) { self.node = node }

  /// The name that it gets.
  package var name: QualifiedName? {
    QualifiedName(node.list(.funcname).compactMap { $0.string(.sval) })
  }
  /// Whether it is run by CALL.
  package var isProcedure: Bool { node.flag(.is_procedure) }
  /// In lower case.
  package var language: String { option("language")?.lowercased() ?? "sql" }
  /// What it promises about its results.
  package var volatility: Volatility {
    option("volatility").flatMap(Volatility.init(rawValue:)) ?? .volatile
  }
  /// Whether a call gives any number of rows: `RETURNS SETOF` and `RETURNS TABLE`.
  package var returnsSet: Bool {
    node.child(.returnType)?.flag(.setof) ?? false
      || node.list(.parameters).contains { $0.symbol(.mode, is: "FUNC_PARAM_TABLE") }
  }
  /// The types of the parameters that tell overloads apart.
  package var signature: [String] {
    node.list(.parameters).filter {
      !$0.symbol(.mode, is: "FUNC_PARAM_OUT") && !$0.symbol(.mode, is: "FUNC_PARAM_TABLE")
    }.map { TypeName($0.child(.argType)).written }
  }

  private func option(_ name: String) -> String? {
    node.list(.options).compactMap { option in
      option.string(.defname) == name ? option.child(.arg)?.string(.sval) : nil
    }.last
  }
}

/// The kind of query that a rule or trigger is for.
package enum CommandType: Sendable {
  case select, insert, update, delete, truncate, nothing
}

/// `CREATE TRIGGER`.
package struct CreateTriggerStatement: Sendable {
  /// When it fires.
  package enum Timing: Sendable { case before, after, insteadOf }

  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The name that it gets.
  package var name: String? { node.string(.trigname) }
  /// The table that it is made for.
  package var table: TableReference? { node.child(.relation).map(TableReference.init) }
  /// The table of FROM, for a constraint trigger.
  package var constrainedTable: TableReference? {
    node.child(.constrrel).map(TableReference.init)
  }
  /// The function that it calls.
  package var function: QualifiedName? {
    QualifiedName(node.list(.funcname).compactMap { $0.string(.sval) })
  }
  /// Whether it fires FOR EACH ROW.
  package var isRow: Bool { node.flag(.row) }
  /// The columns of UPDATE OF; empty for all.
  package var columns: [String] { node.list(.columns).compactMap { $0.string(.sval) } }
  /// WHEN.
  package var condition: Node? { node.child(.whenClause) }
  /// The names of its transition tables.
  package var transitions: [String] { node.list(.transitionRels).compactMap { $0.string(.name) } }
  /// Whether SET CONSTRAINTS can make it wait for COMMIT.
  package var isDeferrable: Bool { node.flag(.deferrable) }
  /// Whether it waits for COMMIT unless SET CONSTRAINTS says otherwise.
  package var isInitiallyDeferred: Bool { node.flag(.initdeferred) }

  // The bits of `tgtype`, from PostgreSQL's pg_trigger.h.
  private static let before = 1 << 1
  private static let insteadOf = 1 << 6
  private static let events: [(bit: Int, command: CommandType)] = [
    (1 << 2, .insert), (1 << 3, .delete), (1 << 4, .update), (1 << 5, .truncate),
  ]

  /// When it fires.
  package var timing: Timing {
    let bits = node.int(.timing)
    if bits & Self.insteadOf != 0 { return .insteadOf }
    return bits & Self.before != 0 ? .before : .after
  }
  /// What it fires for.
  package var events: [CommandType] {
    let bits = node.int(.events)
    return Self.events.filter { bits & $0.bit != 0 }.map(\.command)
  }
}

/// `CREATE RULE`.
package struct CreateRuleStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The name that it gets.
  package var name: String? { node.string(.rulename) }
  /// The table that it is made for.
  package var table: TableReference? { node.child(.relation).map(TableReference.init) }
  /// What it is for.
  package var event: CommandType {
    switch node.string(.event) {
    case "CMD_SELECT": .select
    case "CMD_INSERT": .insert
    case "CMD_UPDATE": .update
    case "CMD_DELETE": .delete
    default: .nothing
    }
  }
  /// Whether it takes the place of the query.
  package var isInstead: Bool { node.flag(.instead) }
  /// WHERE.
  package var condition: Node? { node.child(.whereClause) }
  /// The queries that it adds or puts in place.
  package var actions: [Node] { Array(node.list(.actions)) }
}

/// `CREATE POLICY` and `ALTER POLICY`.
package struct PolicyStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The name that it gets.
  package var name: String? { node.string(.policy_name) }
  /// The table that it is made for.
  package var table: TableReference? { node.child(.table).map(TableReference.init) }
  /// USING and WITH CHECK.
  package var expressions: [Node] { [Field.qual, .with_check].compactMap { node.child($0) } }
}

/// `CREATE PUBLICATION` and `ALTER PUBLICATION`.
package struct PublicationStatement: Sendable {
  /// What is done with the tables.
  package enum Action: Sendable { case add, drop, set }

  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The name that it gets.
  package var name: String? { node.string(.pubname) }
  /// What ALTER does with them; nil for CREATE.
  package var action: Action? {
    switch node.string(.action) {
    case "AP_AddObjects": .add
    case "AP_DropObjects": .drop
    case "AP_SetObjects": .set
    default: nil
    }
  }
  /// The tables that the text names.
  package var tables: [TableReference] {
    node.list(.pubobjects).compactMap {
      $0.child(.pubtable)?.child(.relation).map(TableReference.init)
    }
  }
}
