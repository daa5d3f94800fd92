import Testing

@testable import PostgresSyntax

@Suite("Variables in routine bodies")
struct RoutineVariableTests {
  /// The references to variables in the statements of a file's routines, `[]` for arrays.
  private func variables(_ text: String) -> [String] {
    let file = parse(text)
    #expect(file.failures.isEmpty)
    return file.statements.compactMap(\.routine).flatMap { routine in
      let statements = routine.statements ?? routine.block?.queries.compactMap(\.statement) ?? []
      return statements.flatMap(references)
    }
  }

  private func references(_ statement: Statement) -> [String] {
    statement.node.descendants.filter { $0.tag == .ColumnRef }
      .sorted { ($0.location ?? 0) < ($1.location ?? 0) }
      .compactMap { node in
        guard case .parameter(let isList) = Expression(node) else { return nil }
        return CanonicalExpression.text(node) + (isList ? "[]" : "")
      }
  }

  private func body(_ text: String, head: String = "()", returns: String = "void") -> String {
    "CREATE FUNCTION f\(head) RETURNS \(returns) LANGUAGE plpgsql AS $$ \(text) $$;"
  }

  @Test("declared variables and parameters are variables")
  func declared() {
    let text = body(
      """
      DECLARE a int; "B c" text; d int[]; r record; s accounts; e ALIAS FOR p;
      BEGIN UPDATE t SET a = a, x = "B c" WHERE y = ANY (d) AND r.id = s.id AND p = q AND e = 1;
      SELECT r.*, b, R . id, f.p, found FROM u; END
      """, head: "(p int, VARIADIC q int[], OUT o int)")
    #expect(
      variables(text)
        == ["a", "B c", "d[]", "r.id", "s.id", "p", "q[]", "p", "r.*", "r.id", "p", "found"])
  }

  @Test("the variables of a trigger are variables there only")
  func trigger() {
    let text = "BEGIN UPDATE t SET a = NEW.a WHERE id = old.id AND b = TG_OP; END"
    #expect(variables(body(text, returns: "trigger")) == ["new.a", "old.id", "tg_op"])
    #expect(variables(body(text)) == [])
  }

  @Test("a variable is seen in its block and loop only")
  func scopes() {
    let text = body(
      """
      <<o>> DECLARE a int; BEGIN
      DECLARE b int; BEGIN SELECT a, b, o.a; END; SELECT b;
      FOR i IN 1..2 LOOP SELECT i; END LOOP; SELECT i;
      <<l>> FOR r IN SELECT 1 LOOP SELECT r.x, l.r.x; END LOOP; SELECT r.x;
      FOREACH e IN ARRAY g(1) LOOP SELECT e; END LOOP; SELECT e;
      SELECT sqlerrm; EXCEPTION WHEN others THEN SELECT sqlerrm, sqlstate; END
      """)
    #expect(
      variables(text)
        == ["a", "b", "a", "i", "r.x", "r.x", "e", "sqlerrm", "sqlstate"])
  }

  @Test("a table's column and an output column are no variables")
  func columns() {
    let text = body(
      """
      DECLARE id int; a int; t kind; r record; BEGIN
      SELECT u.id, t.a, count(*) AS a FROM t, u GROUP BY a ORDER BY id, a;
      INSERT INTO t (id, a) VALUES (id, a) ON CONFLICT (id) DO UPDATE SET a = excluded.a;
      SELECT 1 FROM id ORDER BY a; END
      """)
    #expect(variables(text) == ["id", "a", "a"])
  }

  @Test("the arguments of a cursor are variables of its query")
  func cursors() {
    let text = body(
      "DECLARE c CURSOR (k int) FOR SELECT 1 FROM t WHERE x = k; BEGIN SELECT k; END")
    #expect(variables(text) == ["k"])
  }

  @Test("in SQL, and where the body asks for it, columns win")
  func columnsWin() {
    let statement = "UPDATE t SET a = a, b = x WHERE id = id AND c = p_c AND d = f.id AND e = e2;"
    let head = "(id int, a int, p_c int, x int, e2 text)"
    let wanted = ["x", "p_c", "id", "e2"]
    let sql = "CREATE FUNCTION f\(head) RETURNS void LANGUAGE sql"
    #expect(variables("\(sql) AS $$ \(statement) $$") == wanted)
    #expect(variables("\(sql) BEGIN ATOMIC \(statement) END") == wanted)
    #expect(variables("\(sql) RETURN a + 1") == ["a"])
    let procedural = "#variable_conflict use_column\nBEGIN \(statement) END"
    #expect(variables(body(procedural, head: head)) == wanted)
  }

  @Test("conditions on different variables differ")
  func structure() {
    let text = body(
      "BEGIN SELECT id = new.id, id = old.id, id = new.id, t.id = id FROM t; END",
      returns: "trigger")
    let file = parse(text)
    let query = file.statements.first?.routine?.block?.queries.first?.statement
    let texts = query.map { SelectStatement(node: $0.node).targets.compactMap(\.value) } ?? []
    let written = texts.map(CanonicalExpression.text)
    #expect(written.count == 4 && written[0] == written[2])
    #expect(Set(written).count == 3)
  }
}
