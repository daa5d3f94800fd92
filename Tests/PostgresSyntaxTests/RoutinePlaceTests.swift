import Diagnostics
import Testing

@testable import PostgresSyntax

@Suite("Places in routine bodies")
struct RoutinePlaceTests {
  private func queries(_ file: ParsedFile) -> [PLQuery] {
    file.statements.flatMap { $0.routine?.block?.queries ?? [] }
  }

  /// Every node that has a place and a name of its own stands where the name is.
  private func namesStandInPlace(_ statement: Statement, in file: ParsedFile) -> Bool {
    let text = file.source.bytes
    return statement.node.descendants.allSatisfy { node in
      guard let location = node.location else { return true }
      let name: String? =
        switch node.tag {
        case .RangeVar: node.string(.schemaname) ?? node.string(.relname)
        case .ColumnRef: node.list(.fields).first?.string(.sval)
        default: nil
        }
      guard let name else { return true }
      let rest = text[location...].drop { $0 == UInt8(ascii: "\"") }.prefix(name.utf8.count)
      return String(decoding: rest, as: UTF8.self).lowercased() == name.lowercased()
    }
  }

  private func check(_ file: ParsedFile) {
    #expect(!queries(file).isEmpty)
    for query in queries(file) {
      if let statement = query.statement {
        #expect(statement.range == query.range)
        #expect(namesStandInPlace(statement, in: file), "\(query.text)")
      }
    }
  }

  @Test("texts and nodes are where they stand in the file", arguments: RoutineCases.all)
  func places(_ example: RoutineCases.Case) {
    for head in ["", "-- größe 数量 🙂\nSELECT 1;\r\n"] {
      for ending in ["\n", "\r\n"] {
        let body = example.body.replacing("\n", with: ending)
        let file = parse("\(head)DO $body$\(ending)\(body)\(ending)$body$;")
        for query in queries(file) {
          #expect(file.source.text(query.range) == query.text)
        }
        if !queries(file).isEmpty { check(file) }
      }
    }
  }

  @Test("a body between quotes has the places of the file")
  func quotedBody() {
    let file = parse(
      """
      DO '-- don''t
      BEGIN UPDATE t SET a = ''x'', b = E''\\n'', c = ''it''''s'' WHERE t.d = '''';
      IF e = ''y'' THEN PERFORM f(g); END IF; END';
      DO 'BEGIN DELETE FROM u WHERE h = ''z''; END';
      """)
    check(file)
    #expect(file.failures.isEmpty)
    let expected = ["UPDATE", "e = ''", "PERFOR", "DELETE"]
    #expect(queries(file).map { String($0.text.prefix(6)) } == expected)
  }

  @Test("what a tool fills in before the file runs can stand in a body")
  func placeholders() {
    let file = parse(
      """
      CREATE FUNCTION :s.f() RETURNS :s.t AS $$ DECLARE v :s.t; w ${t}%ROWTYPE; BEGIN
      UPDATE :s.jobs SET a = b[1:2] WHERE c = {{ d }} AND j ? 'x' AND e = f::int RETURNING * INTO v;
      SELECT ARRAY[1]:::s.q; v := w; RETURN v; END $$ LANGUAGE plpgsql;
      CREATE FUNCTION g() RETURNS int AS ' SELECT ''a'' FROM :b ' LANGUAGE sql;
      """)
    #expect(file.failures.map(\.message).isEmpty)
    #expect(
      file.placeholders.map(\.text) == [
        ":s", ":s", ":s", "${t}", ":s", "{{ d }}", ":s", ":b",
      ])
  }

  @Test("a failure in a body is reported where it is, once")
  func failures() {
    let file = parse(
      """
      SELECT 1;
      CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        SELECT größe FORM t x;
        x := f(1;
        NULL;
      END $$;
      SELEC 2;
      """)
    #expect(file.statements.count == 2)
    #expect(file.failures.map { file.source.text($0.range) } == ["t", "1", "SELEC"])
    #expect(file.statements.last?.routine?.failures.count == 2)
  }

  @Test("comments in bodies are comments of the file, in the order of the text")
  func comments() {
    let file = parse(
      """
      -- a
      CREATE FUNCTION f() RETURNS void AS $$
        /* b */ BEGIN -- c
        CREATE FUNCTION g() RETURNS int AS $g$ SELECT 1 /* d */ $g$ LANGUAGE sql;
        NULL; END -- e
      $$ LANGUAGE plpgsql -- f
      ; -- g
      """)
    #expect(file.failures.isEmpty)
    #expect(file.comments.map { file.source.text($0).filter(\.isLetter) }.joined() == "abcdefg")
    #expect(file.source.text(file.statements[0].range).hasSuffix("plpgsql"))
  }
}
