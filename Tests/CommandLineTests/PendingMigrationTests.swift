import CommandTesting
import Foundation
import Testing

/// Tools that run all new migrations in one transaction.
@Suite("Pending migrations")
struct PendingMigrationTests {
  private static let up = "-- Up Migration\n"
  private static let old = [
    "m/1_tables.sql": up
      + "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);",
    "q.sql":
      "BEGIN; SELECT FROM b WHERE id = $1 FOR UPDATE; SELECT FROM a WHERE id = $1 FOR UPDATE; COMMIT;",
  ]
  private static let new = [
    "m/9_a.sql": up + "ALTER TABLE a ADD COLUMN n int;\n",
    "m/10_b.sql": up + "ALTER TABLE b ADD COLUMN n int;\n",
  ]

  private static func lint(_ folder: URL, _ arguments: String...) async throws -> [String] {
    try await Command.run(
      ["lint", "--output-format", "concise", "--fail-on", "note"] + arguments, in: folder
    ).lines
  }

  @Test(
    "What is new runs in one transaction, in the order of the files, and meets the application so")
  func together() async throws {
    try await GitRepository.with(Self.old) { repository in
      for (path, text) in Self.new { try repository.write(text, to: path) }
      let since = try await Self.lint(repository.folder, "--since", "HEAD")
      #expect(since.count == 1)
      #expect(since[0].contains("m/10_b.sql:2:"))
      #expect(since[0].contains("[exclusive-locks-on-several-tables]"))
      let named = try await Self.lint(
        repository.folder, "m/9_a.sql", "m/10_b.sql", ".")
      #expect(named.count == 1)
      // Which of the old ones ran together is not known.
      #expect(try await Self.lint(repository.folder, ".").isEmpty)
    }
  }

  @Test("A tool that commits each file keeps them apart, and the configuration can say otherwise")
  func configuration() async throws {
    let files = Self.old.merging(Self.new) { $1 }.mapValues { $0.replacing(Self.up, with: "") }
    try await TemporaryFolder.with(files) { folder in
      let paths = ["m/9_a.sql", "m/10_b.sql", "."]
      func lint() async throws -> Int {
        try await Command.run(
          ["lint", "--output-format", "concise", "--fail-on", "note"] + paths, in: folder
        ).lines.count
      }
      #expect(try await lint() == 0)
      let text = "[[sources]]\npaths = [\"m\"]\nrole = \"migration\"\ntransaction = \"all\"\n"
      try TemporaryFolder.write(Data(text.utf8), to: "sqllock.toml", in: folder)
      #expect(try await lint() == 1)
      let shown = try await Command.run(["files", "m"], in: folder)
      #expect(shown.lines.allSatisfy { $0.contains("one, with all pending") })
    }
  }

  @Test("A table that the transaction has made in another file is nobody else's")
  func ownTable() async throws {
    let files = [
      "m/1.sql": Self.up + "CREATE TABLE b (id int PRIMARY KEY);",
      "m/2.sql": Self.up + "ALTER TABLE a ADD COLUMN n int;",
      "m/3.sql": Self.up + "ALTER TABLE b ADD COLUMN n int;", "q.sql": Self.old["q.sql"] ?? "",
      "schema.sql": "CREATE TABLE a (id int PRIMARY KEY);",
    ]
    try await TemporaryFolder.with(files) { folder in
      let paths = ["schema.sql", "m/1.sql", "m/2.sql", "m/3.sql", "q.sql"]
      let outcome = try await Command.run(["lint", "--fail-on", "note"] + paths, in: folder)
      #expect(outcome.output.isEmpty)
    }
  }
}
