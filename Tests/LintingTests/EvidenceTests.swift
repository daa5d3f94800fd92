import Diagnostics
import Linting
import SQLLockRules
import Testing

/// How strong the evidence for a finding is, by what else was read.
@Suite("Evidence")
struct EvidenceTests {
  /// Files and what is found in them.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let files: [String: String]
    let found: [String]

    init(_ name: String, _ files: [String: String], _ found: [String]) {
      testDescription = name
      self.files = files
      self.found = found
    }
  }

  private static let schema = [
    "structure.sql": "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text);"
  ]

  private static func with(_ files: [String: String]) -> [String: String] {
    schema.merging(files) { $1 }
  }

  static let cases: [Case] = [
    Case(
      "copies of application SQL", with(["q.sql": "UPDATE t SET b = 'x';"]), ["q.sql:1 warning"]),
    Case(
      "a backfill alone", with(["migrations/1_x.up.sql": "UPDATE t SET b = 'x';"]),
      ["migrations/1_x.up.sql:1 note"]),
    Case(
      "a backfill beside an application that locks several rows",
      with([
        "migrations/1_x.up.sql": "UPDATE t SET b = 'x';",
        "q.sql": "SELECT id FROM t ORDER BY id FOR UPDATE;",
      ]),
      ["migrations/1_x.up.sql:1 note"]),
    Case("a way back", with(["migrations/1_x.down.sql": "UPDATE t SET b = 'x';"]), []),
    Case(
      "a backfill of a table that it makes",
      ["migrations/1_x.up.sql": "CREATE TABLE n (id int); UPDATE n SET id = 1;"], []),
    Case(
      "a backfill under ACCESS EXCLUSIVE",
      with(["migrations/1_x.up.sql": "ALTER TABLE t ADD c int; UPDATE t SET c = 1;"]), []),
    Case("seeds", with(["db/seeds.sql": "UPDATE t SET b = 'x';"]), ["db/seeds.sql:1 note"]),
    Case(
      "a key that both a migration and a schema define",
      [
        "migrations/1_x.up.sql": twice, "schema.sql": twice,
        "q.sql": "UPDATE k SET n = 1 WHERE a = $1 AND b = $2;",
      ], []),
    Case(
      "an index that names the schema of a table that does not",
      [
        "a.sql": "CREATE TABLE k (id int PRIMARY KEY, a int NOT NULL);",
        "b.sql": "CREATE UNIQUE INDEX k_a ON s.k (a);", "q.sql": "DELETE FROM k WHERE a = $1;",
      ], []),
    Case(
      "an identity column beside which the key has another",
      [
        "a.sql":
          "CREATE TABLE k (id bigint GENERATED ALWAYS AS IDENTITY, at date NOT NULL, n int, PRIMARY KEY (id, at));",
        "q.sql":
          "DELETE FROM k WHERE id = $1;\nSELECT 1 FROM k WHERE n = 1 ORDER BY id FOR UPDATE;",
      ], []),
    Case(
      "rows with the number of the transaction",
      [
        "a.sql": "CREATE TABLE k (id int PRIMARY KEY, xid bigint, n int);",
        "q.sql": "UPDATE k SET n = 1 WHERE xid = txid_current();",
      ], []),
    Case("shared locks alone", with(["q.sql": "SELECT * FROM t FOR SHARE;"]), ["q.sql:1 note"]),
    Case(
      "shared locks beside a writer of several rows",
      with(["q.sql": "SELECT * FROM t FOR SHARE;", "w.sql": "UPDATE t SET b = 'x';"]),
      ["q.sql:1 warning", "w.sql:1 warning"]),
    Case(
      "a plain insert of keys", with(["q.sql": "INSERT INTO t VALUES ($1, 1, 'x'), ($2, 1, 'x');"]),
      ["q.sql:1 note"]),
    Case(
      "an unsorted upsert of literals alone",
      with([
        "q.sql":
          "INSERT INTO t VALUES (2, 1, ''), (1, 1, ''), (3, 1, '') ON CONFLICT (id) DO NOTHING;"
      ]), ["q.sql:1 note"]),
    Case(
      "a parameter for a column of an unknown table",
      ["q.sql": "UPDATE x SET b = 1 WHERE email = $1;"], ["q.sql:1 note"]),
    Case(
      "a range of an unknown table", ["q.sql": "UPDATE x SET b = 1 WHERE day < $1;"],
      ["q.sql:1 warning"]),
    Case(
      "a temporary table",
      ["q.sql": "CREATE TEMP TABLE x (a int); UPDATE x SET a = 1; DROP TABLE x;"], []),
    Case(
      "rows that literals keep apart",
      with([
        "q.sql": "SELECT id FROM t WHERE a = 1 ORDER BY id FOR UPDATE;",
        "w.sql": "SELECT id FROM t WHERE a = 2 ORDER BY id DESC FOR UPDATE;",
      ]),
      []),
    Case(
      "opposite orders of the same rows",
      with([
        "q.sql": "SELECT id FROM t WHERE a = 1 ORDER BY id FOR UPDATE;",
        "w.sql": "SELECT id FROM t WHERE a = 1 ORDER BY id DESC FOR UPDATE;",
      ]),
      ["w.sql:1 warning"]),
    Case(
      "an order within a pinned column",
      with([
        "q.sql": "SELECT id FROM t WHERE a = $1 ORDER BY id FOR UPDATE;",
        "w.sql": "SELECT id FROM t ORDER BY a, id FOR UPDATE;",
      ]),
      []),
    Case(
      "an advisory lock taken first",
      with(["q.sql": "BEGIN; SELECT pg_advisory_xact_lock(1);\nUPDATE t SET b = 'x'; COMMIT;"]), []),
    Case(
      "an advisory lock that another statement does not take",
      with([
        "q.sql": "BEGIN; SELECT pg_advisory_xact_lock(1);\nUPDATE t SET b = 'x'; COMMIT;",
        "w.sql": "SELECT id FROM t ORDER BY id FOR UPDATE;",
      ]),
      ["q.sql:2 warning"]),
    Case(
      "a statement with two hazards has one finding",
      with([
        "q.sql":
          "WITH x AS (SELECT id FROM t WHERE a = 1 FOR UPDATE) DELETE FROM t WHERE b = 'x' AND EXISTS (SELECT FROM x);"
      ]), ["q.sql:1 warning"]),
  ]

  private static let twice =
    "CREATE TABLE k (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL, n int); CREATE UNIQUE INDEX k_ab ON k (a, b);"

  private static func findings(in files: [String: String]) throws -> [Finding] {
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let sources = files.sorted { $0.key < $1.key }
      .map { SourceFile(path: $0.key, bytes: Array($0.value.utf8)) }
    return RuleCatalog.linter(selection: selection, threads: 2).lint(sources).findings
  }

  @Test("A statement that changes what is sorted by is shown, whoever is met")
  func writer() throws {
    let files = Self.with([
      "q.sql": "SELECT id FROM t ORDER BY a, id FOR UPDATE;",
      "w.sql": "SELECT 1;\nUPDATE t SET a = 3 WHERE id = 1;",
    ])
    let findings = try Self.findings(in: files)
    #expect(findings.map(\.rule) == ["unstable-row-order"])
    let labels = findings[0].labels.map {
      "\($0.range.file.path):\($0.range.start.line) \($0.text)"
    }
    #expect(labels == ["w.sql:2 changes `a`"])
  }

  @Test("A finding is as severe as what was seen", arguments: cases)
  func severity(_ example: Case) throws {
    let findings = try Self.findings(in: example.files)
    let found = findings.map {
      "\($0.range.file.path):\($0.range.start.line) \($0.severity.rawValue)"
    }
    #expect(found == example.found)
    for finding in findings {
      // A migration shows whom it meets.
      let isAlone = finding.severity == .note && !finding.message.contains("can deadlock")
      #expect(finding.flows.isEmpty == isAlone, "\(finding.message)")
    }
  }
}
