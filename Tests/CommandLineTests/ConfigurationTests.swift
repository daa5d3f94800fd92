import CommandTesting
import Foundation
import Testing

/// How the commands find the configuration and follow it.
@Suite("The configuration and the commands")
struct ConfigurationTests {
  private static let bulk = "UPDATE a SET n = 0 WHERE n < 0;\n"
  private static let table = "CREATE TABLE a (id int PRIMARY KEY, n int);\n"

  /// Runs in a folder of a project.
  private static func run(
    _ files: [String: String], _ arguments: [String], below: String = ""
  ) async throws -> Command.Outcome {
    try await TemporaryFolder.with(files) { folder in
      try await Command.run(arguments, in: below.isEmpty ? folder : folder.appending(path: below))
    }
  }

  @Test("The file is found above the paths, as sqllock.toml or .sqllock.toml")
  func search() async throws {
    for name in ["sqllock.toml", ".sqllock.toml"] {
      let files = ["db/a.sql": Self.table + Self.bulk, name: "[rules]\nall = \"off\"\n"]
      for (arguments, below) in [([], ""), (["db/a.sql"], ""), (["."], "db"), (["../db"], "db")] {
        let outcome = try await Self.run(files, ["lint"] + arguments, below: below)
        #expect(outcome.code == 0, "\(name) \(arguments)")
        #expect(outcome.output.isEmpty)
      }
    }
  }

  @Test("The nearest file counts, --config another one, --isolated none")
  func choice() async throws {
    let files = [
      "db/a.sql": Self.table + Self.bulk, "sqllock.toml": "fail-on = \"error\"\n",
      "db/sqllock.toml": "fail-on = \"never\"\n[rules]\nunordered-bulk-write = \"error\"\n",
    ]
    #expect(try await Self.run(files, ["lint", "db"]).code == 0)
    #expect(try await Self.run(files, ["lint", "."]).code == 0)
    #expect(try await Self.run(files, ["lint", ".", "--fail-on", "warning"]).code == 1)
    #expect(try await Self.run(files, ["lint", ".", "--config", "db/sqllock.toml"]).code == 0)
    #expect(try await Self.run(files, ["lint", "db", "--isolated"]).code == 1)
    let both = try await Self.run(files, ["lint", "--isolated", "--config", "sqllock.toml"])
    #expect(both.code == 2)
    let missing = try await Self.run(files, ["lint", "--config", "no.toml"])
    #expect(missing.code == 2)
    #expect(missing.error == "error: no.toml: no such file or directory\n")
  }

  @Test("Two files beside each other are an error")
  func twoFiles() async throws {
    let outcome = try await Self.run(["sqllock.toml": "", ".sqllock.toml": ""], ["lint"])
    #expect(outcome.code == 2)
    #expect(outcome.error == "error: both sqllock.toml and .sqllock.toml are there: remove one\n")
  }

  @Test("What is wrong is a line each, with exit code 2, in every command")
  func errors() async throws {
    let files = ["a.sql": Self.table, "sqllock.toml": "a = 1\n[rules]\nb = \"off\"\n"]
    for command in ["lint", "locks", "graph", "order", "files"] {
      let outcome = try await Self.run(files, [command])
      #expect(outcome.code == 2)
      let places = outcome.error.split(separator: "\n").map { $0.prefix { $0 != " " } }
      #expect(places == ["sqllock.toml:1:1:", "sqllock.toml:3:1:"])
      #expect(outcome.output.isEmpty)
    }
  }

  @Test("include and exclude say what is looked at, and a named file is looked at in any case")
  func selection() async throws {
    let files = [
      "db/a.sql": Self.table, "db/old/b.sql": "SELECT 1;", "x/c.sql": "SELECT 1;",
      "sqllock.toml": "include = [\"db/**/*.sql\"]\nexclude = [\"old\"]\n",
    ]
    func paths(_ arguments: [String]) async throws -> [String] {
      try await Self.run(files, ["files"] + arguments).lines.compactMap { line in
        line.split(separator: " ").first { $0.hasSuffix(".sql") }.map(String.init)
      }
    }
    #expect(try await paths([]) == ["db/a.sql"])
    #expect(try await paths(["x/c.sql", "db/old"]) == ["x/c.sql"])
  }

  @Test("A declared transaction is compared with the others, and named by its place")
  func transactions() async throws {
    var files = [
      "schema.sql": "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);",
      "q.sql": """
      -- name: A :one
      SELECT FROM a WHERE id = $1 FOR UPDATE;
      -- name: B :one
      SELECT FROM b WHERE id = $1 FOR UPDATE;
      """,
      "sqllock.toml": """
      [transactions]
      there = ["q.sql#A", "q.sql#B"]
      back = [
        "q.sql#B",
        "q.sql#A",
      ]
      """,
    ]
    let outcome = try await Self.run(files, ["lint", "--output-format", "full"])
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("lock-order-inversion"))
    #expect(outcome.output.contains("`back (sqllock.toml:3)` is declared as one transaction"))
    #expect(outcome.output.contains("locks a row of b      :4\n"))
    let locks = try await Self.run(files, ["locks"])
    #expect(locks.output.contains("sqllock.toml:3  back  a declared transaction\n"))
    // A file alone does not have the transaction; a query that is not there is an error.
    #expect(try await Self.run(files, ["lint", "schema.sql"]).code == 0)
    files["sqllock.toml"] = "[transactions]\nx = [\"q.sql#C\"]\n"
    let unknown = try await Self.run(files, ["lint"])
    #expect(unknown.code == 2)
    #expect(
      unknown.error == "sqllock.toml:2:6: error: the file has no query `C`; did you mean `A`?\n")
  }

  @Test("A name of the order that nothing has is a warning, not an error")
  func unknownTable() async throws {
    let files = ["a.sql": Self.table, "sqllock.toml": "lock-order = [\"a\", \"accounts\"]\n"]
    let outcome = try await Self.run(files, ["lint"])
    #expect(outcome.code == 0)
    #expect(
      outcome.error.hasPrefix("sqllock.toml:1:20: warning: no table `accounts` was seen\n"))
  }
}
