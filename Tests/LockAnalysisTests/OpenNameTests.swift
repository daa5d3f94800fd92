import Diagnostics
import LockAnalysis
import Linting
import LockModel
import Testing

/// Tables whose names an EXECUTE puts together.
@Suite("Names that are put together")
struct OpenNameTests {
  private func function(_ name: String, _ tables: String...) -> String {
    let body = tables.map { table in
      "EXECUTE format('UPDATE %I SET n = 1 WHERE id = $1', \(table)) USING p_id;"
    }
    return """
      CREATE FUNCTION \(name)(p_queue text, p_id int) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN \(body.joined(separator: "\n")) END $$;

      """
  }

  private let tables = """
    CREATE FUNCTION make(p_queue text) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE v_rest text := 'note text';
    BEGIN
      EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY, task int UNIQUE, n int, %s) %s',
        'jobs_' || p_queue, v_rest, 'WITH (fillfactor = 70)');
      EXECUTE 'CREATE TABLE runs_' || p_queue || ' (id int PRIMARY KEY, n int)';
    END $$;

    """

  private func rules(_ text: String) throws -> [String] { try linted(text).map(\.rule) }

  @Test("Two routines that lock two of them in opposite orders")
  func opposite() throws {
    let first = function("f", "'jobs_' || p_queue", "'runs_' || p_queue")
    let second = function("g", "'runs_' || p_queue", "'jobs_' || p_queue")
    #expect(try rules(tables + first + second) == ["lock-order-inversion"])
    #expect(try rules(tables + first + first.replacing("FUNCTION f", with: "FUNCTION g")) == [])
    let found = try #require(try linted(tables + first + second).first)
    #expect(found.message.contains("`runs_…`"))
    #expect(found.assumptions.contains { $0.contains("`jobs_…`") })
  }

  @Test("A variable stands for what was assigned to it")
  func assigned() throws {
    let first = function("f", "'jobs_' || p_queue", "'runs_' || p_queue")
    let second = """
      CREATE FUNCTION g(p_queue text, p_id int) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE v_runs text := 'runs_' || p_queue; v_sql text;
      BEGIN
        EXECUTE format('UPDATE %I SET n = 1 WHERE id = $1', v_runs) USING p_id;
        v_sql := 'UPDATE jobs_' || p_queue || ' SET n = 1 WHERE id = $1';
        EXECUTE v_sql USING p_id;
      END $$;
      """
    #expect(try rules(tables + first + second) == ["lock-order-inversion"])
  }

  @Test(
    "What EXECUTE makes shows the keys",
    arguments: [("id = $1", 0), ("task = $1", 0), ("n = $1", 1), ("id = ANY($1)", 1)])
  func keys(_ condition: String, _ count: Int) throws {
    let text = """
      CREATE FUNCTION f(p_queue text, p int[]) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN EXECUTE format('DELETE FROM %I WHERE \(condition)', 'jobs_' || p_queue) USING p; END $$;
      """
    #expect(try rules(tables + text).count == count)
  }

  @Test("A name of which nothing is written is one table in copies of its routine only")
  func local() throws {
    let many = """
      CREATE FUNCTION h(p_table text, p int[]) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN EXECUTE format('DELETE FROM %I WHERE id = ANY($1)', p_table) USING p; END $$;
      """
    #expect(try rules(many) == ["unordered-bulk-write"])
    let first = function("f", "p_queue", "'runs_' || p_queue")
    let second = function("g", "'runs_' || p_queue", "p_queue")
    #expect(try rules(tables + first + second) == [])
  }

