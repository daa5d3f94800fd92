import PostgresSyntax

extension Term {
  /// The number of its parts.
  var size: Int {
    if case .other(_, let variables) = self { return 1 + variables.count }
    return parts.reduce(1) { $0 + $1.size }
  }

  /// An expression of which no more is known than the variables in it.
  var collapsed: Term {
    var seen: Set<Variable> = []
    var hash = StableHash()
    add(to: &hash)
    return .other("\(hash.value)", variables.filter { seen.insert($0).inserted })
  }

  /// Adds all of it, so that large terms are told apart.
  private func add(to hash: inout StableHash) {
    switch self {
    case .literal(let literal): hash.add("literal \(literal.text)")
    case .null: hash.add("null")
    case .usesDefault: hash.add("default")
    case .variable(let variable): variable.add(to: &hash)
    case .column(let names):
      hash.add("column")
      names.forEach { hash.add($0) }
    case .rowColumn(let table, _, let column): hash.add("row \(table.description) \(column)")
    case .call(let name, _): hash.add("call \(name)")
    case .operation(let name, let left, _): hash.add("\(left == nil ? "prefix" : "infix") \(name)")
    case .coalesce: hash.add("coalesce")
    case .element(_, let subscripts):
      hash.add("element")
      for part in subscripts { hash.add(part == nil ? "unknown" : "known") }
    case .subselect: hash.add("subselect")
    case .other(let text, let variables):
      hash.add(text)
      for variable in variables { variable.add(to: &hash) }
    }
    for part in parts { part.add(to: &hash) }
    hash.add("end")
  }
}

extension Term.Variable {
  fileprivate func add(to hash: inout StableHash) {
    hash.add(name)
    if let field { hash.add(field) }
    hash.add("\(version)")
  }
}
