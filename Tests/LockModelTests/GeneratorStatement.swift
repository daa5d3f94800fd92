/// A random statement.
struct GeneratorStatement: Sendable {
  /// What the figures call it.
  let family: String
  let text: String

  /// Whether what it locks depends on the rows that it finds.
  var dependsOnRows: Bool {
    ["select", "insert", "update", "delete", "merge", "call", "copy"].contains(family)
  }
}