  @Test("A table that the routine has just made is its own")
  func made() throws {
    let text = """
      CREATE FUNCTION f(p_queue text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('CREATE TABLE %I (id int)', 'jobs_' || p_queue);
        EXECUTE format('CREATE INDEX ON %I (id)', 'jobs_' || p_queue);
        EXECUTE format('ALTER TABLE %I ADD n int', 'jobs_' || p_queue);
      END $$;
      """
    #expect(try rules(text) == [])
    #expect(
      try rules(text.replacing("CREATE TABLE", with: "CREATE TABLE IF NOT EXISTS"))
        == ["lock-upgrade"])
  }

  @Test("So is one with a name that is written")
  func madeByName() throws {
    func text(_ creation: String) -> String {
      """
      CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        DROP TABLE IF EXISTS copied;
        \(creation);
        UPDATE copied SET n = n + 1;
      END $$;
      """
    }
    #expect(try rules(text("CREATE TABLE copied (id int, n int)")) == [])
    #expect(try rules(text("CREATE TABLE copied AS SELECT 1 AS n")) == [])
    #expect(
      try rules(text("CREATE TABLE IF NOT EXISTS copied (id int, n int)"))
        == ["unordered-bulk-write"])
    #expect(
      try rules(text("IF false THEN CREATE TABLE copied (n int); END IF"))
        == ["unordered-bulk-write"])
  }

  @Test("A trigger's function knows its table")
  func trigger() throws {
    let text = """
      CREATE TABLE t (id int PRIMARY KEY, n int);
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('UPDATE %I SET n = 1 WHERE n > 1', TG_TABLE_NAME || '_log');
        RETURN NULL;
      END $$;
      CREATE TABLE t_log (id int PRIMARY KEY, n int);
      CREATE TRIGGER f AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
      INSERT INTO t VALUES ($1);
      """
    let sources = [SourceFile(path: "q.sql", bytes: Array(text.utf8))]
    let last = try #require(LockListing.make(sources, threads: 1).statements.last)
    #expect(
      last.acquisitions.contains {
        $0.target == .rows(RelationName(schema: "public", name: "t_log"))
      })
  }

  private static let other = """
    CREATE TABLE q_1 (id int PRIMARY KEY);
    CREATE TABLE other (id int PRIMARY KEY);
    CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN LOCK TABLE other IN EXCLUSIVE MODE; LOCK TABLE q_1 IN EXCLUSIVE MODE; END $$;

    """

  @Test(
    "A text has the values that its variables had when it was put together",
    arguments: [
      (
        """
        v_table := 'q_1'; v_sql := format('LOCK TABLE %I IN EXCLUSIVE MODE', v_table);
        v_table := 'other'; EXECUTE v_sql; LOCK TABLE other IN EXCLUSIVE MODE;
        """, []
      ),
      (
        """
        v_table := 'q_1'; v_sql := format('LOCK TABLE %I IN EXCLUSIVE MODE', v_table);
        EXECUTE v_sql; LOCK TABLE other IN EXCLUSIVE MODE;
        """, ["lock-order-inversion"]
      ),
      (
        """
        v_sql := 'LOCK TABLE q_1 IN EXCLUSIVE MODE';
        DECLARE v_sql text := 'LOCK TABLE other IN EXCLUSIVE MODE'; BEGIN EXECUTE v_sql; END;
        EXECUTE v_sql;
        """, []
      ),
      (
        """
        IF v_table IS NULL THEN v_sql := 'LOCK TABLE q_1 IN EXCLUSIVE MODE';
        ELSE v_sql := 'LOCK TABLE q_2 IN EXCLUSIVE MODE'; END IF;
        EXECUTE v_sql; LOCK TABLE other IN EXCLUSIVE MODE;
        """, []
      ),
      (
        """
        BEGIN v_table := 'q_2'; EXCEPTION WHEN others THEN v_table := 'q_1'; END;
        EXECUTE format('LOCK TABLE %I IN EXCLUSIVE MODE', v_table);
        LOCK TABLE other IN EXCLUSIVE MODE;
        """, []
      ),
      (
        """
        v_row.name := 'q_1'; v_sql := format('LOCK TABLE %I IN EXCLUSIVE MODE', v_row.name);
        SELECT * INTO v_row FROM names; EXECUTE v_sql; LOCK TABLE other IN EXCLUSIVE MODE;
        """, []
      ),
    ])
  func reassigned(_ body: String, _ expected: [String]) throws {
    let text = """
      CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$
      DECLARE v_table text; v_sql text; v_row record;
      BEGIN \(body) END $$;
      """
    #expect(try rules(Self.other + text) == expected)
  }

  @Test("A name that is put in without quotes is folded, and is a name only")
  func unquoted() throws {
    func text(_ table: String) -> String {
      """
      CREATE FUNCTION f(x text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('LOCK TABLE %s IN EXCLUSIVE MODE', \(table));
        LOCK TABLE other IN EXCLUSIVE MODE;
      END $$;
      CREATE FUNCTION h(x text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        LOCK TABLE other IN EXCLUSIVE MODE;
        EXECUTE 'LOCK TABLE r_' || x || ' IN EXCLUSIVE MODE';
      END $$;
      """
    }
    #expect(try rules(Self.other + text("'R_' || x")) == ["lock-order-inversion"])
    #expect(try rules(Self.other + text("'r_' || x || ', q_1'")) == [])
  }
}
