import Diagnostics
import Testing

@testable import PostgresSyntax

@Suite("Routine bodies that are broken or enormous")
struct RoutineRobustnessTests {
  private static let body = """
    <<a>> DECLARE x int := f(1); c CURSOR (k int) FOR SELECT 1; y ALIAS FOR $1; BEGIN
    IF a THEN x := 1; ELSIF b THEN NULL; ELSE CASE x WHEN 1, 2 THEN NULL; ELSE NULL; END CASE;
    END IF; FOR i IN 1..2 BY 3 LOOP EXIT a WHEN x; END LOOP a; FOREACH z SLICE 1 IN ARRAY q LOOP
    RAISE NOTICE 'x', 1 USING HINT = ''; END LOOP; EXECUTE 'a' INTO STRICT b USING c; OPEN c(k := 1);
    FETCH c INTO x, y; SELECT a INTO b.c FROM d; RETURN QUERY EXECUTE 'x' USING 1; EXCEPTION
    WHEN others OR SQLSTATE '12345' THEN COMMIT AND NO CHAIN; END a;
    """

  private func statementCounts(_ texts: [[UInt8]]) -> [Int] {
    LargeStack.map(count: texts.count, threads: 2) {
      FileParser.parse(SourceFile(path: "test.sql", bytes: texts[$0])).statements.count
    }
  }

  @Test("a body that is cut off anywhere is read to its end")
  func truncated() {
    let body = Array(Self.body.utf8)
    let counts = statementCounts(
      (0...body.count).map {
        Array("DO $body$".utf8) + body.prefix($0) + Array("$body$; SELECT 1".utf8)
      })
    #expect(counts.allSatisfy { $0 == 2 })
    #expect(parse("DO $body$\(Self.body)$body$").failures.isEmpty)
  }

  @Test("a body that begins anywhere is read to its end")
  func beheaded() {
    let body = Array(Self.body.utf8)
    let counts = statementCounts(
      (0...body.count).map {
        Array("DO $body$BEGIN ".utf8) + body.dropFirst($0) + Array("$body$; SELECT 1".utf8)
      })
    #expect(counts.allSatisfy { $0 == 2 })
  }

  @Test("parentheses can nest as deeply as the grammar takes them", arguments: [5_000, 10_000])
  func parentheses(_ depth: Int) {
    let nested = String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
    let file = parse("DO $$ BEGIN x := \(nested); PERFORM 1; END $$")
    #expect(file.failures.map(\.message) == (depth < 10_000 ? [] : ["memory exhausted"]))
    #expect(file.statements.first?.routine?.block?.statements.count == 2)
  }

  @Test(
    "statements that nest too deeply are not understood",
    arguments: [
      ("BEGIN ", "END; "), ("IF a THEN ", "END IF; "), ("LOOP ", "END LOOP; "),
      ("CASE WHEN a THEN ", "END CASE; "),
    ])
  func statements(_ opening: String, _ closing: String) {
    let text =
      "BEGIN " + String(repeating: opening, count: 2_000) + "NULL; "
      + String(repeating: closing, count: 2_000) + "END"
    let file = parse("DO $$ \(text) $$; SELECT 1")
    #expect(file.statements.count == 2)
    let block = file.statements.first?.routine?.block
    #expect(
      block?.all.contains { if case .unknown = $0.kind { true } else { false } } == true)
  }

  @Test("bodies in bodies are read, but not without end")
  func bodies() {
    var text = "SELECT 1;"
    for level in 0..<40 { text = "DO $q\(level)$ BEGIN \(text) END $q\(level)$;" }
    #expect(parse(text).failures.isEmpty)
  }
}
