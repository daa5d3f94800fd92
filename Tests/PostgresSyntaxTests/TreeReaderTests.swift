import Testing

@testable import PostgresSyntax

@Suite("The tree reader")
struct TreeReaderTests {
  private static let texts =
    SQLTexts.all + [
      #"SELECT 'a"b\c', 'line\#nend', E'\t\r\b\f\x01', '<tag>', 'größe 数 🙂', U&'\0441'"#,
      "SELECT \"a\"\"b\", \"{}[],:\", '{\"A\": [1, {}]}', ''",
      "SELECT 0, -1, 2147483647, 2147483648, 1.50, 1e10, true, NULL, B'01', interval '1' day",
      "SELECT ARRAY[]::int[], ARRAY[[1, 2], [3]], ROW(), (1, 2), a.b.c, t.*, count(*) FROM a.b.c t",
      "CREATE TABLE t (a int PRIMARY KEY, b text COLLATE \"C\" DEFAULT 'x' CHECK (b <> ''),"
        + " FOREIGN KEY (a) REFERENCES u (b) ON DELETE CASCADE) PARTITION BY RANGE (a)",
      "CREATE TABLE p PARTITION OF t FOR VALUES FROM (MINVALUE) TO (10) WITH (fillfactor = 70)",
      "ALTER TABLE t ADD COLUMN c int, DROP COLUMN IF EXISTS d CASCADE, ALTER e TYPE text USING f",
      "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED AND u.b > 1 THEN UPDATE SET b = u.b"
        + " WHEN NOT MATCHED THEN INSERT (a) VALUES (u.a) WHEN MATCHED THEN DELETE",
      "WITH RECURSIVE a AS MATERIALIZED (SELECT 1 UNION ALL SELECT 2) SELECT * FROM a, LATERAL f(1)"
        + " WITH ORDINALITY x (y, z) WINDOW w AS (PARTITION BY a ORDER BY b NULLS LAST) LIMIT ALL",
      "CREATE TRIGGER r BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.a > 1) EXECUTE FUNCTION f(1)",
      "CREATE FUNCTION f(a int DEFAULT 1, OUT b text) RETURNS SETOF text LANGUAGE sql AS 'SELECT 1'",
      "GRANT SELECT (a) ON t TO PUBLIC; COMMENT ON TABLE t IS NULL; VACUUM (ANALYZE) t; DO 'x'",
      "SELECT FROM t TABLESAMPLE system (1) REPEATABLE (2), XMLTABLE('a' PASSING b COLUMNS c int)",
      "CREATE INDEX CONCURRENTLY i ON t USING gin (lower(a) text_ops DESC) INCLUDE (b) WHERE c",
    ]

  @Test("reads what Foundation reads", arguments: texts)
  func comparison(_ text: String) throws {
    let comparison = try TreeComparison(text)
    #expect(comparison?.difference == nil)
    if text.hasPrefix("SELECT"), comparison != nil { #expect((comparison?.values ?? 0) > 5) }
  }

  @Test("most texts can be compared")
  func comparable() throws {
    let count = try Self.texts.count { try TreeComparison($0) != nil }
    #expect(count > Self.texts.count * 9 / 10)
  }

  @Test("a hundred thousand terms are read and walked on a large stack")
  func deepTree() throws {
    let terms = 100_000
    let file = parse("SELECT 1" + String(repeating: " + a", count: terms) + "; SELECT 2")
    #expect(file.failures.isEmpty && file.statements.count == 2)
    let statement = try #require(file.statements.first)
    #expect(statement.node.descendants.count { $0.tag == .A_Expr } == terms)
    #expect(statement.node.descendants.count { $0.tag == .ColumnRef } == terms)
  }

  @Test("two hundred thousand items are one list")
  func wideTree() throws {
    let file = parse("SELECT a IN (1" + String(repeating: ",1", count: 199_999) + ")")
    let statement = try #require(file.statements.first)
    #expect(statement.node.descendants.count { $0.tag == .A_Const } == 200_000)
  }
}
