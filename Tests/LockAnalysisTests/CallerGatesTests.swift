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
    return try linted(text).map(\.message)
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

  /// The findings about a write behind a call of a function with a lock at its end.
  private func behind(_ body: String) throws -> [String] {
    let text = """
      CREATE TABLE big (id int PRIMARY KEY, a int);
      CREATE TABLE runs (id int);
      CREATE FUNCTION gate(x int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN \(body) LOCK TABLE runs; END $$;
      CREATE FUNCTION write() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        PERFORM gate(1); UPDATE big SET a = 1 WHERE a > 1; END $$;
      """
    return try linted(text).map(\.message)
  }

  @Test(
    "A lock that a function takes before it returns is a gate for its caller",
    arguments: [
      "", "IF x > 1 THEN RAISE EXCEPTION 'no'; END IF;",
      "BEGIN PERFORM 1; EXCEPTION WHEN OTHERS THEN RAISE; END;",
      "IF x > 1 THEN IF x > 2 THEN RAISE EXCEPTION 'no'; END IF; END IF;",
    ])
  func returned(body: String) throws {
    #expect(try behind(body) == [])
  }

  @Test(
    "One that some runs don't come to is none",
    arguments: [
      "IF x > 1 THEN RETURN; END IF;", "IF x > 1 THEN IF x > 2 THEN RETURN; END IF; END IF;",
      "BEGIN IF x > 2 THEN RETURN; END IF; END;",
      "FOR i IN 1 .. 3 LOOP IF x > i THEN RETURN; END IF; END LOOP;",
      "BEGIN PERFORM 1; EXCEPTION WHEN OTHERS THEN RETURN; END;",
    ])
  func skipped(body: String) throws {
    #expect(try behind(body).count == 1)
  }
}
