package import PostgresSyntax

/// A value as far as the text tells it: what a key equals, what a column gets, what a lock is
/// named by.
///
/// A plain value that outlives the tree it was read from. Casts are left out: `$1::int` is `$1`.
package indirect enum Term: Sendable, Hashable {
  case literal(Literal)
  case null
  /// DEFAULT where a value is expected.
  case usesDefault
  /// A variable or parameter, of a routine or of the client, or a field of one.
  case variable(Variable)
  /// A column of the query that the value stands in; the names as they are written.
  case column([String])
  /// A column of the row of a write that something outside of this routine has done: by the table
  /// and the terms of its key.
  case rowColumn(RelationName, key: [Term], column: String)
  case call(String, [Term])
  case operation(String, Term?, Term)
  case coalesce([Term])
  /// `array[i]`; a subscript that can't be read is nil.
  case element(of: Term, at: [Term?])
  case subselect
  /// Another expression: in canonical text, with the variables in it.
  case other(String, [Variable])

  /// A variable or one of its fields: `x`, `r.id`, `new.id`, `$1`.
  package struct Variable: Sendable, Hashable {
    /// In lower case unless it was quoted.
    package var name: String
    /// The field, with its own fields after further dots.
    package var field: String?
    /// How often the variable had got a value where it was read; 0 for parameters as given.
    package var version = 0

    package init(name: String, field: String? = nil) {
      self.name = name
      self.field = field
    }

    /// Takes `r.id` apart.
    package init(path: String) {
      guard let dot = path.firstIndex(of: ".") else {
        self.init(name: path)
        return
      }
      self.init(name: String(path[..<dot]), field: String(path[path.index(after: dot)...]))
    }

    /// As it is written.
    package var text: String { field.map { "\(name).\($0)" } ?? name }

    /// The same variable, whatever its value.
    var withoutVersion: Variable { Variable(name: name, field: field) }

    /// Whether it is another variable or one of that one's fields.
    func isPart(of other: Variable) -> Bool {
      guard name == other.name else { return false }
      guard let outer = other.field else { return true }
      guard let field else { return false }
      return field == outer || field.hasPrefix(outer + ".")
    }

    static func new(_ column: String) -> Variable { Variable(name: "new", field: column) }
    static func old(_ column: String) -> Variable { Variable(name: "old", field: column) }
    /// The n-th parameter of a routine, from 1.
    static func parameter(_ number: Int) -> Variable { Variable(name: "$\(number)") }
  }
}

extension Term {
  /// Terms nest no deeper, and substitution makes none of more parts: what is larger is kept as an
  /// expression with variables. A deeper value could not be freed on a small stack.
  private static let depthLimit = 48
  private static let sizeLimit = 128

  /// Reads an expression.
  package init(_ node: Node) { self.init(node, depth: 0) }

  private init(_ node: Node, depth: Int) {
    let bare = Expression.withoutCasts(node)
    if let literal = Literal(bare) {
      self = .literal(literal)
      return
    }
    guard depth < Self.depthLimit else {
      self = Self.opaque(bare)
      return
    }
    if let cut = Self.cut(node) {
      let value = Term(cut, depth: depth + 1)
      // Of a variable it is one value wherever it is written.
      if case .variable = value { self = value } else { self = .call("cast", [value]) }
      return
    }
    func inner(_ node: Node) -> Term { Term(node, depth: depth + 1) }
    switch Expression(bare) {
    case .constant: self = .null
    case .setToDefault: self = .usesDefault
    case .parameter: self = .variable(Variable(parameter: bare))
    case .column(let names): self = .column(names)
    case .subselect: self = .subselect
    case .call(let call): self = .call(call.name, call.arguments.map(inner))
    case .operation(let name, let left, let right):
      self = .operation(name, left.map(inner), inner(right))
    default:
      if bare.tag == .CoalesceExpr {
        self = .coalesce(bare.list(.args).map(inner))
      } else if bare.tag == .MinMaxExpr {
        let name = bare.symbol(.op, is: "IS_GREATEST") ? "greatest" : "least"
        self = .call(name, bare.list(.args).map(inner))
      } else if bare.tag == .A_Indirection, let array = bare.child(.arg) {
        self = .element(
          of: inner(array), at: bare.list(.indirection).map { $0.child(.uidx).map(inner) })
      } else {
        self = Self.opaque(bare)
      }
    }
  }

  /// What is cast to a type with a length or precision, so that two values can become one.
  private static func cut(_ node: Node) -> Node? {
    guard node.tag == .TypeCast, let value = node.child(.arg) else { return nil }
    return node.child(.typeName)?.list(.typmods).isEmpty ?? true ? cut(value) : value
  }

  private static func opaque(_ node: Node) -> Term {
    .other(
      CanonicalExpression.text(node),
      CanonicalExpression.variables(in: node).map(Variable.init(path:)))
  }

