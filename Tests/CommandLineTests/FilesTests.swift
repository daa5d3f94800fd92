import CommandTesting
import Foundation
import Testing

/// How files are read, as the command line shows it.
@Suite("files")
struct FilesTests {
  private static let files = [
    "db/changes/1_make.sql": "CREATE TABLE a (id int PRIMARY KEY, n int);",
    "db/changes/2_fill.sql": "UPDATE a SET n = 1 WHERE n IS NULL;",
    "queries/a.sql": "SELECT id FROM a WHERE n = $1 FOR UPDATE;",
    "queries/b.pgsql": "SELECT 1;", "queries/c.sql.postgres": "SELECT 1;",
    "queries/d.sql.sqlite": "SELECT 1;",
    "tests/t.sql": "UPDATE a SET n = 1 WHERE n > 1;",
    "mysql/m.sql": "UPDATE a SET n = 1 WHERE n > 1;",
  ]

  @Test("Roles, order and reasons are listed")
  func list() async throws {
    try await TemporaryFolder.with(Self.files) { folder in
      let outcome = try await Command.run(["files"], in: folder)
      #expect(outcome.code == 0)
      #expect(
        outcome.output == """
          migration       one                db/changes/1_make.sql   numbered like the other files of `changes/`
          migration       one                db/changes/2_fill.sql   numbered like the other files of `changes/`
          application     one per statement  queries/a.sql           nothing tells of a migration, a dump or a test
          application     one per statement  queries/b.pgsql         nothing tells of a migration, a dump or a test
          application     one per statement  queries/c.sql.postgres  nothing tells of a migration, a dump or a test
          other database                     mysql/m.sql             in `mysql/`: MySQL
          test                               tests/t.sql             in `tests/`

          """)
    }
  }

  @Test("The list is JSON as well")
  func json() async throws {
    try await TemporaryFolder.with(Self.files) { folder in
      let outcome = try await Command.run(["files", "--output-format", "json"], in: folder)
      let document = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let files = try #require(document["files"] as? [[String: Any]])
      #expect(document["version"] as? Int == 1)
      #expect(files.compactMap { $0["order"] as? Int } == [1, 2, 3, 4, 5])
      #expect(files.last?["role"] as? String == "test")
    }
  }

  @Test("Roles do not depend on the working directory")
  func workingDirectory() async throws {
    try await TemporaryFolder.with(Self.files) { folder in
      func found(_ arguments: [String], in part: String) async throws -> [String] {
        let outcome = try await Command.run(
          ["lint", "-v", "--output-format", "concise"] + arguments,
          in: folder.appending(path: part))
        return outcome.lines.map { $0.split(separator: ":").dropFirst().joined(separator: ":") }
      }
      let above = try await found(["db"], in: ".")
      #expect(above.count == 1)
      #expect(try await found(["."], in: "db") == above)
      #expect(try await found(["."], in: "db/changes") == above)
    }
  }

  @Test("What is left out is counted, and read when asked for")
  func leftOut() async throws {
    try await TemporaryFolder.with(Self.files) { folder in
      let outcome = try await Command.run(["lint", "--output-format", "concise"], in: folder)
      #expect(
        outcome.error.contains(
          "left out 1 test file (--include-tests), 1 file of other databases; sqllock files says why"
        ))
      #expect(!outcome.output.contains("tests/t.sql"))
      for arguments in [["--include-tests"], ["tests"], ["tests/t.sql"]] {
        let outcome = try await Command.run(
          ["lint", "--output-format", "concise"] + arguments, in: folder)
        #expect(outcome.output.contains("tests/t.sql"), "\(arguments)")
      }
    }
  }

  @Test("What a migration does to the application is shown when it is asked for")
  func migrations() async throws {
    try await TemporaryFolder.with(Self.files) { folder in
      let outcome = try await Command.run(["lint", "--output-format", "concise"], in: folder)
      #expect(!outcome.output.contains("2_fill.sql"))
      #expect(
        outcome.error.contains("1 note about migrations not shown (sqllock lint -v shows them)"))
      let asked = [
        ["-v"], ["--select", "all"], ["--fail-on", "note"],
        ["db/changes/1_make.sql", "db/changes/2_fill.sql", "queries"],
      ]
      for arguments in asked {
        let outcome = try await Command.run(
          ["lint", "--output-format", "concise"] + arguments, in: folder)
        #expect(outcome.output.contains("2_fill.sql:1:1: note"), "\(arguments)")
        #expect(!outcome.error.contains("not shown"))
      }
    }
  }
}
