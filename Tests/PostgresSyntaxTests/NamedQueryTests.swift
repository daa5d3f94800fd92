import Diagnostics
import Testing

@testable import PostgresSyntax

@Suite("Named queries")
struct NamedQueryTests {
  private func texts(_ text: String) -> [String] {
    let file = FileParser.parse(SourceFile(path: "q.sql", bytes: Array(text.utf8)))
    return file.statements.map { file.source.text($0.range) }
      + file.failures.map { "! \(file.source.text($0.statement))" }
  }

  @Test("a comment that names a query ends the one before it")
  func withoutSemicolons() {
    let text = """
      -- name: delete-old!
      DELETE FROM jobs WHERE created_at < :before

      -- name: update-all!
      -- Update them; all.
      UPDATE jobs SET state = 'x' WHERE state = :state
      -- name: get-one^
      SELECT * FROM jobs WHERE id = :id;
      -- name: last
      SELECT 1
      """
    #expect(
      texts(text) == [
        "DELETE FROM jobs WHERE created_at < :before",
        "UPDATE jobs SET state = 'x' WHERE state = :state",
        "SELECT * FROM jobs WHERE id = :id", "SELECT 1",
      ])
  }

  @Test("names of HugSQL's parameters have hyphens, differences elsewhere stay")
  func hyphens() {
    func placeholders(_ text: String) -> [String] {
      FileParser.parse(SourceFile(path: "q.sql", bytes: Array(text.utf8))).placeholders.map(\.text)
    }
    #expect(
      placeholders("-- :name a\nUPDATE t SET n = n-1 WHERE id = :user-id AND m = :m - 1")
        == [":user-id", ":m"])
    #expect(placeholders("UPDATE t SET n = :a-b") == [":a"])
  }
}
