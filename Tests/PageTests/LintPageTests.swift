import Diagnostics
import Linting
import PostgresTesting
import SQLLockRules
import Testing

/// What the pages say of the linter, held to the linter.
@Suite("Rule pages and the linter")
struct LintPageTests {
  @Test("The linter finds exactly the marked lines", arguments: try LintExample.all())
  func findsMarkedLines(_ example: LintExample) throws {
    let found = try example.found(in: example.block.text)
    #expect(found == example.expected, sourceLocation: example.location())
    #expect(
      example.block.isKind("sql", "bad") == !example.expected.isEmpty,
      sourceLocation: example.location())
  }

  @Test(
    "A comment with multibyte characters in front changes nothing", arguments: try LintExample.all()
  )
  func multibyteComment(_ example: LintExample) throws {
    let found = try example.found(
      in: "/* häßliche Ümläute 🙂 漢字 */\n" + example.block.text, offset: 1)
    #expect(found == example.expected, sourceLocation: example.location())
  }

  @Test("CRLF line ends change nothing", arguments: try LintExample.all())
  func carriageReturns(_ example: LintExample) throws {
    let text = example.block.text.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
    #expect(try example.found(in: text) == example.expected, sourceLocation: example.location())
  }

  @Test("An ignore comment for the file hides every finding", arguments: try LintExample.bad())
  func ignoreComment(_ example: LintExample) throws {
    let rules = Set(example.expected.map { $0.split(separator: " ")[1] }).joined(separator: ", ")
    let text = "-- sqllock:ignore-file \(rules) -- an example\n" + example.block.text
    #expect(try example.found(in: text) == [], sourceLocation: example.location())
  }

  @Test(
    "Fixes end, parse, remove their finding and leave nothing to fix",
    arguments: try LintExample.bad())
  func fixes(_ example: LintExample) throws {
    let (text, remaining) = try example.fixed()
    #expect(
      remaining.allSatisfy { $0.rule != "syntax-error" && $0.fix == nil },
      "\(text)", sourceLocation: example.location())
    guard try !example.findings(in: example.block.text).contains(where: { $0.fix == nil }) else {
      return
    }
    #expect(remaining.isEmpty, "\(text)", sourceLocation: example.location())
  }

  @Test(
    "The fixed form of a deadlocking example survives the same schedule",
    .enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"),
    arguments: try LintExample.repairable())
  func fixesOnServer(_ example: LintExample) async throws {
    let text = try example.fixed().text
    let repaired = ServerExample(page: example.page, block: example.block.replacing(text: text))
    let experiment = try repaired.experiment()
    let outcome = try await PostgresServer.shared().withDatabase { await experiment.run(in: $0) }
    #expect(outcome == .completed(waited: true), "\(text)", sourceLocation: example.location())
  }

  @Test("Folders, catalog and pages name the same rules")
  func rulesAndPages() throws {
    let pages = Set(try RulePages.ids())
    #expect(pages == Set(RuleCatalog.rules.map { $0.description.id }))
    #expect(pages == Set(RuleCatalog.pages.keys))
  }
}
