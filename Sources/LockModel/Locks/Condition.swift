package import PostgresSyntax

/// One condition on the rows of a query, for telling whether two queries speak of the same rows.
///
/// Equal conditions leave the same rows of one table: `x`, `x = true` and `x IS TRUE` are one, and
/// the names of tables before columns do not count. Variables count with the value that they have.
package struct Condition: Sendable, Hashable, Comparable {
  /// In canonical text.
  private let text: String
  /// The variables in it.
  private var variables: [Term.Variable]

  /// Reads a condition.
  package init(_ node: Node) {
    text = CanonicalExpression.condition(node)
    variables = CanonicalExpression.variables(in: node).map(Term.Variable.init(path:))
  }

  /// An order that is the same in every run.
  package static func < (left: Condition, right: Condition) -> Bool {
    left.text == right.text
      ? left.variables.map(\.version).lexicographicallyPrecedes(right.variables.map(\.version))
      : left.text < right.text
  }

  /// The condition with variables as they are at a place.
  func at(_ version: (Term.Variable) -> Int) -> Condition {
    guard !variables.isEmpty else { return self }
    var result = self
    for index in variables.indices where variables[index].version == 0 {
      result.variables[index].version = version(variables[index])
    }
    return result
  }
}
