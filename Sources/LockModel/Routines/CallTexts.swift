import PostgresSyntax

extension Catalog.Function {
  /// The literals of a call's arguments as text, by the names of the parameters in the body.
  func texts(_ arguments: [Node]) -> [String: String] {
    var result: [String: String] = [:]
    for case (let argument, let parameter?) in pairs(arguments) {
      guard let text = Literal(argument)?.value else { continue }
      result["$\(parameter.number)"] = text
      if let name = parameter.definition.name { result[name] = text }
    }
    return result
  }
}

extension Literal {
  /// What a cast to text makes of it.
  fileprivate var value: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let text), .string(let text): text
    case .boolean(let value): value ? "true" : "false"
    }
  }
}
