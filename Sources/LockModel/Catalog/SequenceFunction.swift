import PostgresSyntax

/// A call of `nextval`, `setval` and their kin: they lock the sequence as a write locks a table
/// (`lock_and_open_sequence` in PostgreSQL's `sequence.c`).
struct SequenceFunction {
  /// The sequence's name, schema first if there is one.
  let parts: [String]

  init?(_ call: FunctionCall) {
    guard ["nextval", "setval"].contains(call.name), call.schema == nil,
      let argument = call.arguments.first, case .string(let text)? = Literal(argument)
    else { return nil }
    parts = Self.parts(of: text)
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
