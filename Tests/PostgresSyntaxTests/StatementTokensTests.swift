import Diagnostics
import Testing

@testable import PostgresSyntax

@Suite("Locking clauses in the text")
struct StatementTokensTests {
  /// A statement in which `‹q›` marks a place inside the query, and `«…»` the clause looked for.
  struct Example: CustomTestStringConvertible, Sendable {
    let marked: String
    var position = 0
    var testDescription: String { marked }

    init(_ marked: String, position: Int = 0) {
      self.marked = marked
      self.position = position
    }
  }

  @Test(
    "a clause is found from its query",
    arguments: [
      Example("SELECT ‹q›a FROM t «FOR UPDATE»"),
      Example("SELECT ‹q›a FROM t «FOR NO KEY UPDATE OF t SKIP LOCKED» LIMIT 1"),
      Example("SELECT ‹q›a FROM t «for key share nowait»"),
      Example("SELECT ‹q›a FROM t LIMIT 1 «FOR SHARE»"),
      Example("SELECT ‹q›a FROM a, b «FOR UPDATE OF a, b NOWAIT»"),
      Example("SELECT ‹q›a FROM s.a, b «FOR UPDATE OF s.a, b» LIMIT 1"),
      Example("SELECT ‹q›a FROM \"A\", b «FOR UPDATE OF \"A\" , b SKIP LOCKED»"),
      Example("SELECT ‹q›a FROM a, b «FOR UPDATE OF a» FOR SHARE OF b"),
      Example("SELECT ‹q›a FROM a, b FOR UPDATE OF a «FOR SHARE OF b SKIP LOCKED»", position: 1),
      Example("SELECT ‹q›a FROM (SELECT b FROM u FOR SHARE) u «FOR UPDATE»"),
      Example("SELECT a FROM (SELECT ‹q›b FROM u «FOR SHARE») u FOR UPDATE"),
      Example("SELECT ‹q›a FROM t WHERE b IN (SELECT c FROM u FOR SHARE) «FOR UPDATE»"),
      Example("WITH c AS (SELECT ‹q›a FROM t «FOR UPDATE SKIP LOCKED») SELECT * FROM c FOR SHARE"),
      Example("WITH c AS (SELECT a FROM t FOR UPDATE) SELECT ‹q›* FROM c «FOR SHARE OF c»"),
      Example("(SELECT ‹q›a FROM t «FOR UPDATE») LIMIT 1"),
      Example("(SELECT ‹q›a FROM t) «FOR UPDATE» LIMIT 1"),
      Example("((SELECT ‹q›a FROM t) ORDER BY a) «FOR UPDATE»"),
      Example("INSERT INTO u (SELECT ‹q›a FROM t «FOR UPDATE»)"),
      Example("UPDATE t SET a = 1 WHERE b = (SELECT ‹q›c FROM u «FOR UPDATE» LIMIT 1)"),
      Example("SELECT ‹q›a FROM t\r\n  «FOR -- really\r\n  UPDATE /* of */ OF\r\n t»"),
      Example("SELECT ‹q›substring(a FOR 3), a FROM t «FOR UPDATE»"),
      Example("SELECT ‹q›substring(a FROM 1 FOR 3) FROM t"),
      Example("SELECT ‹q›overlay(a placing b from 1 for 2), 'FOR UPDATE' FROM t -- FOR UPDATE"),
      Example("SELECT ‹q›größe FROM größe «FOR UPDATE OF größe»"),
      Example("SELECT ‹q›a FROM t WHERE b = :b «FOR UPDATE»"),
    ])
  func lockingClause(_ example: Example) throws {
    let sql = example.marked
    let isClause = sql.contains("«")
    let expected = sql.drop { $0 != "«" }.dropFirst().prefix { $0 != "»" }
    let plain = ["«", "»"].reduce(sql) { $0.replacing($1, with: "") }
    let offset = plain[..<(try #require(plain.firstRange(of: "‹q›")).lowerBound)].utf8.count
    let file = parse(plain.replacing("‹q›", with: ""))
    #expect(file.failures.isEmpty)
    let statement = try #require(file.statements.first)
    let tokens = StatementTokens(statement, in: file)
    let clause = tokens.lockingClause(example.position, ofQueryAt: offset)
    #expect(
      clause.map { file.source.text(tokens.bytes($0)) } == (isClause ? String(expected) : nil))
  }

  @Test("parentheses are matched")
  func groups() throws {
    let file = parse("SELECT f(a, (b)), c")
    let tokens = StatementTokens(try #require(file.statements.first), in: file)
    #expect(
      tokens.tokens.indices.map { tokens.group(of: $0) } == [-1, -1, -1, 2, 2, 2, 5, 2, -1, -1, -1])
    #expect(tokens.end(ofGroup: 2) == 8 && tokens.end(ofGroup: 5) == 7)
    #expect(tokens.end(ofGroup: -1) == tokens.tokens.count)
  }

  @Test("a place between tokens is that of the next one")
  func index() throws {
    let file = parse("SELECT  a , b")
    let tokens = StatementTokens(try #require(file.statements.first), in: file)
    #expect([0, 5, 6, 8, 9, 12].map { tokens.index(at: $0) } == [0, 0, 1, 1, 2, 3])
    #expect(tokens.index(at: 13) == nil)
  }
}
