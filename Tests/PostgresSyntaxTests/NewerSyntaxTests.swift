import Diagnostics
import Testing

@testable import PostgresSyntax

/// What later versions of PostgreSQL have added, read by the grammar of 15.
@Suite("Newer syntax")
struct NewerSyntaxTests {
  private static func parse(_ text: String) -> ParsedFile {
    FileParser.parse(SourceFile(path: "a.sql", bytes: Array(text.utf8)))
  }

  @Test(
    "A statement with it is analysed",
    arguments: [
      "ALTER TABLE t ADD CONSTRAINT t_a NOT NULL a",
      "ALTER TABLE t ADD CONSTRAINT \"t A\" NOT NULL \"A\" NO INHERIT, ADD COLUMN b int",
      "ALTER TABLE t ADD CONSTRAINT t_a NOT NULL a NOT VALID",
      "CREATE TABLE t (a int, CONSTRAINT x NOT NULL a, CONSTRAINT y NOT NULL a)",
      "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL, c int)",
      "SELECT * FROM (SELECT 1 AS a )",
      "SELECT * FROM (\n  SELECT 1 AS a\n )\nWHERE a = 1",
      "SELECT * FROM (SELECT 1 AS a)  JOIN t ON true",
      "SELECT * FROM (SELECT 1 AS a -- x\n  ) -- y z\nWHERE a = 1",
      "SELECT * FROM (\n  SELECT 1 AS a\n)\n  WHERE a = 1",
      "SELECT (SELECT a FROM (SELECT 1 AS a ) )",
      "SELECT * FROM (SELECT 1 AS a)\nWHERE\n  a = 1",
      "SELECT a FROM (SELECT 1 AS a)\nGROUP BY\n    a",
    ])
  func reads(text: String) {
    let file = Self.parse(text + ";\nSELECT 2;")
    #expect(file.failures.map(\.message) == [])
    #expect(file.statements.map { file.source.text($0.range) } == [text, "SELECT 2"])
    MaskedCase(text).check()
  }

  @Test("MERGE is analysed without its RETURNING")
  func merge() {
    let text = "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE"
    let file = Self.parse(text + " RETURNING t.*, 'x\ny';\nSELECT 2;")
    #expect(file.failures.map(\.message) == [])
    #expect(file.statements.map { file.source.text($0.range) } == [text, "SELECT 2"])
  }

  @Test(
    "What 15 reads stays as it is",
    arguments: [
      "ALTER TABLE t ADD c int CONSTRAINT x NOT NULL DEFAULT 3",
      "CREATE TABLE t (a int CONSTRAINT x NOT NULL PRIMARY KEY, virtual int)",
      "SELECT * FROM (SELECT 1) a, (VALUES (1)) AS b (x), (SELECT 2) \"c\"",
      "SELECT * FROM (a JOIN b USING (x)), LATERAL (SELECT 1) q WHERE true",
      "UPDATE t SET a = 1 RETURNING a",
    ])
  func keeps(text: String) {
    #expect(Masker.mask(Array(text.utf8)).bytes == Array(text.utf8))
  }

  @Test("A constraint that says NOT NULL makes a column NOT NULL")
  func notNull() {
    let masked = Masker.mask(Array("ALTER TABLE t ADD CONSTRAINT t_a NOT NULL a, ADD b int".utf8))
    let text = String(decoding: masked.bytes, as: UTF8.self)
    #expect(text == "ALTER TABLE t ALTER a SET NOT          NULL, ADD b int")
  }

  @Test(
    "Names that an installer fills in are placeholders",
    arguments: [
      ("GRANT SELECT ON t TO $db_user_prefix$_queue", ["$db_user_prefix$_queue"]),
      ("CREATE TABLE @extschema@.t (a int)", ["@extschema@"]),
      (
        "ALTER TABLE \"{{ index .Options \"Schema\" }}\".t ADD a int",
        ["\"{{ index .Options \"Schema\" }}\""]
      ),
      ("SELECT 1 FROM t {{ if .All }} WHERE a = {{ .A }} {{- end }}", ["{{ .A }}"]),
    ])
  func templates(text: String, placeholders: [String]) {
    MaskedCase(text, placeholders).check()
  }

  @Test("They are in the bodies of routines, too")
  func bodies() {
    let file = Self.parse(
      "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE @extschema@.t SET a = 1; END $$;"
    )
    #expect(file.failures.isEmpty)
  }

  @Test("A body without a head is a transaction of its statements")
  func body() {
    let file = Self.parse(
      "begin\n  lock table t;\n  raise log 'x';\n  update t set a = 1;\n  perform f();\nend")
    #expect(
      file.statements.map { file.source.text($0.range) }
        == ["begin", "lock table t", "update t set a = 1", "perform f()", "end"])
    #expect(file.failures.isEmpty)
  }

  @Test("BEGIN without room for a semicolon is left out")
  func beginAtMargin() {
    let file = Self.parse("begin\ncreate table t (a int);\nend")
    #expect(
      file.statements.map { file.source.text($0.range) } == ["create table t (a int)", "end"])
    #expect(file.failures.isEmpty)
  }
}
