import ArgumentParser
import Diagnostics
import Linting
import Reports
import SQLLockRules

/// `sqllock explain`
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a rule's page.",
    discussion: """
      EXAMPLES
        sqllock explain unordered-upsert
        sqllock explain lock-upgrade --output-format json
      """)

  @Argument(help: "The rule's id; `sqllock rules` lists them.")
  var rule: String

  @Option(help: "How the page is written; in JSON it is Markdown.")
  var outputFormat: Rules.Format?

  @OptionGroup var verbosity: Verbosity

  private struct Document: Encodable {
    let version = 1
    let rule: Rules.Entry
    let page: String
  }

  func run() throws {
    guard let description = RuleCatalog.descriptions.first(where: { $0.id == rule }) else {
      let nearest = Spelling.nearest(to: rule, in: RuleCatalog.descriptions.map(\.id))
      let hint = nearest == nil ? "; `sqllock rules` lists them" : Spelling.hint(nearest)
      throw UserError(message: "`\(rule)` is not a rule\(hint)")
    }
    let page = RulePageText(RuleCatalog.page(of: rule) ?? Self.short(description))
    switch try outputFormat ?? Output.format(among: Rules.Format.self) ?? .text {
    case .text: try Output.write(page.plain)
    case .json:
      let document = Document(rule: Rules.Entry(description), page: page.markdown)
      try Output.write(encodedJSON(document, pretty: true) + "\n")
    }
  }

  /// The page of a rule that looks at no locks.
  private static func short(_ description: RuleDescription) -> String {
    """
    # \(description.id)

    \(description.summary.prefix(1).uppercased())\(description.summary.dropFirst()).

    Severity \(description.severity.rawValue). It says what the tool could not read or what a comment
    does not do; it is no hazard by itself.
    """
  }
}
