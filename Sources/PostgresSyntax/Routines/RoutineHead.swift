/// What the head of a CREATE FUNCTION, CREATE PROCEDURE or DO says.
struct RoutineHead {
  /// In lower case.
  let language: String
  let parameters: [RoutineParameter]
  private let name: String?
  /// Parameters by name, also those that give values back.
  private let variables: [(String, PLScope.Variable)]
  let trigger: RoutineBody.Trigger

  /// Reads a `CreateFunctionStmt` or `DoStmt`.
  init(_ node: Node) {
    let isDo = node.tag == .DoStmt
    let options = Array(node.list(isDo ? .args : .options))
    let written = options.first { $0.string(.defname) == "language" }?.child(.arg)?.string(.sval)
    let standard = isDo ? "plpgsql" : "sql"
    language = written?.lowercased() ?? standard
    name = Array(node.list(.funcname)).last?.string(.sval)
    let nodes = node.list(.parameters).filter { $0.tag == .FunctionParameter }
    parameters = nodes.map(Self.parameter)
    variables = nodes.compactMap(Self.variable)
    switch node.child(.returnType).map({ TypeName($0).name }) {
    case "trigger": trigger = .row
    case "event_trigger": trigger = .event
    default: trigger = .none
    }
  }

  private static func parameter(_ node: Node) -> RoutineParameter {
    let type = TypeName(node.child(.argType))
    let isOutput =
      node.symbol(.mode, is: "FUNC_PARAM_OUT") || node.symbol(.mode, is: "FUNC_PARAM_TABLE")
    return RoutineParameter(
      name: node.string(.name), isInput: !isOutput,
      isArray: type.isArray || node.symbol(.mode, is: "FUNC_PARAM_VARIADIC"),
      hasDefault: node.has(.defexpr), type: type.name)
  }

  private static func variable(_ node: Node) -> (String, PLScope.Variable)? {
    guard let name = node.string(.name) else { return nil }
    let type = TypeName(node.child(.argType))
    let isScalar = type.isArray || ScalarTypes.contains(type.name)
    return (
      name,
      PLScope.Variable(
        isArray: type.isArray, fields: isScalar ? .none : .possible,
        isCursor: type.name == "refcursor")
    )
  }

  /// The parameters, as SQL functions see them.
  var scope: PLScope {
    var scope = PLScope()
    scope.columnsWin = true
    scope.push(label: name)
    for (name, variable) in variables { scope.declare(name, variable) }
    return scope
  }

  /// The parameters and what PL/pgSQL declares by itself (manual 43.10 *Trigger Functions*).
  var proceduralScope: PLScope {
    var scope = PLScope()
    scope.push(label: nil)
    scope.declare("found", PLScope.Variable())
    let special: [String] =
      switch trigger {
      case .none: []
      case .row:
        [
          "tg_name", "tg_when", "tg_level", "tg_op", "tg_relid", "tg_relname", "tg_table_name",
          "tg_table_schema", "tg_nargs",
        ]
      case .event: ["tg_event", "tg_tag"]
      }
    for name in special { scope.declare(name, PLScope.Variable()) }
    if trigger == .row {
      scope.declare("tg_argv", PLScope.Variable(isArray: true))
      for name in ["new", "old"] { scope.declare(name, PLScope.Variable(fields: .certain)) }
    }
    scope.push(label: name)
    for (name, variable) in variables { scope.declare(name, variable) }
    return scope
  }
}
