import Diagnostics
import Linting
import SQLLockRules
import Testing

/// What becomes of a deadlock that PL/pgSQL catches in a loop.
@Suite("Retries in PL/pgSQL")
struct RetryTests {
  private func messages(_ body: String) throws -> [String] {
    let text = """
      CREATE TABLE job (id int PRIMARY KEY, a int);
      CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ DECLARE j job; BEGIN
      \(body) END $$;
      """
    let selection = try Selection(
      select: ["swallowed-deadlock"], ignore: [], rules: RuleCatalog.descriptions)
    return RuleCatalog.linter(selection: selection, threads: 1)
      .lint([SourceFile(path: "q.sql", bytes: Array(text.utf8))]).findings.map(\.message)
  }

  private static let block =
    "BEGIN UPDATE job SET a = a + 1 WHERE id = j.id; EXCEPTION WHEN OTHERS THEN NULL; END;"

  @Test("A loop that takes another row each time does not try again")
  func turns() throws {
    let take = "DELETE FROM job WHERE id = (SELECT min(id) FROM job) RETURNING * INTO j;"
    let found = try messages("LOOP \(take) EXIT WHEN NOT FOUND; \(Self.block) COMMIT; END LOOP;")
    #expect(found.count == 1)
    #expect(found[0].contains("drops it"))
  }

  @Test("One that does the same again tries again")
  func attempts() throws {
    let found = try messages("UPDATE job SET a = 0 WHERE id = 1; LOOP \(Self.block) END LOOP;")
    #expect(found.count == 1)
    #expect(found[0].contains("tries again"))
  }
}
