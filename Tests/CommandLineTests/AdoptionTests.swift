import CommandTesting
import Foundation
import Testing

/// What is reported in a project that has findings already.
@Suite("Baselines and changes")
struct AdoptionTests {
  private static let table = "CREATE TABLE a (id int PRIMARY KEY, n int);\n"
  private static let bulk = "UPDATE a SET n = 0 WHERE n < 0;\n"
  private static let delete = "DELETE FROM a WHERE n = 7;\n"
  private static let files = ["a.sql": table + bulk, "b.sql": delete]

  private static func lint(
    _ repository: GitRepository, _ arguments: String...
  ) async throws -> Command.Outcome {
    try await Command.run(
      ["lint", "--output-format", "concise"] + arguments, in: repository.folder)
  }

  // MARK: Baseline

  @Test("What is in the baseline is not reported, and what is new is")
  func baseline() async throws {
    try await GitRepository.with(Self.files) { repository in
      let written = try await Self.lint(repository, "--write-baseline", "base.json")
      #expect(written == .init(code: 0, output: "", error: "wrote 2 findings to base.json\n"))
      let clean = try await Self.lint(repository, "--baseline", "base.json")
      #expect(clean.code == 0)
      #expect(clean.error.contains("no findings; 2 in the baseline\n"))
      try repository.write(Self.delete + "DELETE FROM a WHERE n = 8;\n", to: "b.sql")
      let outcome = try await Self.lint(repository, "--baseline", "base.json")
      #expect(outcome.code == 1)
      #expect(outcome.lines.count == 1)
      #expect(outcome.output.hasPrefix("b.sql:2:1: "))
    }
  }

  @Test("A finding is known again after changes that say nothing, and from another folder")
  func stability() async throws {
    try await GitRepository.with(["db/a.sql": Self.table + Self.bulk]) { repository in
      _ = try await Self.lint(repository, "--write-baseline", "base.json")
      try repository.write(
        Self.table + "\n-- another comment\nupdate  A set N=0\n\twhere n /* why */ <0 ;\n",
        to: "db/a.sql")
      let moved = try await Self.lint(repository, "--baseline", "base.json")
      #expect(moved.code == 0, "\(moved.output)")
      let below = try await Command.run(
        ["lint", "a.sql", "--baseline", "../base.json"],
        in: repository.folder.appending(path: "db"))
      #expect(below.code == 0, "\(below.output)")
      try repository.write(Self.table + "UPDATE a SET n = 1 WHERE n < 0;\n", to: "db/a.sql")
      #expect(try await Self.lint(repository, "--baseline", "base.json").code == 1)
    }
  }

  @Test("Entries of which the finding is gone are counted, and taken out when that is asked for")
  func stale() async throws {
    try await GitRepository.with(Self.files) { repository in
      _ = try await Self.lint(repository, "--write-baseline", "base.json")
      try repository.write("baseline = \"base.json\"\n", to: "sqllock.toml")
      try repository.write(Self.table, to: "a.sql")
      let outcome = try await Self.lint(repository)
      #expect(outcome.code == 0)
      #expect(outcome.error.contains("1 entry of base.json is gone from the code"))
      // Of a file that was not read nothing is known.
      #expect(try await !Self.lint(repository, "b.sql").error.contains("gone from the code"))
      let pruned = try await Self.lint(repository, "--prune-baseline")
      #expect(pruned.error.contains("took 1 entry out of base.json\n"))
      #expect(try repository.read("base.json").contains("b.sql"))
      #expect(try !repository.read("base.json").contains("a.sql"))
      try FileManager.default.removeItem(at: repository.folder.appending(path: "b.sql"))
      #expect(try await Self.lint(repository).error.contains("1 entry of base.json is gone"))
    }
  }

  // MARK: Changes

