import ArgumentParser
import Diagnostics
import Linting
import SQLLockRules

/// `sqllock explain`
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a rule's page.",
    discussion: """
      EXAMPLES
        sqllock explain unordered-upsert
      """)

  @Argument(help: "The rule's id; `sqllock rules` lists them.")
  var rule: String

  @OptionGroup var verbosity: Verbosity

  func run() throws {
    if let page = RuleCatalog.page(of: rule) {
      try Output.write(page.hasSuffix("\n") ? page : page + "\n")
      return
    }
    guard let description = RuleCatalog.descriptions.first(where: { $0.id == rule }) else {
      let nearest = Spelling.nearest(to: rule, in: RuleCatalog.descriptions.map(\.id))
      let hint = nearest == nil ? "; `sqllock rules` lists them" : Spelling.hint(nearest)
      throw UserError(message: "`\(rule)` is not a rule\(hint)")
    }
    try Output.write(
      """
      # \(description.id)

      \(description.summary.prefix(1).uppercased())\(description.summary.dropFirst()).

      Severity \(description.severity.rawValue). It says what the tool could not read or what a comment
      does not do; it is no hazard by itself.

      """)
  }
}
