import ArgumentParser
import Diagnostics
import Reports
import SQLLockRules

/// `sqllock rules`
struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the rules.",
    discussion: """
      EXAMPLES
        sqllock rules
        sqllock rules --output-format json
      """)

  @Option(help: "How the list is written.")
  var outputFormat: Format?

  /// How the list is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  /// A rule as the list has it.
  struct Entry: Encodable {
    let id: String
    let group: String
    let severity: String
    let summary: String

    init(_ rule: RuleDescription) {
      id = rule.id
      group = rule.group.rawValue
      severity = rule.severity.rawValue
      summary = rule.summary
    }
  }

  private struct Listing: Encodable {
    let version = 1
    let rules: [Entry]
  }

  @OptionGroup var verbosity: Verbosity

  func run() throws {
    let entries = RuleCatalog.descriptions.map(Entry.init)
    switch try outputFormat ?? Output.format(among: Rules.Format.self) ?? .text {
    case .json: try Output.write(encodedJSON(Listing(rules: entries), pretty: true) + "\n")
    case .text: try Output.write(table(entries))
    }
  }

  private func table(_ entries: [Entry]) -> String {
    let width = (entries.map(\.id.count).max() ?? 0) + 2
    let group = (entries.map(\.group.count).max() ?? 0) + 2
    return entries.map {
      padded($0.id, width) + padded($0.group, group) + padded($0.severity, 9) + $0.summary + "\n"
    }.joined()
  }
}
