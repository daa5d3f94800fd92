import PostgresSyntax

/// A call of `nextval`, `currval` or `setval`: they lock the sequence as a write locks a table
/// (`init_sequence` in PostgreSQL's `sequence.c`).
struct SequenceFunction {
  private let argument: Argument

  private enum Argument {
    /// The sequence's name, schema first if there is one.
    case name([String])
    /// `pg_get_serial_sequence(table, column)`.
    case owned(table: [String], column: String)
  }

  init?(_ call: FunctionCall) {
    guard ["nextval", "currval", "setval"].contains(call.name), call.schema == nil,
      let argument = call.arguments.first
    else { return nil }
    if case .string(let text)? = Literal(argument) {
      self.argument = .name(Self.parts(of: text))
      return
    }
    guard case .call(let inner) = Expression(Expression.withoutCasts(argument)),
      inner.name == "pg_get_serial_sequence", inner.arguments.count == 2,
      case .string(let table)? = Literal(inner.arguments[0]),
      case .string(let column)? = Literal(inner.arguments[1])
    else { return nil }
    self.argument = .owned(table: Self.parts(of: table), column: column)
  }

  /// The sequence; nil when the table that has it is not known.
  func sequence(in catalog: Catalog, searchPath: [String]) -> RelationName? {
    func resolved(_ parts: [String]) -> RelationName {
      catalog.resolve(
        schema: parts.count > 1 ? parts[0] : nil, name: parts.last ?? "", searchPath: searchPath)
    }
    switch argument {
    case .name(let parts): return resolved(parts)
    case .owned(let table, let column):
      return catalog.relations[resolved(table)]?.column(column)?.ownedSequence
    }
  }

  /// Reads a name as `regclass` does: folded to lower case unless it is quoted.
  static func parts(of text: String) -> [String] {
    var parts: [String] = [""]
    var isQuoted = false
    for character in text {
      switch character {
      case "\"": isQuoted.toggle()
      case "." where !isQuoted: parts.append("")
      default: parts[parts.count - 1] += isQuoted ? String(character) : character.lowercased()
      }
    }
    return parts
  }
}
