import Diagnostics
import Foundation
import Reports
import SQLLockRules
import Testing

/// What the project's README lists: rules and formats.
@Suite("README")
struct ReadmeTests {
  private static let url = RulePages.folder.deletingLastPathComponent().appending(path: "README.md")

  @Test("The table of rules names every rule; SQLLOCK_RECORD=1 renews it")
  func rules() throws {
    let text = try String(contentsOf: Self.url, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- rules -->\n"))
    let end = try #require(text.range(of: "<!-- /rules -->"))
    let renewed =
      text[..<start.upperBound] + Self.table + text[end.lowerBound...]
    if ProcessInfo.processInfo.environment["SQLLOCK_RECORD"] == "1" {
      try String(renewed).write(to: Self.url, atomically: true, encoding: .utf8)
    } else {
      #expect(text == renewed, "run SQLLOCK_RECORD=1 swift test --filter ReadmeTests")
    }
  }

  @Test("Every format is named")
  func formats() throws {
    let text = try String(contentsOf: Self.url, encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.contains("--output-format") })
    let words = Set(line.split { !$0.isLetter && $0 != "-" }.map(String.init))
    #expect(OutputFormat.allCases.map(\.rawValue).filter { !words.contains($0) } == [])
  }

  private static var table: String {
    let rows = RuleCatalog.descriptions.map { rule in
      let hasPage = RuleCatalog.page(of: rule.id) != nil
      let name = hasPage ? "[`\(rule.id)`](rules/\(rule.id)/README.md)" : "`\(rule.id)`"
      return "| \(rule.group.rawValue) | \(name) | \(rule.summary) |\n"
    }
    return "| group | rule | hazard |\n|---|---|---|\n" + rows.joined()
  }
}