  @Test("--since reports what touches changed lines, those of new files included")
  func since() async throws {
    try await GitRepository.with(Self.files) { repository in
      #expect(try await Self.lint(repository, "--since", "HEAD").code == 0)
      try repository.write(Self.table + Self.bulk + Self.delete, to: "a.sql")
      try repository.write(Self.delete, to: "new file é.sql")
      let outcome = try await Self.lint(repository, "--since", "HEAD")
      #expect(outcome.code == 1)
      let places = outcome.lines.map { $0.prefix { $0 != ":" } + ":" + $0.split(separator: ":")[1] }
      #expect(places == ["a.sql:3", "new file é.sql:1"])
      #expect(outcome.error.contains("; 2 where nothing has changed\n"))
      try await repository.commit()
      #expect(try await Self.lint(repository, "--since", "HEAD").code == 0)
      #expect(try await Self.lint(repository, "--since", "HEAD~1").lines.count == 2)
    }
  }

  @Test("A file that git ignores has no history: it is new where it is named itself")
  func ignored() async throws {
    try await GitRepository.with(Self.files) { repository in
      try repository.write("mine*\n", to: ".gitignore")
      try await repository.commit()
      for name in ["mine.sql", "mine[1].sql"] {
        try repository.write(Self.table + Self.bulk, to: name)
        #expect(try await Self.lint(repository, "--since", "HEAD", name).code == 1)
      }
      #expect(try await Self.lint(repository, "--since", "HEAD").code == 0)
      #expect(try await Self.lint(repository, "--since", "HEAD", "a.sql").code == 0)
    }
  }

  @Test("--since counts from where a branch began")
  func branch() async throws {
    try await GitRepository.with(Self.files) { repository in
      try await repository.git("checkout", "--quiet", "-b", "other")
      try repository.write(Self.table + Self.bulk + Self.delete, to: "a.sql")
      try await repository.commit()
      try await repository.git("checkout", "--quiet", "main")
      try repository.write("SELECT 1;\n", to: "b.sql")
      try await repository.commit()
      try await repository.git("checkout", "--quiet", "other")
      let outcome = try await Self.lint(repository, "--since", "main")
      #expect(outcome.lines.map { $0.prefix(7) } == ["a.sql:3"])
    }
  }

  @Test("A removed line touches the statement that it was in")
  func removedLine() async throws {
    let text = Self.table + "SELECT * FROM a\nWHERE n > 1\nORDER BY id\nFOR UPDATE;\n"
    try await GitRepository.with(["a.sql": text]) { repository in
      try repository.write(text.replacing("ORDER BY id\n", with: ""), to: "a.sql")
      #expect(try await Self.lint(repository, "--since", "HEAD").code == 1)
    }
  }

  @Test("--staged reads and reports what is staged, whatever the working tree has")
  func staged() async throws {
    try await GitRepository.with(Self.files) { repository in
      try repository.write(Self.table + Self.bulk + Self.delete, to: "a.sql")
      #expect(try await Self.lint(repository, "--staged").code == 0)
      try await repository.git("add", "a.sql")
      try repository.write("\n\n\n" + Self.table, to: "a.sql")
      let outcome = try await Self.lint(repository, "--staged")
      #expect(outcome.code == 1)
      #expect(outcome.lines.map { $0.prefix(7) } == ["a.sql:3"])
    }
  }

