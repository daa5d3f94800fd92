import Foundation
import Diagnostics
import LintConfiguration
import Linting
import LockAnalysis
import SQLLockRules
import Testing

/// An example of a page that says what the linter finds in it.
struct LintExample: Sendable, CustomTestStringConvertible {
  let page: String
  let block: RulePage.Block

  /// The examples of all pages.
  static func all() throws -> [LintExample] {
    try RulePages.read().flatMap { page in
      page.blocks.filter { $0.isKind("sql", "bad") || $0.isKind("sql", "good") }
        .map { LintExample(page: page.id, block: $0) }
    }
  }

  /// Those in which something is found.
  static func bad() throws -> [LintExample] { try all().filter { $0.block.isKind("sql", "bad") } }

  /// Those that deadlock and in which nothing is left after the fixes.
  static func repairable() throws -> [LintExample] {
    try bad().filter { example in
      try example.block.isKind("sql", "deadlocks") && example.fixed().remaining.isEmpty
    }
  }

  var testDescription: String { "\(page):\(block.firstLine)" }

  /// Where a failure points to: a line of the block, counted from 1.
  func location(line: Int = 1) -> SourceLocation {
    SourceLocation(
      fileID: "rules/\(page)/README.md", filePath: RulePages.path(of: page),
      line: block.firstLine + line - 1, column: 1)
  }

  /// What the page promises: `line rule` for every marked line.
  var expected: [String] {
    block.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .compactMap { index, line in
        guard let mark = line.range(of: "-- finding") else { return nil }
        let rest = line[mark.upperBound...]
        let rule = rest.hasPrefix(": ") ? String(rest.dropFirst(2)) : page
        return "\(index + 1) \(rule)"
      }
  }

  /// What the linter finds in a text in place of the block's.
  func findings(in text: String) throws -> [Finding] {
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let configuration = try ConfigurationReader(
      path: "sqllock.toml", folder: "/", rules: RuleCatalog.descriptions, exists: { _ in true }
    ).read(Array(block.setup.configuration.utf8))
    let linter = Linter(
      rules: RuleCatalog.rules, selection: selection, configuration: configuration, threads: 1)
    let files = [("structure.sql", block.setup.schema), ("example.sql", text)].map { path, text in
      ProjectFile(
        SourceFile(path: path, bytes: Array(text.utf8)), at: "/" + path, named: Int.max)
    }
    let reader = ProjectReader(
      threads: 1, includesTests: true, configuration: configuration.project,
      exists: { _ in false })
    let result = linter.lint(files, with: reader)
    #expect(result.problems.isEmpty, sourceLocation: location())
    return result.findings
  }

  /// `line rule` of every finding, with lines moved up by `offset`.
  func found(in text: String, offset: Int = 0) throws -> [String] {
    try findings(in: text).map { "\($0.range.start.line - offset) \($0.rule)" }
  }

  /// The block with the fixes of its findings applied, one after another.
  func fixed() throws -> (text: String, remaining: [Finding]) {
    var text = block.text
    for _ in 0..<10 {
      let findings = try findings(in: text)
      guard let fix = findings.compactMap(\.fix).first,
        let file = findings.first(where: { $0.fix != nil })?.range.file
      else { return (text, findings) }
      text = String(decoding: fix.applied(to: file), as: UTF8.self)
    }
    Issue.record("the fixes do not come to an end", sourceLocation: location())
    return (text, [])
  }
}
