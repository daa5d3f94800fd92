/// An expression of the parse tree, by what it means to a reader of conditions.
package indirect enum Expression: Sendable {
  /// `a.b`: the names, outermost first; the last is the column.
  case column([String])
  /// `*` or `a.*`.
  case star
  /// A literal.
  case constant(Node)
  /// `$1`, or a placeholder of a client library.
  case parameter(isList: Bool)
  /// `left op right`, or a prefix operator without `left`.
  case operation(name: String, left: Node?, right: Node)
  case and([Node])
  case or([Node])
  case not(Node)
  /// `left IN (items)`; `isNegated` for NOT IN.
  case list(left: Node, items: [Node], isNegated: Bool)
  /// `left op ANY (array)`.
  case any(name: String, left: Node, array: Node)
  /// A sub-select in an expression.
  case subselect(SubLink)
  case call(FunctionCall)
  case cast(Node, type: String)
  case row([Node])
  case array([Node])
  case nullTest(Node, isNull: Bool)
  case booleanTest(Node, kind: String)
  /// `left IS NOT DISTINCT FROM right`.
  case notDistinct(Node, Node)
  case currentOf
  case setToDefault
  case other(Node)

  /// Classifies a node.
  package init(_ node: Node) {
    switch node.tag {
    case .ColumnRef: self = Self.column(node)
    case .A_Const: self = .constant(node)
    case .ParamRef: self = .parameter(isList: node.placeholder?.isList ?? false)
    case .A_Expr: self = Self.operation(node)
    case .BoolExpr:
      let arguments = Array(node.list(.args))
      if node.symbol(.boolop, is: "AND_EXPR") {
        self = .and(arguments)
      } else if node.symbol(.boolop, is: "OR_EXPR") {
        self = .or(arguments)
      } else {
        self = arguments.first.map { .not($0) } ?? .other(node)
      }
    case .SubLink: self = SubLink(node).map { .subselect($0) } ?? .other(node)
    case .FuncCall:
      let call = FunctionCall(node: node)
      if call.schema == "sqlc" {
        self = .parameter(isList: call.name == "slice")
      } else {
        self = .call(call)
      }
    case .TypeCast:
      guard let argument = node.child(.arg) else {
        self = .other(node)
        return
      }
      self = .cast(argument, type: TypeName(node.child(.typeName)).name)
    case .RowExpr: self = .row(Array(node.list(.args)))
    case .A_ArrayExpr: self = .array(Array(node.list(.elements)))
    case .NullTest:
      self =
        node.child(.arg).map {
          .nullTest($0, isNull: node.symbol(.nulltesttype, is: "IS_NULL"))
        } ?? .other(node)
    case .BooleanTest:
      self =
        node.child(.arg).map {
          .booleanTest($0, kind: node.string(.booltesttype) ?? "")
        } ?? .other(node)
    case .CurrentOfExpr: self = .currentOf
    case .SetToDefault: self = .setToDefault
    default: self = .other(node)
    }
  }

  private static func column(_ node: Node) -> Expression {
    if let variable = node.standIn { return .parameter(isList: variable.isList) }
    var names: [String] = []
    for field in node.list(.fields) {
      guard let name = field.string(.sval) else { return .star }
      names.append(name)
    }
    return .column(names)
  }

  private static func operation(_ node: Node) -> Expression {
    let name = Array(node.list(.name)).last?.string(.sval) ?? ""
    guard let right = node.child(.rexpr) ?? node.list(.rexpr).first else { return .other(node) }
    let left = node.child(.lexpr)
    if node.symbol(.kind, is: "AEXPR_OP") {
      return .operation(name: name, left: left, right: right)
    }
    guard let left else { return .other(node) }
    if node.symbol(.kind, is: "AEXPR_IN") {
      return .list(left: left, items: Array(right.list(.items)), isNegated: name == "<>")
    }
    if node.symbol(.kind, is: "AEXPR_OP_ANY") {
      return .any(name: name, left: left, array: right)
    }
    if node.symbol(.kind, is: "AEXPR_NOT_DISTINCT") { return .notDistinct(left, right) }
    return .other(node)
  }

  /// The parts of a condition that must all hold, with nested ANDs taken apart and without what always
  /// does.
  package static func conjuncts(of condition: Node?) -> [Node] {
    guard let condition else { return [] }
    guard condition.tag == .BoolExpr, condition.symbol(.boolop, is: "AND_EXPR") else {
      return isTrue(condition) ? [] : [condition]
    }
    return condition.list(.args).flatMap { conjuncts(of: $0) }
  }

  /// Whether a condition is `TRUE` or `1 = 1`.
  private static func isTrue(_ condition: Node) -> Bool {
    if case .operation("=", let left?, let right) = Expression(condition) {
      return Literal(left).map { $0 == Literal(right) } ?? false
    }
    return Literal(condition) == .boolean(true)
  }

  /// An expression without the casts around it.
  package static func withoutCasts(_ node: Node) -> Node {
    var node = node
    while node.tag == .TypeCast, let argument = node.child(.arg) { node = argument }
    return node
  }
}

/// A sub-select in an expression.
package struct SubLink: Sendable {
  /// How its rows are used.
  package enum Kind: Sendable {
    case exists, scalar, any, all, array, other
  }

  /// How its rows are used.
  package let kind: Kind
  /// What is compared, for `x IN (…)`.
  package let test: Node?
  /// The operator; nil for IN.
  package let operatorName: String?
  /// The query.
  package let select: SelectStatement

  /// Reads a `SubLink` node; nil for anything else.
  package init?(_ node: Node) {
    guard let select = node.child(.subselect), select.tag == .SelectStmt else { return nil }
    self.select = SelectStatement(node: select)
    test = node.child(.testexpr)
    operatorName = Array(node.list(.operName)).last?.string(.sval)
    switch node.string(.subLinkType) {
    case "EXISTS_SUBLINK": kind = .exists
    case "EXPR_SUBLINK": kind = .scalar
    case "ANY_SUBLINK": kind = .any
    case "ALL_SUBLINK": kind = .all
    case "ARRAY_SUBLINK": kind = .array
    default: kind = .other
    }
  }
}

/// A call of a function.
package struct FunctionCall: Sendable {
  package let node: Node
  /// The function's name without its schema.
  package let name: String

  package init(node: Node) {
    self.node = node
    var last: Node?
    for part in node.list(.funcname) { last = part }
    name = last?.string(.sval) ?? ""
  }

  private var names: [String] { node.list(.funcname).compactMap { $0.string(.sval) } }
  /// The schema, when it is written; `pg_catalog` counts as not written.
  package var schema: String? {
    let names = names
    guard names.count > 1, names[names.count - 2] != "pg_catalog" else { return nil }
    return QualifiedName(names)?.schema
  }
  /// The arguments.
  package var arguments: [Node] { Array(node.list(.args)) }
  /// Whether it is a window function's call.
  package var isWindow: Bool { node.has(.over) }
}

/// The name of a type.
package struct TypeName: Sendable {
  /// The last name, without the schema, for example `int4`.
  package let name: String
  /// Whether it is an array.
  package let isArray: Bool

  package init(_ node: Node?) {
    name = node.map { Array($0.list(.names)).last?.string(.sval) ?? "" } ?? ""
    isArray = !(node?.list(.arrayBounds).isEmpty ?? true)
  }
}