  @Test("A finding of an old statement counts where its partner is new")
  func partner() async throws {
    let tables = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);\n"
    func transaction(_ first: String, _ second: String) -> String {
      "BEGIN; SELECT FROM \(first) WHERE id = $1 FOR UPDATE; "
        + "SELECT FROM \(second) WHERE id = $2 FOR UPDATE; COMMIT;\n"
    }
    let files = ["a.sql": tables + transaction("a", "b")]
    try await GitRepository.with(files) { repository in
      try repository.write(transaction("b", "a"), to: "z.sql")
      let outcome = try await Self.lint(repository, "--since", "HEAD")
      #expect(outcome.lines.map { $0.prefix(7) } == ["a.sql:2"])
    }
  }

  @Test("A commit that is not there is named")
  func unknownCommit() async throws {
    try await GitRepository.with(Self.files) { repository in
      let outcome = try await Self.lint(repository, "--since", "no-such")
      #expect(outcome.code == 2)
      #expect(outcome.error.hasPrefix("error: --since: `no-such` is not a commit of "))
    }
  }

  @Test("Paths of annotations are those of the repository, whatever the working directory")
  func paths() async throws {
    try await GitRepository.with(["x/db/a.sql": Self.table + Self.bulk]) { repository in
      for (below, path) in [("", "x"), ("x", "."), ("x/db", "a.sql"), ("x/db", "../db")] {
        let folder = repository.folder.appending(path: below)
        for format in ["github", "sarif", "gitlab"] {
          let outcome = try await Command.run(
            ["lint", path, "--output-format", format], in: folder)
          #expect(outcome.output.contains("x/db/a.sql"), "\(format) \(below)")
          let others = [
            "file=../", "file=a.sql", "uri\" : \"../", "uri\" : \"a.sql", "path\" : \"../",
          ]
          #expect(!others.contains(where: outcome.output.contains))
        }
      }
    }
  }

  @Test("Only what was looked for is taken out of a baseline")
  func pruning() async throws {
    try await GitRepository.with(Self.files) { repository in
      _ = try await Self.lint(repository, "--write-baseline", "base.json")
      let base = try repository.read("base.json")
      let prune = ["--baseline", "base.json", "--prune-baseline"]
      for arguments in [["--select", "unordered-upsert"], ["--ignore", "row-order"]] {
        _ = try await Command.run(["lint"] + prune + arguments, in: repository.folder)
        #expect(try repository.read("base.json") == base)
      }
      try repository.write(Self.table + "UPDAT a SET n = 0 WHERE n < 0;\n", to: "a.sql")
      _ = try await Command.run(["lint"] + prune, in: repository.folder)
      #expect(try repository.read("base.json") == base)
      let both = try await Self.lint(repository, "--fix", "--write-baseline", "base.json")
      #expect(both.code == 2)
    }
  }

  @Test("A mode or a name alone is no change, and a semicolon belongs to its statement")
  func modes() async throws {
    let text = Self.table + "SELECT * FROM a\nWHERE n > 1\nFOR UPDATE\nSKIP LOCKED;\n"
    try await GitRepository.with(["a.sql": text, "b.sql": Self.delete]) { repository in
      _ = try await Command.shell("chmod +x a.sql b.sql", in: repository.folder)
      try await repository.git("mv", "b.sql", "c.sql")
      #expect(try await Self.lint(repository, "--since", "HEAD").code == 0)
      #expect(try await Self.lint(repository, "--staged").code == 0)
      try repository.write(text.replacing("SKIP LOCKED", with: ""), to: "a.sql")
      #expect(try await Self.lint(repository, "--since", "HEAD").code == 1)
    }
  }

  @Test("--staged sees the files of the index, not those of the working tree")
  func index() async throws {
    try await GitRepository.with(["a.sql": Self.table]) { repository in
      try repository.write(Self.delete, to: "b.sql")
      try await repository.git("add", "b.sql")
      try FileManager.default.removeItem(at: repository.folder.appending(path: "b.sql"))
      #expect(try await Self.lint(repository, "--staged").code == 1)
      try repository.write("CREATE UNIQUE INDEX ON a (n);\n", to: "c.sql")
      #expect(try await Self.lint(repository, "--staged").code == 1)
      try repository.write(Self.delete, to: "b.sql")
      try await repository.git("rm", "--quiet", "--cached", "b.sql")
      #expect(try await Self.lint(repository, "--staged").code == 0)
    }
  }

  @Test("What can't be compared is an error")
  func notComparable() async throws {
    try await GitRepository.with(Self.files) { repository in
      for option in [["--staged"], ["--since", "HEAD"]] {
        let input = try await Command.run(["lint", "-"] + option, in: repository.folder)
        #expect(input.code == 2)
        #expect(input.error == "error: \(option[0]) compares files: leave out `-`\n")
      }
      try await GitRepository.with([:]) { other in
        let outcome = try await Self.lint(repository, "--staged", ".", other.folder.path)
        #expect(outcome.error == "error: --staged looks at one repository at a time\n")
      }
    }
  }
}
