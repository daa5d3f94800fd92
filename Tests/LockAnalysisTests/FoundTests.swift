import Diagnostics
import Linting
import Testing

/// What a statement has locked where PL/pgSQL asks whether it found anything.
@Suite("FOUND")
struct FoundTests {
  /// The rules of what is found in a function, beside one that locks `a`, then `c`.
  private func rules(_ body: String) throws -> [String] {
    try linted(
      """
      CREATE TABLE a (id int PRIMARY KEY, n int);
      CREATE TABLE c (id int PRIMARY KEY, n int);
      CREATE TABLE child (id int PRIMARY KEY, c int REFERENCES c);
      CREATE FUNCTION forth(x int, y int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        UPDATE a SET n = 1 WHERE id = x;
        DELETE FROM c WHERE id = y;
      END $$;
      CREATE FUNCTION back(x int, y int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        \(body)
      END $$;
      CREATE FUNCTION caller(x int, y int) RETURNS void LANGUAGE sql AS 'SELECT back(x, y)';
      """
    ).map(\.rule)
  }

  private static let first = "UPDATE c SET n = 2 WHERE id = y;"
  private static let second = "UPDATE a SET n = 2 WHERE id = x;"

  @Test(
    "What finds no row locks none",
    arguments: [
      "PERFORM 1 FROM c WHERE id = y FOR UPDATE; IF FOUND THEN RETURN; END IF; \(second)",
      "\(first) IF NOT FOUND THEN \(second) END IF;",
      "\(first) IF NOT FOUND AND x > 1 THEN \(second) END IF;",
      "\(first) IF (NOT found) THEN \(second) END IF;",
      "\(first) IF FOUND THEN NULL; ELSE \(second) END IF;",
      "\(first) IF FOUND THEN NULL; ELSIF x = 1 THEN \(second) END IF;",
      "DELETE FROM c WHERE n = y; IF NOT FOUND THEN \(second) END IF;",
      "UPDATE child SET c = y WHERE id = x; IF NOT FOUND THEN \(second) END IF;",
      "INSERT INTO child VALUES (x, y) ON CONFLICT DO NOTHING; IF NOT FOUND THEN \(second) END IF;",
    ])
  func absent(body: String) throws {
    #expect(try !rules(body).contains { $0.hasSuffix("-inversion") })
  }

  @Test(
    "What may have found one has locked it",
    arguments: [
      "\(first) IF FOUND THEN \(second) END IF;",
      "UPDATE child SET c = y WHERE id = x; IF FOUND THEN \(second) END IF;",
      "\(first) IF NOT FOUND OR x > 1 THEN \(second) END IF;",
      "\(first) IF NOT FOUND THEN NULL; END IF; \(second)",
      "\(first) IF NOT FOUND THEN NULL; ELSE \(second) END IF;",
      "\(first) IF FOUND AND x > 1 THEN NULL; ELSE \(second) END IF;",
      "\(first) PERFORM 1; IF NOT FOUND THEN \(second) END IF;",
      "\(first) FOR i IN 1..0 LOOP NULL; END LOOP; IF NOT FOUND THEN \(second) END IF;",
      "\(first) IF x > 1 THEN PERFORM 1; END IF; IF NOT FOUND THEN \(second) END IF;",
      "LOCK TABLE c; IF NOT FOUND THEN LOCK TABLE a; END IF;",
    ])
  func present(body: String) throws {
    #expect(try rules(body).contains { $0.hasSuffix("-inversion") })
  }
}
