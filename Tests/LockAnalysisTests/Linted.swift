import Diagnostics
import Linting
import SQLLockRules

/// What all rules find in a text.
func linted(_ text: String) throws -> [Finding] {
  let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
  return RuleCatalog.linter(selection: selection, threads: 1)
    .lint([SourceFile(path: "q.sql", bytes: Array(text.utf8))]).findings
}
