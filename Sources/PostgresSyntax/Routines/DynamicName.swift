/// How an EXECUTE puts a name together: what is written, and the variables that the rest comes from.
struct DynamicName {
  enum Part: Hashable {
    case literal(String)
    /// The name of a variable, as references to it read.
    case variable(String)
  }

  private(set) var parts: [Part] = []

  init(_ parts: [Part] = []) { self.parts = parts }

  /// Nil where anything else than literals and variables goes in: what a call gives can be another
  /// name for each of its arguments.
  init?(_ node: Node, variables: DynamicSQL.Variables, depth: Int = 0) {
    guard depth < DynamicText.depthLimit, append(node, variables, depth) else { return nil }
  }

  /// Adds what follows.
  mutating func append(_ other: DynamicName) { parts += other.parts }

  private mutating func append(_ node: Node, _ variables: DynamicSQL.Variables, _ depth: Int)
    -> Bool
  {
    let node = Expression.withoutCasts(node)
    if let literal = StringLiteral(node) {
      parts.append(.literal(literal.string))
      return true
    }
    switch Expression(node) {
    case .operation("||", let left?, let right):
      return append(contentsOf: [left, right], variables, depth)
    case .call(let call) where call.name == "concat":
      return append(contentsOf: call.arguments, variables, depth)
    case .call(let call) where ["quote_ident", "lower"].contains(call.name):
      return append(contentsOf: call.arguments, variables, depth)
    case .call(let call) where call.name == "format": return append(format: call, variables, depth)
    default: return append(variable: node, variables, depth)
    }
  }

  private mutating func append(
    contentsOf nodes: [Node], _ variables: DynamicSQL.Variables, _ depth: Int
  ) -> Bool {
    for node in nodes {
      guard let part = DynamicName(node, variables: variables, depth: depth + 1) else {
        return false
      }
      append(part)
    }
    return true
  }

  private mutating func append(
    format call: FunctionCall, _ variables: DynamicSQL.Variables, _ depth: Int
  ) -> Bool {
    guard let format = call.arguments.first.map(Expression.withoutCasts).flatMap(StringLiteral.init)
    else { return false }
    let arguments = Array(call.arguments.dropFirst())
    var next = 0
    var start = 0
    for item in FormatItem.all(in: format.bytes) {
      let index = item.argument.index(next)
      guard item.width == nil, "sI".utf8.contains(item.conversion),
        arguments.indices.contains(index)
      else { return false }
      next = index + 1
      append(literal: format.bytes[start..<item.range.lowerBound])
      start = item.range.upperBound
      guard append(contentsOf: [arguments[index]], variables, depth) else { return false }
    }
    append(literal: format.bytes[start...])
    return true
  }

  private mutating func append(literal bytes: ArraySlice<UInt8>) {
    if !bytes.isEmpty { parts.append(.literal(String(decoding: bytes, as: UTF8.self))) }
  }

  private mutating func append(
    variable node: Node, _ variables: DynamicSQL.Variables, _ depth: Int
  ) -> Bool {
    guard let name = DynamicText.variable(node) else { return false }
    if let text = variables.text(name) {
      parts.append(.literal(text))
      return true
    }
    // Without its table, a trigger's function is about any.
    guard !name.hasPrefix("tg_") else { return false }
    if let (value, inner) = variables.assigned(name),
      let known = DynamicName(value, variables: inner, depth: depth + 1)
    {
      append(known)
      return true
    }
    guard let variable = variables.identity(name) else { return false }
    parts.append(.variable(variable))
    return true
  }

  /// As a part of a name without quotes, which is folded; nil where it is more than that.
  var unquoted: DynamicName? {
    var result = DynamicName()
    for part in parts {
      guard case .literal(let text) = part else {
        result.parts.append(part)
        continue
      }
      guard text.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
      result.parts.append(.literal(text.lowercased()))
    }
    return result
  }

  // MARK: What it is called

  /// What the names of one kind have in common; nil where nothing that is written tells it from
  /// others.
  var kind: String? {
    let text = parts.map { if case .literal(let text) = $0 { text } else { "…" } }.joined()
    return text.contains { $0.isLetter } ? text : nil
  }

  /// The variables in it, separated.
  var values: String {
    parts.compactMap { if case .variable(let name) = $0 { name } else { nil } }
      .joined(separator: ",")
  }

  /// With each variable by its name, and that of the routine.
  func written(in routine: String?) -> String {
    parts.map { part in
      switch part {
      case .literal(let text): text
      case .variable(let name): "‹\(routine.map { "\($0)." } ?? "")\(name)›"
      }
    }.joined()
  }
}

/// The names that the EXECUTEs of one routine put together.
package struct DynamicNames {
  private let routine: String
  /// The variables behind the first name of each kind.
  private var values: [String: String] = [:]

  /// For the routine of a name.
  package init(in routine: String) { self.routine = routine }

  /// What a name is called.
  ///
  /// It is one in all routines where a part of it is written (`q_…`), or where its schema is and the
  /// variables have the same names (`‹queue›`); else it is one in this routine (`‹f.queue›`).
  mutating func name(_ name: DynamicName, isInKnownSchema: Bool) -> String {
    guard let kind = name.kind else { return name.written(in: isInKnownSchema ? nil : routine) }
    let first = values[kind] ?? name.values
    values[kind] = first
    return first == name.values ? kind : name.written(in: nil)
  }

  /// Whether a name is one of those.
  package static func isOpen(_ name: String) -> Bool { name.contains("…") || name.contains("‹") }

  /// Whether a name is one in its routine only, and any other there in the next call.
  package static func isLocal(_ name: String) -> Bool {
    guard let start = name.firstIndex(of: "‹") else { return false }
    return name[start...].contains(".")
  }
}
