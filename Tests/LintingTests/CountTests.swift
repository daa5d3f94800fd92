import Diagnostics
import Linting
import SQLLockRules
import Testing

/// What a run says that it has looked at.
@Suite("Counts")
struct CountTests {
  @Test(
    "Statements of the files are counted, transactions have no holes",
    arguments: [
      ("q.sql", "PREPARE p AS UPDATE a SET b = 1;\nDO $$ BEGIN UPDATE a SET b = 1; END $$;", 2, 3),
      ("q.sql", "DO $$ BEGIN UPDATE a SET b = 1; SELEC 1; END $$;\nSELEC 2;", 2, 1),
      ("q.sql", "BEGIN; SELECT 1; COMMIT; SELECT 2; BEGIN; SELECT 3; COMMIT;", 7, 3),
      (
        "1_x.sql",
        """
        -- migrate:up
        BEGIN; UPDATE a SET b = 1; COMMIT;
        -- migrate:down
        BEGIN; UPDATE a SET b = 2; COMMIT;
        """, 6, 2
      ),
      ("1_x.sql", "-- migrate:up\nSELECT 1;\nSELECT 2;\n-- migrate:down\nSELECT 3;", 3, 2),
    ])
  func counts(path: String, text: String, statements: Int, transactions: Int) throws {
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let result = RuleCatalog.linter(selection: selection, threads: 1)
      .lint([SourceFile(path: path, bytes: Array(text.utf8))])
    #expect(result.statements == statements)
    #expect(result.transactions == transactions)
  }
}
