import Diagnostics
import Linting
import Testing

/// Keys that no other transaction makes.
@Suite("Own values")
struct OwnValuesTests {
  private func rules(_ table: String, _ values: String, _ conflict: String) throws -> [String] {
    let text = """
      CREATE TABLE notes (\(table));
      INSERT INTO notes SELECT \(values) FROM unnest($1::text[]) AS x ON CONFLICT \(conflict);
      """
    return try linted(text).map(\.rule)
  }

  private static let upsert = "(k) DO UPDATE SET n = 1"

  @Test(
    "Values with something in them that is the transaction's or the call's",
    arguments: [
      "concat_ws('-', gen_random_uuid(), x)", "x || '/' || txid_current()",
      "format('%s-%s', x, txid_current())", "gen_random_uuid()::text",
      "pg_current_xact_id()::text || x", "nextval('s')::text",
    ])
  func own(value: String) throws {
    #expect(try rules("k text PRIMARY KEY, n int", "\(value), 1", Self.upsert) == [])
  }

  @Test(
    "What is cut, or left out, is nobody's",
    arguments: [
      "x", "cast(concat(x, gen_random_uuid()) AS char)", "concat(x, gen_random_uuid())::varchar(4)",
      "txid_current()::text::varchar(1) || x", "concat(txid_current()::numeric(20, -5), x)",
      "format('a', gen_random_uuid()) || x", "format('%2$s', gen_random_uuid(), x)",
      "format($2, gen_random_uuid())", "format('%.1s', gen_random_uuid())",
      "concat_ws(gen_random_uuid()::text, x)", "concat(pg_current_xact_id_if_assigned(), x)",
      "(txid_current() % 8)::text", "md5(txid_current()::text)",
    ])
  func cut(value: String) throws {
    #expect(
      try rules("k text PRIMARY KEY, n int", "\(value), 1", Self.upsert) == ["unordered-upsert"])
  }

  @Test("Another key of the table is waited for as well", arguments: ["DO NOTHING", upsert])
  func other(conflict: String) throws {
    let table = "k text PRIMARY KEY, u text UNIQUE, n int"
    let values = "txid_current()::text || x, x, 1"
    #expect(try rules(table, values, conflict) == ["unordered-upsert"])
  }

  @Test("A loop whose rows have two columns of one name is sorted by neither")
  func ambiguous() throws {
    let text = """
      CREATE TABLE t (id int PRIMARY KEY, n int);
      CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x record; BEGIN
        FOR x IN SELECT t.*, -t.id AS id FROM t LOOP
          UPDATE t SET n = 1 WHERE id = x.id;
        END LOOP;
      END $$;
      """
    let found = try linted(text)
    #expect(found.map(\.rule) == ["unordered-loop-locks"])
    #expect(found.first?.fix == nil)
  }
}
