/// Differences that the model can't help.
struct GeneratorKnown: Sendable {
  /// Why the model must stay silent.
  let reason: String
  let matches: @Sendable (GeneratorProblem) -> Bool

  static let all: [GeneratorKnown] = [
    GeneratorKnown(
      reason: "which partition new rows go to depends on values; a note says so"
    ) { problem in
      problem.text.hasPrefix("not in the model: ") && problem.isOnPartition
        && problem.model.notes.contains { $0.hasPrefix("which partition of ") }
    },
    GeneratorKnown(
      reason: "MERGE locks each row as the clause says that it comes to"
    ) { problem in
      problem.statement.family == "merge" && problem.text.contains(" are only ")
    },
    GeneratorKnown(
      reason: "the planner leaves out more partitions by conclusions across query levels"
    ) { problem in
      problem.text.hasPrefix("not on the server: ") && problem.isOnPartition
        && problem.statement.isQuery
    },
    GeneratorKnown(
      reason: "foreign keys are checked again where a transaction writes a row twice"
    ) { problem in problem.isCheckOfRewrittenRow },
    GeneratorKnown(
      reason: "what runs more than five times in a function or check has a plan for all partitions"
    ) { problem in
      problem.isOfRepeatedPlan
    },
    GeneratorKnown(
      reason: "of several rows each is followed through all its tables or partitions"
    ) { problem in
      problem.text.hasPrefix("before ") && problem.seen.hasSeveralRows(problem.schema)
    },
  ]

  /// The first that a problem matches.
  static func index(of problem: GeneratorProblem) -> Int? {
    all.firstIndex { $0.matches(problem) }
  }
}