  /// As a person reads it, as far as it is short.
  package var text: String {
    switch self {
    case .literal(let literal): return literal.text
    case .null: return "NULL"
    case .usesDefault: return "DEFAULT"
    case .variable(let variable): return variable.text
    case .column(let names): return names.joined(separator: ".")
    case .rowColumn(let table, let key, let column):
      let row = key.isEmpty ? "…" : key.map(\.text).joined(separator: ", ")
      return "\(table.short)(\(row)).\(column)"
    case .call(let name, let arguments):
      let list = arguments.map(\.text).joined(separator: ", ")
      return "\(name)(\(list.count > 40 ? "…" : list))"
    case .operation(let name, let left?, let right): return "\(left.text) \(name) \(right.text)"
    case .operation(let name, nil, let right): return "\(name)\(right.text)"
    case .coalesce(let parts): return "coalesce(\(parts.map(\.text).joined(separator: ", ")))"
    case .element(let array, let subscripts):
      return "\(array.text)[\(subscripts.map { $0?.text ?? "…" }.joined(separator: "][")))]"
    case .subselect: return "(SELECT …)"
    case .other(_, let variables):
      return variables.isEmpty ? "…" : "…(\(variables.map(\.text).joined(separator: ", ")))"
    }
  }

  /// The literal that it is, if it is one.
  package var literal: Literal? {
    if case .literal(let literal) = self { literal } else { nil }
  }

  /// Whether some variable in it fits.
  func containsVariable(where fits: (Variable) -> Bool) -> Bool {
    switch self {
    case .variable(let variable): fits(variable)
    case .other(_, let variables): variables.contains(where: fits)
    case .call(_, let parts), .coalesce(let parts), .rowColumn(_, let parts, _):
      parts.contains { $0.containsVariable(where: fits) }
    case .operation(_, let left, let right):
      (left?.containsVariable(where: fits) ?? false) || right.containsVariable(where: fits)
    case .element(let array, let subscripts):
      array.containsVariable(where: fits)
        || subscripts.contains { $0?.containsVariable(where: fits) ?? false }
    case .literal, .null, .usesDefault, .column, .subselect: false
    }
  }

  /// Whether it is made of a term, or is it.
  func contains(_ part: Term) -> Bool {
    self == part || parts.contains { $0.contains(part) }
  }

  /// What it is made of, one level down.
  var parts: [Term] {
    switch self {
    case .call(_, let parts), .coalesce(let parts), .rowColumn(_, let parts, _): parts
    case .operation(_, let left, let right): (left.map { [$0] } ?? []) + [right]
    case .element(let array, let subscripts): [array] + subscripts.compactMap { $0 }
    case .literal, .null, .usesDefault, .variable, .column, .subselect, .other: []
    }
  }

  /// The same term of other parts.
  private func mapParts(_ change: (Term) -> Term) -> Term {
    switch self {
    case .call(let name, let parts): .call(name, parts.map(change))
    case .coalesce(let parts): .coalesce(parts.map(change))
    case .rowColumn(let table, let key, let column):
      .rowColumn(table, key: key.map(change), column: column)
    case .operation(let name, let left, let right):
      .operation(name, left.map(change), change(right))
    case .element(let array, let subscripts):
      .element(of: change(array), at: subscripts.map { $0.map(change) })
    case .literal, .null, .usesDefault, .variable, .column, .subselect, .other: self
    }
  }

  /// Whether an element of an array is part of it.
  var hasElement: Bool {
    if case .element = self { return true }
    return parts.contains(where: \.hasElement)
  }

  /// The term with its variables replaced by what they stand for.
  func mapVariables(_ value: (Variable) -> Term?) -> Term {
    guard containsVariable(where: { value($0) != nil }) else { return self }
    let result = mapEachVariable(value)
    return result.size > Self.sizeLimit ? result.collapsed : result
  }

  private func mapEachVariable(_ value: (Variable) -> Term?) -> Term {
    switch self {
    case .variable(let variable): return value(variable) ?? self
    case .other(let text, let variables):
      // What becomes of the expression can't be told; the variables show what it depends on.
      let replaced = variables.map { value($0) ?? .variable($0) }
      let left = replaced.flatMap(\.variables)
      return left == variables
        ? self : .other("\(text)(\(replaced.map(\.text).joined(separator: ", ")))", left)
    case .call, .coalesce, .rowColumn, .operation, .element, .literal, .null, .usesDefault,
      .column, .subselect:
      return mapParts { $0.mapEachVariable(value) }
    }
  }

  /// All variables in it, in the order of the text.
  var variables: [Variable] {
    var found: [Variable] = []
    _ = containsVariable {
      found.append($0)
      return false
    }
    return found
  }

  /// The same term, whatever the values of its variables.
  var withoutVersions: Term {
    guard containsVariable(where: { $0.version != 0 }) else { return self }
    return mapVariables { .variable($0.withoutVersion) }
  }

  /// The term with variables replaced; a field of a variable that is replaced by another becomes
  /// that one's.
  func replacing(_ values: [Variable: Term]) -> Term {
    guard !values.isEmpty else { return self }
    return mapVariables { variable in
      if let value = values[variable] { return value }
      guard let field = variable.field, variable.version == 0,
        case .variable(var outer)? = values[Variable(name: variable.name)], outer.field == nil
      else { return nil }
      outer.field = field
      return .variable(outer)
    }
  }

  /// The term with columns that are named without a table replaced.
  func replacing(columns: [String: Term]) -> Term {
    switch self {
    case .column(let names): names.count == 1 ? columns[names[0]] ?? self : self
    case .call, .coalesce, .operation, .element: mapParts { $0.replacing(columns: columns) }
    case .literal, .null, .usesDefault, .variable, .rowColumn, .subselect, .other: self
    }
  }
}
