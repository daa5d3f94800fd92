import Diagnostics
import Linting
import LockAnalysis
import PostgresSyntax
import PostgresTesting
import Testing

/// Names as fixes write them, held to the keywords of the server and to the grammar.
@Suite(
  "Quoted names", .enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct QuotedNameTests {
  /// All keywords with the letter of their class in `pg_get_keywords`.
  private static func keywords() async throws -> [(word: String, kind: String)] {
    try await PostgresServer.shared().withDatabase { database in
      try database.connect().execute("SELECT word, catcode FROM pg_get_keywords() ORDER BY 1")
        .compactMap { row in row[0].flatMap { word in row[1].map { (word, $0) } } }
    }
  }

  @Test("A keyword that can't name a column has quotes")
  func reserved() async throws {
    let keywords = try await Self.keywords().filter { $0.kind == "R" || $0.kind == "T" }
    #expect(keywords.count > 90)
    #expect(keywords.map(\.word).filter { !StatementText.quoted($0).hasPrefix("\"") } == [])
  }

  @Test("What fixes write parses, whatever a column is called")
  func parses() async throws {
    for (word, _) in try await Self.keywords() {
      let name = StatementText.quoted(word)
      let text = """
        SELECT * FROM t WHERE \(name) = 1 ORDER BY \(name), t.\(name) FOR UPDATE;
        UPDATE t SET a = 1 WHERE (\(name), b) IN (SELECT \(name), b FROM t ORDER BY \(name), b);
        """
      let source = SourceFile(path: "\(word).sql", bytes: Array(text.utf8))
      #expect(FileReader.parse([source], threads: 1)[0].failures.map(\.message) == [], "\(word)")
    }
  }
}
