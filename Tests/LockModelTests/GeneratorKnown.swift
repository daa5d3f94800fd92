/// Differences that the model can't help.
struct GeneratorKnown: Sendable {
  /// Why the model must stay silent.
  let reason: String
  let matches:
    @Sendable (_ statement: GeneratorStatement, _ problem: String, _ notes: [String]) -> Bool

  static let all: [GeneratorKnown] = [
    GeneratorKnown(
      reason: "which partition new rows go to depends on values; a note says so"
    ) { _, problem, notes in
      problem.hasPrefix("not in the model: ") && problem.contains("_")
        && notes.contains { $0.hasPrefix("which partition of ") }
    },
    GeneratorKnown(
      reason: "UPDATE that sets a key column to the value that it has is as if it did not"
    ) { statement, problem, _ in
      statement.text.contains("SET id = x.id")
        && problem.hasSuffix("are only FOR NO KEY UPDATE, in the model FOR UPDATE")
    },
  ]

  /// The first that a problem matches.
  static func index(
    of problem: String, _ statement: GeneratorStatement, _ notes: [String]
  ) -> Int? {
    all.firstIndex { $0.matches(statement, problem, notes) }
  }
}
