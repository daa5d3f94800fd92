import Diagnostics
import LintConfiguration
import Linting
import LockAnalysis
import PostgresSyntax
import SQLLockRules
import Testing

/// The configuration: what it means, and what is wrong with it, each with line and column.
@Suite("Configuration")
struct ConfigurationReaderTests {
  static func read(_ text: String) throws -> Configuration {
    try ConfigurationReader(
      path: "sqllock.toml", folder: "/p", rules: RuleCatalog.descriptions,
      exists: { $0.hasPrefix("/p/q/") }
    ).read(Array(text.utf8))
  }

  /// `line:column message` of everything that is wrong.
  private static func errors(_ text: String) throws -> [String] {
    do {
      _ = try read(text)
      return []
    } catch let error as ConfigurationErrors {
      return error.errors.map { "\($0.line):\($0.column) \($0.message)" }
    }
  }

  @Test(
    "What is wrong is said with its place and the nearest right word",
    arguments: [
      ("inclde = []", "1:1 unknown key `inclde`; did you mean `include`?"),
      ("include = \"x\"", "1:11 `include` must be an array of strings, not a string"),
      (
        "exclude = [\n  \"é\", 3,\n]",
        "2:8 `exclude` must be an array of strings, this is an integer"
      ),
      ("fail-on = \"warn\"", "1:11 `warn` is not a value of `fail-on`; did you mean `warning`?"),
      (
        "fail-on = true",
        "1:11 `fail-on` must be one of `error`, `warning`, `note`, `never`, not a boolean"
      ),
      (
        "include = [\"!a\"]",
        "1:12 `!a`: a pattern says what is meant, not what is not; there is `exclude`"
      ),
      ("baseline = \"\"", "1:12 `baseline` is empty: it is the path of a file"),
      (
        "exclude = [\"q\"]\n[transactions]\na = [\"q/x.sql#A\"]",
        "3:6 `q/x.sql` is not looked at: `include` or `exclude` leaves it out"
      ),
      ("baseline = 1.5", "1:12 `baseline` must be a string, not a float"),
      ("lock-order = [\"a\", \"a\"]", "1:20 `a` is in the order twice"),
      (
        "[rules]\nlock-upgrad = \"off\"",
        "2:1 `lock-upgrad` is not a rule or group; did you mean `lock-upgrade`?"
      ),
      (
        "[rules]\nlock-upgrade = \"of\"",
        "2:16 `of` is not a value of `lock-upgrade`; did you mean `off`?"
      ),
      ("rules = 2024-01-01", "1:9 `rules` must be a table, not a date or time"),
      ("[[overrides]]\nrules = {}", "1:1 `paths` is missing: the files that this is about"),
      (
        "[[overrides]]\npaths = [\"a\"]\nrule = {}", "3:1 unknown key `rule`; did you mean `rules`?"
      ),
      (
        "[sources]\npaths = []",
        "1:1 `sources` must be an array of tables (`[[sources]]`), not a table"
      ),
      ("[[sources]]\npaths = []\nrole = \"schema\"", "1:1 `paths` is empty"),
      (
        "[[sources]]\npaths = [\"a\"]",
        "1:1 this says nothing of its files: give a `role`, a `framework`, a `transaction` or `placeholders`"
      ),
      (
        "[[sources]]\npaths = [\"a\"]\nframework = \"gose\"",
        "3:13 `gose` is not a value of `framework`; did you mean `goose`?"
      ),
      (
        "[[sources]]\npaths = [\"a\"]\nplaceholders = \"colons\"",
        "3:16 `colons` is not a value of `placeholders`; did you mean `colon`?"
      ),
      ("[transactions]\na = \"q/x.sql#A\"", "2:5 `a` must be an array of strings, not a string"),
      ("[transactions]\na = [\"r/x.sql#A\"]", "2:6 there is no file `r/x.sql` beside sqllock.toml"),
      ("[transactions]\na = [\"#A\"]", "2:6 `#A` has no file: write `queries/orders.sql#A`"),
      ("x = ", "1:5 error while parsing key-value pair: encountered end-of-file"),
    ])
  func errors(text: String, message: String) throws {
    #expect(try Self.errors(text) == [message])
  }

  @Test("All that is wrong is said at once, in the order of the text")
  func allErrors() throws {
    let lines = try Self.errors("[rules]\nx = 1\n[[sources]]\nrole = 2\n[other]\n")
      .map { $0.split(separator: " ")[0] }
    #expect(lines == ["2:1", "3:1", "4:8", "5:2"])
  }

  @Test("Text that is not UTF-8 is an error, and an empty one asks for nothing")
  func bytes() throws {
    let reader = ConfigurationReader(
      path: "sqllock.toml", folder: "/p", rules: [], exists: { _ in true })
    #expect(throws: ConfigurationErrors.self) { try reader.read([0x61, 0x3D, 0x22, 0xFF, 0x22]) }
    #expect(try reader.read([]).failOn == nil)
    #expect(try Self.read("fail-on = \"never\"").failOn == .some(nil))
  }

