import Diagnostics
import LockAnalysis
import Linting
import PostgresSyntax
import Reports
import SQLLockRules

/// The settings of a run, in the words of the configuration.
struct SettingsText {
  private let configuration: Configuration
  private let failOn: String?

  init(_ configuration: Configuration, failOn: String?) {
    self.configuration = configuration
    self.failOn = failOn
  }

  var text: String {
    let project = configuration.project
    var lines = ["# \(configuration.path ?? "no configuration: these are the defaults")"]
    lines.append("include = \(Self.list(configuration.include.map(\.text)))")
    lines.append("exclude = \(Self.list(configuration.exclude.map(\.text)))")
    let own = configuration.failOn.map { $0?.rawValue ?? "never" }
    lines.append("fail-on = \(Self.quoted(failOn ?? own ?? "warning"))")
    if let baseline = configuration.baseline {
      lines.append("baseline = \(Self.quoted(FileSystem.shown(baseline)))")
    }
    if let order = configuration.lockOrder {
      lines.append("lock-order = \(Self.list(order.tables.map(\.name)))")
    }
    lines += ["", "[rules]"]
    for rule in RuleCatalog.descriptions {
      let level = configuration.severities.everywhere(rule.id)?.rawValue ?? rule.severity.rawValue
      lines.append("\(rule.id) = \(Self.quoted(level))")
    }
    for entry in configuration.severities.entries where !entry.patterns.isEmpty {
      lines += ["", "[[overrides]]", "paths = \(Self.list(entry.patterns.map(\.text)))"]
      let levels = entry.levels.sorted { $0.key < $1.key }
        .map { "\($0) = \(Self.quoted($1.rawValue))" }
      lines.append("rules = { \(levels.joined(separator: ", ")) }")
    }
    for source in project.sources {
      lines += ["", "[[sources]]  # \(source.place)"]
      lines.append("paths = \(Self.list(source.patterns.map(\.text)))")
      if let role = source.role { lines.append("role = \(Self.quoted(role.rawValue))") }
      if let boundary = source.boundary {
        let words: [TransactionBoundary: String] = [.section: "file", .pending: "all"]
        let word = words[boundary] ?? boundary.rawValue
        lines.append("transaction = \(Self.quoted(word))")
      }
      if let style = source.placeholders {
        lines.append("placeholders = \(Self.quoted(style.rawValue))")
      }
    }
    if !project.transactions.isEmpty { lines += ["", "[transactions]"] }
    for transaction in project.transactions {
      lines.append(
        "\(Self.quoted(transaction.name)) = \(Self.list(transaction.queries.map(\.text)))")
    }
    return lines.map { printable($0) + "\n" }.joined()
  }

  private static func list(_ texts: [String]) -> String {
    "[" + texts.map(quoted).joined(separator: ", ") + "]"
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.flatMap { "\\\"".contains($0) ? ["\\", $0] : [$0] } + "\""
  }
}
