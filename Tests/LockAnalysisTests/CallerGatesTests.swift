import Diagnostics
import Linting
import SQLLockRules
import Testing

/// What everybody who calls a function has locked before.
@Suite("Gates of callers")
struct CallerGatesTests {
  /// The findings about the function that writes, with what its callers do before.
  private func messages(_ callers: [String]) throws -> [String] {
    let text =
      """
      CREATE TABLE big (id int PRIMARY KEY, a int);
      CREATE TABLE runs (id int);
      CREATE FUNCTION write() RETURNS void LANGUAGE sql AS $$ UPDATE big SET a = 1 WHERE a > 1 $$;

      """
      + callers.enumerated().map { number, before in
        """
        CREATE FUNCTION caller\(number)() RETURNS void LANGUAGE plpgsql AS $$
        BEGIN \(before) PERFORM write(); END $$;

        """
      }.joined()
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    return RuleCatalog.linter(selection: selection, threads: 1)
      .lint([SourceFile(path: "q.sql", bytes: Array(text.utf8))]).findings.map(\.message)
  }

  @Test(
    "A lock that all of them take lets one in at a time",
    arguments: [
      ["ANALYZE runs;"], ["LOCK TABLE runs;", "ANALYZE runs;"],
      ["PERFORM pg_advisory_xact_lock(7);", "PERFORM pg_advisory_xact_lock(7);"],
    ])
  func gate(callers: [String]) throws {
    #expect(try messages(callers) == [])
  }

  @Test(
    "It does not when one of them has none, or another one, or not always, or only for itself",
    arguments: [
      ["ANALYZE runs;", ""], ["ANALYZE runs;", "PERFORM pg_advisory_xact_lock(7);"],
      ["PERFORM pg_advisory_xact_lock(7);", "PERFORM pg_advisory_xact_lock(8);"],
      ["IF now() > '2026-01-01' THEN ANALYZE runs; END IF;"],
      ["CREATE TEMP TABLE mine (id int); ANALYZE mine;"], ["LOCK TABLE runs IN SHARE MODE;"],
    ])
  func open(callers: [String]) throws {
    #expect(try messages(callers).contains { $0.hasSuffix("two calls of `write()` can deadlock") })
  }
}
