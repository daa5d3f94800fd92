import Diagnostics
import Testing

@testable import PostgresSyntax

@Suite("Routine bodies against libpg_query's reader")
struct RoutineOracleTests {
  /// Names that bodies of the tests use; without declarations libpg_query refuses them.
  private static let declarations = "abcdefghijklmnopqrstuvwxyz".map { "\($0) int;" }.joined()

  /// Bodies that libpg_query can read, apart from those that show the structure.
  private static let more = [
    "EXECUTE 'a' INTO STRICT x USING 1, 2; EXECUTE 'b' USING f(1) INTO y, z;",
    "EXECUTE format('%I', t);",
    "RAISE; RAISE 'x % %', a, f(b); RAISE NOTICE 'x'; RAISE SQLSTATE '22012';",
    "RAISE EXCEPTION 'x '\n  '%', a; RAISE NOTICE 'x'\n'y';",
    "RAISE EXCEPTION USING ERRCODE = '23505', MESSAGE = 'a' || f(b);",
    "RAISE division_by_zero; RAISE WARNING 'a %', b USING HINT = 'c', DETAIL := x;",
    "BEGIN a := 1; EXCEPTION WHEN deadlock_detected OR SQLSTATE '40001' THEN b := 2; RAISE; END;",
    "x := a FROM t WHERE id = 1; y := ARRAY(SELECT 1); n := -1; m =-1; \"b\" := 2;",
    "<<l>> BEGIN <<m>> FOR i IN 1..f(2) LOOP CONTINUE m WHEN i > 1; END LOOP m; END l;",
    "SELECT a, b INTO STRICT x, y FROM t; SELECT a FROM t WHERE b INTO q; SELECT INTO z count(*);",
    "IF a THEN IF b THEN NULL; ELSE c := 1; END IF; ELSIF d THEN WHILE e LOOP f := 2; END LOOP; END IF;",
    "DECLARE c CURSOR FOR SELECT 1; BEGIN a := 1; END;",
    "CASE a WHEN 1 THEN CASE WHEN b THEN c := 1; END CASE; ELSE d := 2; END CASE;",
    "a := (SELECT CASE WHEN b THEN 1 ELSE 2 END); PERFORM f(CASE a WHEN 1 THEN 2 END);",
    "FOR a IN EXECUTE 'x' || b USING f(c), d LOOP EXIT WHEN a = 1; END LOOP;",
    "FOR a, b IN INSERT INTO t VALUES (1) RETURNING x, y LOOP NULL; END LOOP;",
    "FOR a IN (SELECT (x)..y FROM t) LOOP NULL; END LOOP;",
    "LOOP EXIT; END LOOP; COMMIT; ROLLBACK AND CHAIN; SAVEPOINT_ := 1;",
    "a := 'x;y'; b := $q$;$q$; c := E'\\';'; d := \"e\"; /* ; */ e := 1 -- ;\n;",
    "INSERT INTO t SELECT 1; INSERT INTO t (a) VALUES (b) ON CONFLICT DO NOTHING RETURNING c INTO d;",
    "EXPLAIN SELECT 1; LISTEN x; NOTIFY x, 'y'; COPY t TO '/x'; REFRESH MATERIALIZED VIEW v;",
    "SET x = 1; RESET x; ALTER TABLE t ADD a int; CREATE INDEX i ON t (a); DROP TABLE t;",
  ]

  private func ours(_ text: String) -> [String] {
    let file = parse(text)
    guard let block = file.statements.first?.routine?.block else { return [] }
    return PLOutline.of(block, in: file.source.bytes)
  }

  /// An empty RETURN at the end, which libpg_query adds.
  private func withoutReturn(_ outline: [String]) -> [String] {
    outline.suffix(3) == ["return(", ")", ")"] ? outline.dropLast(3) + [")"] : outline
  }

  @Test("both read the same statements with the same SQL")
  func outlines() {
    var count = 0
    for body in RoutineCases.all.map(\.body) + Self.more {
      let text = "DO $x$ DECLARE \(Self.declarations) BEGIN \(body); END $x$"
        .replacing(";;", with: ";")
      guard let expected = PLOracle.outline(text) else { continue }
      count += 1
      #expect(withoutReturn(ours(text)) == withoutReturn(expected), "\(body)")
    }
    #expect(count >= 40, "libpg_query reads \(count) bodies")
  }

  @Test("both read a function that returns rows alike")
  func returns() throws {
    let body =
      "BEGIN RETURN QUERY SELECT 1; RETURN QUERY EXECUTE 'x' USING a, f(b); RETURN NEXT 1 + a; END"
    let text = "CREATE FUNCTION f(a int, b int) RETURNS SETOF int LANGUAGE plpgsql AS $x$\(body)$x$"
    let expected = try #require(PLOracle.outline(text))
    #expect(withoutReturn(ours(text)) == withoutReturn(expected))
  }
}
