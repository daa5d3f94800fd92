import CPgQuery
import Testing

@testable import PostgresSyntax

@Suite("The lexer beside PostgreSQL's")
struct LexerTests {
  @Test("there are texts to compare")
  func texts() {
    #expect(SQLTexts.pages.count > 20)
    #expect(SQLTexts.lexical.count { ScannedToken.scan($0) != nil } == SQLTexts.lexical.count)
  }

  @Test("comments are those of PostgreSQL's scanner", arguments: SQLTexts.all)
  func comments(_ text: String) {
    guard let tokens = ScannedToken.scan(text) else { return }
    let comments = Masker.mask(Array(text.utf8)).comments
    #expect(comments == tokens.filter(\.isComment).map { $0.start..<$0.end })
  }

  @Test("statements end where the grammar ends them", arguments: SQLTexts.all)
  func division(_ text: String) {
    guard let statements = Self.statements(text) else { return }
    #expect(Masker.mask(Array(text.utf8)).statements.map(\.range) == statements)
  }

  @Test("texts with special semicolons can be parsed", arguments: SQLTexts.divided)
  func divided(_ text: String) { #expect(Self.statements(text) != nil) }

  /// Where libpg_query finds statements; nil when it refuses the text.
  private static func statements(_ text: String) -> [Range<Int>]? {
    let result = pg_query_split_with_parser(text)
    defer { pg_query_free_split_result(result) }
    guard result.error == nil else { return nil }
    return (0..<Int(result.n_stmts)).compactMap { index in
      result.stmts[index].map { statement in
        let start = Int(statement.pointee.stmt_location)
        let length = Int(statement.pointee.stmt_len)
        return start..<(length == 0 ? text.utf8.count : start + length)
      }
    }
  }
}
