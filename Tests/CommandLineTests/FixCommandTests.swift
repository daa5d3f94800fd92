import CommandTesting
import Foundation
import Testing

/// Fixes that are written into files.
@Suite("--fix and --diff")
struct FixCommandTests {
  private static let table = "CREATE TABLE a (id int PRIMARY KEY, n int);\r\n"
  private static let select = "SELECT * FROM a WHERE n > 1 FOR UPDATE;"
  private static let bulk = "UPDATE a SET n = 0 WHERE n < 0;"

  private static func lint(
    _ repository: GitRepository, _ arguments: String..., below: String = ""
  ) async throws -> Command.Outcome {
    try await Command.run(
      ["lint", "--output-format", "concise"] + arguments,
      in: repository.folder.appending(path: below))
  }

  @Test("--fix applies safe fixes, --unsafe-fixes the others too, and a second run changes nothing")
  func fix() async throws {
    let text = Self.table + "-- é\r\n" + Self.select + " " + Self.bulk
    try await GitRepository.with(["a.sql": text]) { repository in
      let safe = try await Self.lint(repository, "--fix")
      #expect(safe.code == 1)
      #expect(safe.lines.count == 1)
      #expect(safe.error.contains("fixed 1 finding\n"))
      let fixed = "SELECT * FROM a WHERE n > 1 ORDER BY id FOR UPDATE;"
      #expect(try repository.read("a.sql") == text.replacing(Self.select, with: fixed))
      let all = try await Self.lint(repository, "--fix", "--unsafe-fixes")
      #expect(all.code == 0)
      let after = try repository.read("a.sql")
      #expect(
        after.hasSuffix(
          "UPDATE a SET n = 0 WHERE id IN (SELECT id FROM a WHERE n < 0 ORDER BY id FOR NO KEY UPDATE);"
        ))
      #expect(try await Self.lint(repository, "--fix", "--unsafe-fixes").code == 0)
      #expect(try repository.read("a.sql") == after)
    }
  }

  @Test(
    "A patch is what --fix does, and git applies it",
    arguments: ["a.sql", "sub folder/é\"q\\.sql", "x/y.sql"])
  func diff(path: String) async throws {
    let texts = [
      Self.table + Self.select, Self.table + Self.select + "\n",
      Self.table + String(repeating: "SELECT 1;\n", count: 20) + Self.select + "\n\n" + Self.bulk,
    ]
    for text in texts {
      try await GitRepository.with([path: text]) { repository in
        let patch = try await Self.lint(repository, "--diff", "--unsafe-fixes", "-q")
        #expect(patch.code == 1)
        #expect(try repository.read(path) == text)
        try await repository.git("apply", "--check", "-", input: patch.output)
        _ = try await Self.lint(repository, "--fix", "--unsafe-fixes")
        let fixed = try repository.read(path)
        try await repository.git("checkout", "--quiet", ".")
        try await repository.git("apply", "--whitespace=nowarn", "-", input: patch.output)
        #expect(try repository.read(path) == fixed)
        let none = try await Self.lint(repository, "--diff", "--unsafe-fixes")
        #expect(none == .init(code: 0, output: "", error: "no fixes\n"))
      }
    }
  }

  @Test("What is hidden, in the baseline or unchanged is not fixed")
  func hidden() async throws {
    let ignored = "-- sqllock:ignore unordered-select-for-update -- fine\n" + Self.select + "\n"
    let text = Self.table + ignored
    try await GitRepository.with(["a.sql": text, "b.sql": Self.select + "\n"]) { repository in
      _ = try await Self.lint(repository, "--write-baseline", "base.json")
      _ = try await Self.lint(repository, "--fix", "--baseline", "base.json")
      _ = try await Self.lint(repository, "--fix", "--since", "HEAD")
      #expect(try repository.read("a.sql") == text)
      #expect(try repository.read("b.sql") == Self.select + "\n")
      try repository.write(Self.select + "\n" + Self.select + "\n", to: "b.sql")
      _ = try await Self.lint(repository, "--fix", "--since", "HEAD")
      let fixed = Self.select.replacing("FOR UPDATE", with: "ORDER BY id FOR UPDATE")
      #expect(try repository.read("b.sql") == Self.select + "\n" + fixed + "\n")
    }
  }

  @Test("Mode and links stay, and a file that is read-only is reported and left alone")
  func files() async throws {
    try await GitRepository.with(["a.sql": Self.table + Self.select]) { repository in
      let file = repository.folder.appending(path: "a.sql")
      let link = repository.folder.appending(path: "l/a.sql")
      try FileManager.default.createDirectory(
        at: repository.folder.appending(path: "l"), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: link.path, withDestinationPath: "../a.sql")
      try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: file.path)
      let refused = try await Self.lint(repository, "--fix", "a.sql")
      #expect(refused.code == 2)
      #expect(refused.error.contains("error: a.sql: "))
      #expect(try repository.read("a.sql") == Self.table + Self.select)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
      #expect(try await Self.lint(repository, "--fix", "l/a.sql").code == 0)
      #expect(try repository.read("a.sql").contains("ORDER BY id FOR UPDATE"))
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
      #expect(attributes[.posixPermissions] as? Int == 0o640)
      let isLink = try FileManager.default.attributesOfItem(atPath: link.path)[.type]
      #expect(isLink as? FileAttributeType == .typeSymbolicLink)
      let names = try FileManager.default.contentsOfDirectory(atPath: repository.folder.path)
      #expect(Set(names) == [".git", "a.sql", "l"])
    }
  }

  @Test("Standard input comes back fixed, with what is left on standard error")
  func standardInput() async throws {
    try await TemporaryFolder.with { folder in
      let input = Self.table + Self.select + "\n" + Self.bulk + "\n"
      let outcome = try await Command.run(
        ["lint", "--fix", "-", "--stdin-filename", "q.sql"], in: folder, input: Array(input.utf8))
      #expect(outcome.code == 1)
      #expect(
        outcome.output == input.replacing("1 FOR UPDATE", with: "1 ORDER BY id FOR UPDATE"))
      #expect(outcome.error.hasPrefix("q.sql:3:1: warning[unordered-bulk-write]"))
    }
  }

  @Test("Nothing is written into a string that is run, nor into a template")
  func notWritten() async throws {
    let text =
      Self.table
      + "DO $$ BEGIN EXECUTE 'UPDATE a SET n = 0 WHERE n < 0'; END $$;\n"
      + "SELECT * FROM a WHERE n > 1 {% if x %} AND n < 5 {% endif %} FOR UPDATE;\n"
    try await GitRepository.with(["a.sql": text]) { repository in
      _ = try await Self.lint(repository, "--fix", "--unsafe-fixes")
      #expect(try repository.read("a.sql") == text)
    }
  }

  private static let tables = """
    CREATE TABLE a (id int PRIMARY KEY, n int, o text);
    CREATE TABLE b (id int PRIMARY KEY, a int, s text, t int);

    """

  /// A text after all fixes, without the tables in front.
  private static func fixed(_ text: String) async throws -> String {
    try await GitRepository.with(["t.sql": tables, "q.sql": text]) { repository in
      _ = try await lint(repository, "--fix", "--unsafe-fixes")
      let once = try repository.read("q.sql")
      _ = try await lint(repository, "--fix", "--unsafe-fixes")
      #expect(try repository.read("q.sql") == once, "a second run changes nothing")
      return once
    }
  }

  @Test(
    "What a fix can't say for certain is left as it is",
    arguments: [
      // A common table is what the name means.
      "WITH b AS (SELECT id, s FROM b WHERE id = 1) UPDATE b SET t = 0 WHERE s = 'x';",
      // Both would have to be sorted by.
      """
      INSERT INTO a (id, n) SELECT DISTINCT ON (t) id, t FROM b
      ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n;
      """,
      // The key has another name there.
      "SELECT * FROM a AS x (k, id) WHERE o = 'a' FOR UPDATE;",
      // What is copied is evaluated twice.
      """
      CREATE FUNCTION take() RETURNS int LANGUAGE sql AS 'SELECT 1';
      UPDATE a SET n = 1 FROM take() t WHERE a.id >= t;
      """,
      "UPDATE a SET n = 1 FROM b WHERE a.id = b.a AND random() < 0.5;",
      "UPDATE a SET n = 1 FROM b TABLESAMPLE BERNOULLI (50) WHERE a.id = b.a;",
    ])
  func leftAlone(text: String) async throws {
    #expect(try await Self.fixed(text) == text)
  }

  @Test("In a routine a column is named with its table, since the name may be a variable's")
  func variables() async throws {
    let text = """
      CREATE FUNCTION f(id int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        PERFORM FROM a WHERE o = 'a' FOR UPDATE;
        DELETE FROM b WHERE s = 'x';
      END $$;
      """
    let fixed = try await Self.fixed(text)
    #expect(fixed.contains("WHERE o = 'a' ORDER BY a.id FOR UPDATE;"))
    #expect(
      fixed.contains(
        "WHERE b.id IN (SELECT b.id FROM b WHERE s = 'x' ORDER BY b.id FOR UPDATE);"))
  }

  @Test("An output that is made of the key is not the key")
  func outputNames() async throws {
    let fixed = try await Self.fixed("SELECT id::text FROM a FOR UPDATE;")
    #expect(fixed == "SELECT id::text FROM a ORDER BY a.id FOR UPDATE;")
  }

  @Test("A sub-select with a window function takes no lock")
  func windows() async throws {
    let text = """
      DELETE FROM b USING (SELECT id, row_number() OVER (PARTITION BY s ORDER BY id) r FROM b) d
      WHERE d.id = b.id AND d.r > 1;
      """
    let fixed = try await Self.fixed(text)
    #expect(!fixed.contains("FROM b ORDER BY id FOR UPDATE) d"))
  }

  @Test("A line end is that of the file, also in its last line")
  func lastLine() async throws {
    let fixed = try await Self.fixed("SELECT id FROM a\r\nWHERE n = 1\r\nFOR UPDATE")
    #expect(fixed == "SELECT id FROM a\r\nWHERE n = 1\r\nORDER BY id\r\nFOR UPDATE")
  }

  @Test("A patch names what a link leads to, and other names of a file see the fix")
  func links() async throws {
    try await GitRepository.with(["m.sql": Self.tables + "SELECT * FROM a FOR UPDATE;\n"]) {
      repository in
      _ = try await Command.shell("ln -s m.sql l.sql; ln m.sql h.sql", in: repository.folder)
      try await repository.git("add", "--all")
      let patch = try await Self.lint(repository, "l.sql", "--diff")
      try await repository.git("apply", "--check", "-", input: patch.output)
      _ = try await Self.lint(repository, "m.sql", "--fix")
      #expect(try repository.read("h.sql").contains("ORDER BY id FOR UPDATE"))
    }
  }

  @Test("A migration that has run is not changed, unless it is named or new")
  func migrations() async throws {
    let function = "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS '\(Self.select)';\n"
      .replacing("'", with: "$$")
    let files = [
      "migrations/001.sql": Self.tables, "migrations/002.sql": function,
      "migrations/003.sql": "SELECT 1;\n",
    ]
    try await GitRepository.with(files) { repository in
      let all = try await Self.lint(repository, "--fix")
      #expect(try repository.read("migrations/002.sql") == function)
      #expect(all.error.contains("left out 1 fix for migrations that have run, as it seems"))
      #expect(all.code == 1)
      try repository.write(function.replacing("f()", with: "g()"), to: "migrations/003.sql")
      _ = try await Self.lint(repository, "--fix", "--since", "HEAD")
      #expect(try repository.read("migrations/003.sql").contains("ORDER BY a.id FOR UPDATE"))
      #expect(try repository.read("migrations/002.sql") == function)
      _ = try await Self.lint(repository, "--fix", "migrations/002.sql", ".")
      #expect(try repository.read("migrations/002.sql").contains("ORDER BY a.id FOR UPDATE"))
    }
  }

  @Test("A fix of another statement is written where that one is")
  func otherFile() async throws {
    let files = [
      "t.sql": """
      CREATE TABLE p (id int PRIMARY KEY, n int);
      CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, n int);

      """,
      "a.sql": """
      BEGIN; SELECT FROM c WHERE id = $1 FOR UPDATE; SELECT FROM p WHERE id = $2 FOR UPDATE; COMMIT;

      """,
      "b.sql": """
      BEGIN; INSERT INTO c VALUES ($1, $2, 0); UPDATE c SET n = 1 WHERE id = $3; COMMIT;

      """,
    ]
    try await GitRepository.with(files) { repository in
      let before = try await Self.lint(repository)
      _ = try await Self.lint(repository, "--fix", "--unsafe-fixes")
      let texts = try (repository.read("a.sql"), repository.read("b.sql"))
      #expect(texts.1 == files["b.sql"])
      #expect(
        texts.0 == files["a.sql"] || texts.0.contains("FROM p WHERE id = $2 FOR NO KEY UPDATE"),
        "\(before.output) \(texts.0)")
    }
  }
}
