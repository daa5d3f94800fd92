import CommandTesting
import Foundation
import Testing

/// The configuration that `sqllock init` writes.
@Suite("init")
struct InitTests {
  private static let files = [
    "db/migrations/001_a.sql": "CREATE TABLE a (id int PRIMARY KEY, n int);",
    "db/migrations/002_b.sql": "CREATE TABLE b (id int PRIMARY KEY, n int);",
    "db/queries/q.sql": """
    BEGIN; UPDATE b SET n = 1 WHERE id = $1; UPDATE a SET n = 1 WHERE id = $2; COMMIT;
    UPDATE a SET n = 0 WHERE n < 0;
    """,
    "tests/t.sql": "DELETE FROM a WHERE n > 1;",
    "lite/sqlite/x.sql": "SELECT 1;",
  ]

  @Test("It says what it saw, and changes nothing of what is found")
  func survey() async throws {
    try await GitRepository.with(Self.files) { repository in
      func lint() async throws -> String {
        try await Command.run(["lint", "--output-format", "concise"], in: repository.folder).output
      }
      let before = try await lint()
      let outcome = try await Command.run(["init"], in: repository.folder)
      #expect(outcome.code == 0)
      #expect(outcome.output.hasPrefix("wrote sqllock.toml\n"))
      for line in [
        "  1 file of application SQL: db/queries/**\n",
        "  2 files of migrations: db/migrations/**\n",
        "  1 file of tests, left out: tests/**\n",
        "  1 file of other databases, left out: lite/sqlite/**\n",
      ] {
        #expect(outcome.output.contains(line), "\(outcome.output)")
      }
      let text = try repository.read("sqllock.toml")
      #expect(text.contains("# lock-order = [\"b\", \"a\"]\n"))
      #expect(text.contains("paths = [\"db/migrations/**\"]\nrole = \"migration\"\n"))
      #expect(try await lint() == before)
      #expect(!before.isEmpty)
    }
  }

  @Test("What it writes can be switched on line by line")
  func comments() async throws {
    try await GitRepository.with(Self.files) { repository in
      _ = try await Command.run(["init"], in: repository.folder)
      let lines = try repository.read("sqllock.toml").split(separator: "\n")
      for line in lines where line.hasPrefix("# lock-order") || line.hasPrefix("# unordered") {
        let text = lines.map { $0 == line ? String($0.dropFirst(2)) : String($0) }
        try repository.write(text.joined(separator: "\n"), to: "sqllock.toml")
        let outcome = try await Command.run(["lint", "--fail-on", "never"], in: repository.folder)
        #expect(outcome.code == 0, "\(outcome.error)")
      }
    }
  }

  @Test("A configuration that is there stays, unless --force is given")
  func force() async throws {
    try await GitRepository.with([".sqllock.toml": "fail-on = \"never\"\n"]) { repository in
      let refused = try await Command.run(["init"], in: repository.folder)
      #expect(
        refused
          == .init(
            code: 2, output: "", error: "error: .sqllock.toml is there; --force replaces it\n")
      )
      #expect(try await Command.run(["init", "--force", "-q"], in: repository.folder).code == 0)
      #expect(try await Command.run(["init", "nowhere"], in: repository.folder).code == 2)
    }
  }
}
