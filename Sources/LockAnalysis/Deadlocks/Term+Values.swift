import LockModel
import PostgresSyntax

extension Term {
  /// Whether it stands for the same value wherever it is written in a transaction.
  var isOneValue: Bool {
    switch self {
    case .literal: true
    // Placeholders without a name or number are counted by their places.
    case .variable(let variable): variable.name != "?" && variable.name != "%s"
    case .null, .usesDefault, .column, .rowColumn, .subselect, .call, .operation, .coalesce,
      .element, .other:
      false
    }
  }

  /// Functions that give the same for the same, as far as they name things.
  private static let namingFunctions: Set<String> = ["lower", "upper", "concat", "format", "md5"]

  private static func namesThings(_ function: String) -> Bool {
    function.contains("hash") || namingFunctions.contains(function)
  }

  /// Whether it is the same value in every transaction: a literal, or made of literals.
  var isOneValueEverywhere: Bool {
    switch self {
    case .literal: true
    case .call(let name, let arguments):
      Self.namesThings(name) && !arguments.isEmpty
        && arguments.allSatisfy(\.isOneValueEverywhere)
    case .operation(_, let left, let right):
      (left?.isOneValueEverywhere ?? true) && right.isOneValueEverywhere
    case .variable, .null, .usesDefault, .column, .rowColumn, .subselect, .coalesce, .element,
      .other:
      false
    }
  }

  /// The literal that a text begins with which is put together.
  var pattern: String? {
    switch self {
    case .call(let name, let parts) where ["format", "concat"].contains(name):
      parts.first?.literal?.text
    case .operation("||", let left?, _): left.pattern ?? left.literal?.text
    case .call, .operation, .literal, .variable, .null, .usesDefault, .column, .rowColumn,
      .subselect, .coalesce, .element, .other:
      nil
    }
  }

  /// How the number of an advisory lock is made: by a formula with these numbers, or not at all. Nil
  /// where it is not known, as with a placeholder.
  var formOfKey: String? {
    switch self {
    case .operation(let name, _, _) where ["+", "-", "*"].contains(name):
      "formula \(literals.joined(separator: " "))"
    case .variable(let variable) where variable.version == 0 && !variable.isPlaceholder: "given"
    case .call, .operation, .literal, .variable, .null, .usesDefault, .column, .rowColumn,
      .subselect, .coalesce, .element, .other:
      nil
    }
  }

  /// The literals of a formula.
  private var literals: [String] {
    switch self {
    case .literal(let literal): [literal.text]
    case .operation(_, let left, let right): (left?.literals ?? []) + right.literals
    case .call, .variable, .null, .usesDefault, .column, .rowColumn, .subselect, .coalesce,
      .element, .other:
      []
    }
  }

  /// Whether it is a value that a caller, or the text, chooses.
  var isChosen: Bool {
    switch self {
    case .literal: true
    case .variable(let variable):
      variable.version == 0 && variable.field == nil && isOneValue
    case .call(let name, let parts):
      isOneValueEverywhere
        || (["least", "greatest"].contains(name) || Self.namesThings(name))
          && !parts.isEmpty && parts.allSatisfy(\.isChosen)
    case .operation: isOneValueEverywhere
    case .null, .usesDefault, .column, .rowColumn, .subselect, .coalesce, .element, .other: false
    }
  }

  /// Whether two occurrences of it in one transaction are the same value.
  var isRepeatable: Bool {
    switch self {
    case .literal, .rowColumn: true
    case .variable: isOneValue
    case .call(_, let parts), .coalesce(let parts):
      !parts.isEmpty && parts.allSatisfy(\.isRepeatable)
    case .operation(_, let left, let right):
      (left?.isRepeatable ?? true) && right.isRepeatable
    case .element(let array, let subscripts):
      array.isRepeatable && subscripts.allSatisfy { $0?.isRepeatable ?? false }
    case .null, .usesDefault, .column, .subselect, .other: false
    }
  }
}
