import CommandTesting
import Foundation
import Testing

/// What the README and the help texts show is what the commands do.
@Suite("Shown commands")
struct ReadmeExampleTests {
  private static let root = Python.folder.appending(path: "../../..").standardized

  @Test("The README shows what is printed")
  func readme() async throws {
    let folder = Self.root.appending(path: "examples/event-scheduler/broken")
    let outcome = try await Command.run(["lint", "--isolated", "."], in: folder)
    let finding = try #require(outcome.output.components(separatedBy: "\n\n").first)
    let shown = "```\n$ sqllock lint .\n\(finding)\n```\n"
    let url = Self.root.appending(path: "README.md")
    let text = try String(contentsOf: url, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- output -->\n"))
    let end = try #require(text.range(of: "<!-- /output -->"))
    if ProcessInfo.processInfo.environment["SQLLOCK_RECORD"] == "1" {
      try (text[..<start.upperBound] + shown + text[end.lowerBound...])
        .write(to: url, atomically: true, encoding: .utf8)
    } else {
      #expect(text[start.upperBound..<end.lowerBound] == shown)
    }
  }

  private static let files = [
    "migrations/001.sql": "CREATE TABLE a (id int PRIMARY KEY, n int);\n",
    "queries/orders.sql": "DELETE FROM a WHERE n < 0;\n", "query.sql": "SELECT 1;\n",
    "db/x.sql": "SELECT 1;\n", "services/billing/x.sql": "SELECT 1;\n",
  ]

  @Test(
    "The examples in help texts work",
    arguments: ["", "lint", "locks", "graph", "order", "files", "init", "explain", "rules"])
  func help(command: String) async throws {
    let arguments = [command, "--help"].filter { !$0.isEmpty }
    let help = try await Command.run(arguments, in: Self.root).output
    let lines = help.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex { $0.hasSuffix("EXAMPLES") })
    let examples = lines[(start + 1)...].prefix { $0.hasPrefix("  ") }
      .map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(!examples.isEmpty)
    for example in examples {
      try await GitRepository.with(Self.files) { repository in
        try await repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
        // What comes behind the pipe is somebody else's.
        let own = example.hasPrefix("sqllock") ? example.prefix { $0 != "|" } : example[...]
        let script = own.replacing("sqllock", with: "\"$sqllock\"", maxReplacements: 1)
        let outcome = try await Command.shell(String(script), in: repository.folder)
        #expect(outcome.code == 0 || outcome.code == 1, "\(example): \(outcome.error)")
      }
    }
  }
}
