import Diagnostics
import Linting
import SQLLockRules
import Testing

/// Fixes are tried on the text of the statement before they are offered.
@Suite("Fixes that hold")
struct FixTrialTests {
  private func findings(_ text: String) throws -> [Finding] {
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    return RuleCatalog.linter(selection: selection, threads: 1)
      .lint([SourceFile(path: "q.sql", bytes: Array(text.utf8))]).findings
  }

  private static let table = "CREATE TABLE t (id int PRIMARY KEY, a int, b text);\n"

  private static func function(_ statement: String, quote: String = "$$") -> String {
    "CREATE FUNCTION f(x int) RETURNS void LANGUAGE plpgsql AS \(quote) DECLARE r record; BEGIN "
      + "\(statement); END \(quote);"
  }

  @Test(
    "A fix that takes the hazard away is offered",
    arguments: [
      "UPDATE t SET a = 1 WHERE a > $1;", "SELECT FROM t WHERE a > :a FOR UPDATE;",
      function("UPDATE t SET a = 1 WHERE a > x"),
      function("PERFORM a FROM t WHERE a > x FOR UPDATE"),
      function("DELETE FROM t WHERE a > x"),
    ])
  func offered(text: String) throws {
    let found = try findings(Self.table + text)
    #expect(found.count == 1)
    let fix = try #require(found.first?.fix)
    let fixed = fix.applied(to: SourceFile(path: "q.sql", bytes: Array((Self.table + text).utf8)))
    #expect(try findings(String(decoding: fixed, as: UTF8.self)).isEmpty)
  }

  @Test(
    "Without a definition nobody knows the key, and an edit of a string would break it",
    arguments: [
      "UPDATE unknown SET a = 1 WHERE a > $1;",
      table + "UPDATE t SET a = 1 WHERE a > $1 {% if b %} AND a < 5 {% endif %};",
      table + function("EXECUTE 'UPDATE t SET a = 1 WHERE a > 1'"),
      table + function("UPDATE t SET b = ''x'' WHERE b > ''y''", quote: "'"),
      table + "UPDATE t SET id = $2 WHERE a = 1;\nUPDATE t SET a = 1 WHERE a > $1;",
    ])
  func withheld(text: String) throws {
    let found = try findings(text)
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.fix == nil && $0.help != nil })
  }
}
