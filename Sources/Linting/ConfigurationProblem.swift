import LockAnalysis
import LockModel

/// Something in the configuration that does not fit what was read.
public struct ConfigurationProblem: Sendable {
  /// In the configuration, from 1.
  public let line: Int
  /// In the configuration, from 1.
  public let column: Int
  /// What is wrong.
  public let message: String
  /// Whether nothing can be done before it is set right.
  public let isError: Bool

  /// What a run has found.
  static func all(in context: LintContext) -> [ConfigurationProblem] {
    let queries = context.workload.unknownQueries.map { unknown in
      let name = unknown.query.name
      let suggestion = name.flatMap { Spelling.nearest(to: $0, in: unknown.names) }
      return ConfigurationProblem(
        line: unknown.query.line, column: unknown.query.column,
        message: name.map { "the file has no query `\($0)`" + Spelling.hint(suggestion) }
          ?? "the file has no statements",
        isError: true)
    }
    let names = context.workload.catalog.relations.keys.map(\.short)
    let tables = context.unknownTables.map { entry in
      ConfigurationProblem(
        line: entry.line, column: entry.column,
        message: "no table `\(entry.name)` was seen"
          + Spelling.hint(Spelling.nearest(to: entry.name, in: names)),
        isError: false)
    }
    return queries + tables
  }
}