  @Test("Patterns are those of .gitignore")
  func patterns() throws {
    let patterns: [(String, [String], [String])] = [
      ("db/**/*.sql", ["db/a.sql", "db/x/y/a.sql"], ["a.sql", "x/db/a.sql", "db/a.txt"]),
      ("*.sql", ["a.sql", "x/a.sql"], ["a.sq"]),
      ("seeds", ["seeds/a.sql", "x/seeds/b/a.sql", "seeds"], ["seeds.sql"]),
      ("/seeds", ["seeds/a.sql"], ["x/seeds/a.sql"]),
      ("./db/seeds/", ["db/seeds/a.sql"], ["x/db/seeds/a.sql"]),
      ("db/*", ["db/a.sql", "db/x/a.sql"], ["x.sql"]),
      ("**/old/**", ["old/a.sql", "x/old/y/a.sql"], ["older/a.sql", "old"]),
      ("a[0-9].sql", ["a1.sql"], ["ab.sql"]),
      ("**", ["a.sql"], []),
    ]
    for (text, matched, others) in patterns {
      let pattern = GlobPattern(text, in: "/p")
      for path in matched { #expect(pattern.matches("/p/" + path), "\(text) \(path)") }
      for path in others { #expect(!pattern.matches("/p/" + path), "\(text) \(path)") }
      #expect(!pattern.matches("/other/" + (matched.first ?? "")))
    }
  }

  @Test("The last word on a file counts, and a rule before its group")
  func severities() throws {
    let configuration = try Self.read(
      """
      [rules]
      lock-upgrade = "error"
      transaction-order = "note"
      all = "warning"

      [[overrides]]
      paths = ["legacy"]
      rules = { transaction-order = "off" }

      [[overrides]]
      paths = ["legacy/new.sql"]
      rules = { lock-upgrade = "note" }
      """)
    func level(_ rule: String, _ path: String) -> RuleSeverities.Level? {
      configuration.severities.level(of: rule, at: path)
    }
    #expect(level("lock-upgrade", "/p/a.sql") == .error)
    #expect(level("unordered-row-writes", "/p/a.sql") == .note)
    #expect(level("unordered-upsert", "/p/a.sql") == .warning)
    #expect(level("lock-upgrade", "/p/legacy/a.sql") == .off)
    #expect(level("lock-upgrade", "/p/legacy/new.sql") == .note)
  }

  @Test("What is less certain than a rule's other findings stays below them")
  func uncertainFindings() {
    var severities = RuleSeverities()
    severities.add(.init([], ["r": .error, "s": .note]))
    let file = SourceFile(path: "a.sql", bytes: [])
    func severity(_ rule: String, _ severity: Severity) -> Severity? {
      severities.severity(
        of: Finding(
          rule: rule, severity: severity, message: "",
          range: SourceRange(file: file, bytes: 0..<0)),
        by: .warning, at: "/p/a.sql")
    }
    #expect(severity("r", .warning) == .error)
    #expect(severity("r", .note) == .note)
    #expect(severity("s", .warning) == .note)
    #expect(severity("t", .note) == .note)
  }

  @Test("Roles, boundaries and placeholders are what the configuration says")
  func sources() throws {
    let configuration = try Self.read(
      """
      [[sources]]
      paths = ["db"]
      role = "migration"
      transaction = "statement"

      [[sources]]
      paths = ["db/tests_of_time"]
      role = "application"
      placeholders = "none"

      [[sources]]
      paths = ["db/old.sql"]
      role = "other-database"

      [[sources]]
      paths = ["tests/queries.sql"]
      framework = "flyway"
      """)
    let paths = [
      "db/a.sql", "db/tests_of_time/a.sql", "db/old.sql", "tests/queries.sql", "q/a.sql",
    ]
    let text = Array("SELECT 1; SELECT :x; INSERT INTO t SELECT 1;".utf8)
    let reader = ProjectReader(
      threads: 1, includesTests: false, configuration: configuration.project
    ) { _ in false }
    let (project, readings) = reader.read(
      paths.map { ProjectFile(SourceFile(path: $0, bytes: text), at: "/p/" + $0, outside: 1) })
    #expect(
      readings.map(\.role) == [.migration, .application, .otherDatabase, .migration, .application])
    #expect(readings[0].why == "sqllock.toml:1 says so")
    #expect(readings[0].sections.map(\.boundary) == [.statement])
    #expect(readings[3].sections.map(\.boundary) == [.section])
    #expect(project.files.map(\.failures.count) == [0, 1, 0, 0])
  }
}
