import Diagnostics
import Foundation
import Testing

@testable import PostgresSyntax

/// Parses a text on a thread with a large stack.
func parse(_ text: String) -> ParsedFile { parse(Array(text.utf8)) }

/// Parses bytes on a thread with a large stack.
func parse(_ bytes: [UInt8]) -> ParsedFile {
  let source = SourceFile(path: "test.sql", bytes: bytes)
  return LargeStack.run { FileParser.parse(source) }
}

/// SQL without placeholders, for comparing with libpg_query.
enum SQLTexts {
  /// The examples on the rules' pages.
  static let pages: [String] = {
    let rules = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("rules")
    let files = FileManager.default.enumerator(at: rules, includingPropertiesForKeys: nil)
    return (files?.compactMap { $0 as? URL } ?? [])
      .filter { $0.lastPathComponent == "README.md" }
      .sorted { $0.path < $1.path }
      .flatMap { blocks(in: (try? String(contentsOf: $0, encoding: .utf8)) ?? "") }
  }()

  private static func blocks(in page: String) -> [String] {
    var blocks: [String] = []
    var current: [Substring]?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if let lines = current {
        if line.hasPrefix("```") {
          blocks.append(lines.joined(separator: "\n"))
          current = nil
        } else {
          current = lines + [line]
        }
      } else if line.hasPrefix("```sql") {
        current = []
      }
    }
    return blocks
  }

  /// Text whose tokens are easily misread.
  static let lexical = [
    "", ";", ";;\n;", "-- only a comment", "/* only */", "SELECT 1;-- after",
    "SELECT 1 /* a /* nested */ comment */ + 2; /**/ SELECT 3 /***/;",
    "SELECT 1 /* a -- b */ -- c /* d\n + 2;", "SELECT 1 -- a\r\n + 2 -- b\r, 3;",
    "SELECT '-- no', '/* no', 'it''s -- no' -- yes", "SELECT 'a' -- between\n 'b';",
    "SELECT E'\\' -- no', E'\\\\' -- yes", "SELECT e'a\\'; /* no */ b'; SELECT 2",
    "SELECT '\\' -- yes", "SELECT U&'\\0441 -- no' /* yes */, U&\"d\\0061t -- no\"",
    "SELECT B'01' -- yes\n, X'1F' /* yes */, N'-- no'", "SELECT \"a -- \"\" no\" -- yes",
    "SELECT $$ -- no; /* $$ -- yes", "SELECT $a$ $$ -- no; $b$ $a$ /* yes */;",
    "SELECT $ä$ -- no $ä$ -- yes", "SELECT a$b$ -- yes\n FROM t$1 -- yes",
    "SELECT 1+-- yes\n2", "SELECT 1 +/* yes */ 2", "SELECT 1*/* yes */2", "SELECT a<-- yes\n b",
    "SELECT a @-- yes\n b", "SELECT a ||/* yes */|| b", "SELECT 3 - -2, 3 --2\n",
    "SELECT 1e-5, 1.5E+10, 1., .5, 1.e3 -- yes", "SELECT a[1-- yes\n:2] FROM t",
    "SELECT größe, 数量 FROM таблица -- ja, größe", "SELECT 'ü' -- ü\n, \"ü\" /* ü */ -- ü",
    "SELECT $1-- yes\n", "SELECT $1 /* a */ + $2", "SELECT a#>'{a}' -- yes", "SELECT a ^ b ! c",
    "SELECT a -> 'b' -- yes\n ->> 'c'", "SELECT 1\u{0C}-- after a form feed\n;",
    "SELECT (/* in */ 1) -- out", "SELECT a::/* yes */text, b:=-- yes\n 2",
    "SELECT 1..2 -- yes", "SELECT $1$$ -- no$$",
    "SELECT a$$b$$ -- yes", "SELECT 1$$ -- no$$ -- yes", "SELECT a +-/* yes */ b",
    "SELECT a <!-- yes",
    "SELECT 'a'/* yes */'b'", "SELECT x'1F'-- yes", "SELECT U&'!0441' UESCAPE '!'-- yes",
    "SELECT e -- 'yes\n, b, x, n, u -- 'yes", "SELECT u&1 -- 'yes'", "SELECT u& \"a -- no\" -- yes",
    "SELECT 'a\n-- no\n' -- yes", "SELECT '{' -- yes", "SELECT a\u{A0}-- yes",
    "SELECT n'-- no'-- yes",
    "SELECT 'a;b', \"a;b\", $$a;b$$, E'a\\';b' /* ; */ -- ;\n; SELECT 2",
  ]

  /// Text whose semicolons are easily misread.
  static let divided = [
    "BEGIN; UPDATE t SET a = 1; COMMIT", "BEGIN;; SELECT 1;\n;\nEND;",
    """
    CREATE FUNCTION f() RETURNS int BEGIN ATOMIC
      SELECT 1; SELECT CASE WHEN true THEN 1 ELSE 2 END; SELECT (CASE 1 WHEN 2 THEN 3 END);
    END; SELECT 2;
    """,
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC; END; SELECT 2;",
    "CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); DELETE FROM t; END; SELECT 1",
    "CREATE OR REPLACE FUNCTION f(begin int) RETURNS int BEGIN ATOMIC SELECT 1; END; SELECT 1",
    "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v); SELECT 1;",
    "CREATE OR REPLACE RULE r AS ON DELETE TO t DO INSTEAD (SELECT 1; SELECT 2;); SELECT 1;",
    "CREATE RULE r AS ON INSERT TO t DO NOTHING; SELECT 1;",
    "SELECT CASE WHEN a THEN 1 END AS atomic FROM t; SELECT 2",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN CASE WHEN true THEN 1 END; SELECT 1",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELECT 2; $$; SELECT 3;",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS end; SELECT 2 AS case; END; SELECT 3",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT t.end, t.case FROM t; END; SELECT 3",
    "CREATE FUNCTION f() RETURNS int BEGIN /* ; */ ATOMIC SELECT 1; END; SELECT 3",
    "CREATE RULE r AS ON UPDATE TO t DO (UPDATE u SET a = (SELECT 1); SELECT (2)); SELECT 3",
    "CREATE TABLE \"a;b\" (c text DEFAULT ';'); SELECT 1",
    "SELECT atomic FROM begin_atomic; SELECT 1",
    "CREATE TABLE rule (a int); INSERT INTO rule VALUES (1); SELECT 1;",
  ]

  static let all = pages + lexical + divided
}
