import Diagnostics
import Linting
import SQLLockRules
import Testing

/// What a table's key is called in help where its definition is not given.
@Suite("Keys of tables that are not defined")
struct KeyNameTests {
  private func help(_ schema: String) throws -> String {
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let text = schema + "DELETE FROM orders WHERE created < $1;"
    let found = RuleCatalog.linter(selection: selection, threads: 1)
      .lint([SourceFile(path: "q.sql", bytes: Array(text.utf8))]).findings
    return try #require(found.first?.help)
  }

  @Test("It is `id` unless the keys of other tables have other names")
  func names() throws {
    #expect(try help("").contains("ORDER BY id"))
    #expect(try help("CREATE TABLE users (id int PRIMARY KEY);").contains("ORDER BY id"))
    let other = try help("CREATE TABLE users (user_id int PRIMARY KEY);")
    #expect(!other.contains("ORDER BY") && other.contains("`orders` is not given"))
  }
}
