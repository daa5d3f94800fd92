package import Diagnostics
package import LockAnalysis

/// What a project asks for: nothing, unless a file or the command line says so.
public struct Configuration: Sendable {
  /// The file that it was read from, as reports name it; nil for none.
  package var path: String?
  /// The files that are looked at; all where there are none of these.
  package var include: [GlobPattern] = []
  /// Files that are not looked at unless they are named.
  package var exclude: [GlobPattern] = []
  /// The least severity that fails a run; `.some(nil)` where none does.
  package var failOn: Severity??
  /// The findings that were there before, as a path.
  package var baseline: String?
  /// The order in which all transactions are meant to lock tables.
  package var lockOrder: DeclaredOrder?
  /// How grave the findings of rules are.
  package var severities = RuleSeverities()
  /// What is said of files and of the program.
  package var project = ProjectConfiguration()

  /// Asks for nothing.
  public init() {}

  /// Whether a file that was found, by its absolute path, is to be looked at.
  package func looks(at path: String) -> Bool {
    (include.isEmpty || include.contains { $0.matches(path) }) && !excludes(path)
  }

  /// Whether a file is left out, by its absolute path.
  package func excludes(_ path: String) -> Bool { exclude.contains { $0.matches(path) } }
}
