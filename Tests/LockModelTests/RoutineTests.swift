import Diagnostics
import Linting
import LockAnalysis
import LockModel
import Testing

/// What the model makes of routines: orders of loops, variables, alternatives, transactions.
@Suite("Routines")
struct RoutineTests {
  /// A body and the row locks of its statements.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let body: String
    let locks: [String]

    init(_ name: String, _ body: String, _ locks: String...) {
      testDescription = name
      self.body = body
      self.locks = locks
    }
  }

  private static let schema = """
    CREATE TABLE t (id integer PRIMARY KEY, g integer NOT NULL, n integer);
    CREATE TABLE u (id integer PRIMARY KEY, t_id integer NOT NULL, n integer);

    """

  static let cases: [Case] = [
    Case(
      "A loop gives its order to what it locks",
      "FOR r IN SELECT id FROM u ORDER BY id LOOP UPDATE t SET n = 1 WHERE id = r.id; END LOOP;",
      "t by id asc"),
    Case(
      "A descending query makes a descending loop",
      "FOR r IN SELECT id FROM u ORDER BY id DESC LOOP UPDATE t SET n = 1 WHERE id = r.id; END LOOP;",
      "t by id desc"),
    Case(
      "Ties of a loop's query that lead to one row do no harm",
      "FOR r IN SELECT t_id FROM u ORDER BY t_id LOOP UPDATE t SET n = 1 WHERE id = r.t_id; END LOOP;",
      "t by id asc"),
    Case(
      "An expression that is sorted by orders what is made of it",
      """
      FOR r IN SELECT (x ->> 'id')::integer AS id FROM jsonb_array_elements('[]') AS x ORDER BY 1
      LOOP UPDATE t SET n = 1 WHERE id = r.id; END LOOP;
      """, "t by id asc"),
    Case(
      "All columns of a sorted function keep its order",
      """
      FOR r IN SELECT * FROM unnest(p_ids) AS x(id) ORDER BY id
      LOOP UPDATE t SET n = 1 WHERE id = r.id; END LOOP;
      """, "t by id asc"),
    Case(
      "What only the session sees is nobody else's",
      "CREATE TEMP TABLE own (id integer); DELETE FROM own; UPDATE t SET n = 1 WHERE id = p_id;",
      "own FOR UPDATE unordered", "t one"),
    Case(
      "A loop over an unsorted query has no order",
      "FOR r IN SELECT id FROM u LOOP UPDATE t SET n = 1 WHERE id = r.id; END LOOP;",
      "t unordered query"),
    Case(
      "A loop sorted by something else has no order",
      "FOR r IN SELECT id, n FROM u ORDER BY n LOOP UPDATE t SET n = 1 WHERE id = r.id; END LOOP;",
      "t unordered query"),
    Case(
      "A loop goes over an array in its order",
      "FOREACH v IN ARRAY p_ids LOOP UPDATE t SET n = 1 WHERE id = v; END LOOP;",
      "t unordered array"),
    Case(
      "Subscripts of an array are no order",
      "FOR i IN 1 .. array_length(p_ids, 1) LOOP UPDATE t SET n = 1 WHERE id = p_ids[i]; END LOOP;",
      "t unordered range"),
    Case(
      "A range counts upwards",
      "FOR i IN 1 .. 9 LOOP UPDATE t SET n = 1 WHERE id = i; END LOOP;", "t by id asc"),
    Case(
      "An array that was sorted is in order",
      """
      SELECT array_agg(x ORDER BY x) INTO p_ids FROM unnest(p_ids) AS x;
      FOREACH v IN ARRAY p_ids LOOP UPDATE t SET n = 1 WHERE id = v; END LOOP;
      """, "t by id asc"),
    Case(
      "A cursor's query orders its loop",
      "FOR r IN c LOOP UPDATE u SET n = 1 WHERE id = r.id; END LOOP;",
      "t FOR UPDATE by id asc", "u by id asc"),
    Case(
      "A loop that can't be told is neither ordered nor not",
      "WHILE v < 9 LOOP v := v * 7 % 10; UPDATE t SET n = 1 WHERE id = v; END LOOP;", "t unknown"),
    Case(
      "The same row again and again is one row",
      "FOR r IN SELECT id FROM u LOOP UPDATE t SET n = n + 1 WHERE id = p_id; END LOOP;", "t one"),
    Case(
      "Children of sorted parents are sorted by parent, then by their own key",
      """
      FOR r IN SELECT id FROM t ORDER BY id LOOP
        PERFORM FROM u WHERE t_id = r.id ORDER BY u.id FOR UPDATE;
      END LOOP;
      """, "u FOR UPDATE by t_id asc, id asc"),
    Case(
      "A row whose key was read from it is locked already",
      "SELECT id INTO v FROM t WHERE id = p_id FOR UPDATE; UPDATE t SET n = 1 WHERE id = v;",
      "t FOR UPDATE one", "t held"),
    Case(
      "The rows of a locking loop are locked already",
      "FOR r IN SELECT * FROM t ORDER BY id FOR UPDATE LOOP UPDATE t SET n = 1 WHERE id = r.id; END LOOP;",
      "t FOR UPDATE by id asc", "t held"),
    Case(
      "A variable that has got another value means another row",
      """
      SELECT id INTO v FROM t WHERE id = p_id FOR UPDATE;
      v := p_id + 1;
      UPDATE t SET n = 1 WHERE id = v;
      """, "t FOR UPDATE one", "t one"),
    Case(
      "A copy of a variable is the variable",
      "v := p_id; SELECT FROM t WHERE id = v FOR UPDATE; UPDATE t SET n = 1 WHERE id = p_id;",
      "t FOR UPDATE one", "t one"),
    Case(
      "EXECUTE of a literal is read",
      "EXECUTE 'UPDATE t SET n = 1 WHERE id = $1' USING p_id;", "t one"),
    Case(
      "EXECUTE of a format with a literal name is read",
      "EXECUTE format('UPDATE %I SET n = %L WHERE id = $1', 't', v) USING p_id;", "t one"),
    Case(
      "COMMIT in a loop gives each row back before the next",
      "FOR r IN SELECT id FROM u LOOP UPDATE t SET n = 1 WHERE id = r.id; COMMIT; END LOOP;",
      "t one"),
  ]

  @Test("Row locks of a body", arguments: cases)
  func body(_ example: Case) {
    let listed = Self.locks(of: example.body).map(Self.describe)
    #expect(listed == example.locks)
  }

  private static func describe(_ lock: Acquisition) -> String {
    var words = [lock.target.relation?.name ?? ""]
    if lock.mode != .row(.forNoKeyUpdate) { words.append(lock.mode.spelling) }
    switch lock.rows?.order {
    case .alreadyLocked?: words.append("held")
    case _ where lock.rows?.count != .many: words.append("one")
    case .total(let terms)?:
      words.append("by " + terms.map(\.description).joined(separator: ", "))
    case .unknown?: words.append("unknown")
    case .partial?, .unordered?, nil: words.append("unordered")
    }
    if case .unordered? = lock.rows?.order, let loop = lock.loop { words.append(loop.rawValue) }
    return words.joined(separator: " ")
  }

  /// The row locks of the statements of a procedure.
  private static func locks(of body: String) -> [Acquisition] {
    statements(
      """
      CREATE PROCEDURE p(p_id integer, p_ids integer[]) LANGUAGE plpgsql AS $$
      DECLARE r record; v integer; c CURSOR FOR SELECT * FROM t ORDER BY id FOR UPDATE;
      BEGIN \(body) END $$;
      """
    ).filter { $0.routine == "p" }.flatMap(\.acquisitions).filter {
      if case .rows = $0.target { true } else { false }
    }
  }

  private static func statements(_ text: String) -> [LoweredStatement] {
    let source = SourceFile(path: "a.sql", bytes: Array((schema + text).utf8))
    return LockListing.make([source], threads: 1).statements
  }

  // MARK: Alternatives

  @Test("Arms of IF exclude each other, what follows comes after both")
  func arms() throws {
    let locks = Self.locks(
      of: """
        IF p_id > 1 THEN UPDATE t SET n = 1 WHERE id = 1;
        ELSE UPDATE u SET n = 1 WHERE id = 1; END IF;
        UPDATE t SET n = 2 WHERE id = 2;
        """)
    try #require(locks.count == 3)
    #expect(!locks[0].canPrecede(locks[1]))
    #expect(locks[0].canPrecede(locks[2]) && locks[1].canPrecede(locks[2]))
  }

  @Test("What follows an arm with RETURN does not come after that arm")
  func returning() throws {
    let locks = Self.locks(
      of: """
        IF p_id > 1 THEN UPDATE t SET n = 1 WHERE id = 1; RETURN; END IF;
        UPDATE u SET n = 2 WHERE id = 2;
        """)
    try #require(locks.count == 2)
    #expect(!locks[0].canPrecede(locks[1]))
  }

  @Test("A handler runs without the locks of its block, what follows with those of either")
  func handlers() throws {
    let locks = Self.locks(
      of: """
        BEGIN UPDATE t SET n = 1 WHERE id = 1;
        EXCEPTION WHEN OTHERS THEN UPDATE u SET n = 1 WHERE id = 1; END;
        UPDATE t SET n = 2 WHERE id = 2;
        """)
    try #require(locks.count == 3)
    #expect(!locks[0].canPrecede(locks[1]))
    #expect(locks[0].canPrecede(locks[2]) && locks[1].canPrecede(locks[2]))
  }

  @Test("COMMIT parts a procedure's locks")
  func commits() throws {
    let locks = Self.locks(
      of: "UPDATE t SET n = 1 WHERE id = 1; COMMIT; UPDATE u SET n = 1 WHERE id = 1;")
    try #require(locks.count == 2)
    #expect(!locks[0].canPrecede(locks[1]))
  }

  // MARK: Triggers

  @Test("A lock of a trigger tells by which way it came")
  func chain() throws {
    let statements = Self.statements(
      """
      CREATE FUNCTION count_u() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN UPDATE t SET n = n - 1 WHERE id = OLD.t_id;
        ELSE UPDATE t SET n = n + 1 WHERE id = NEW.t_id; END IF;
        RETURN NULL; END $$;
      CREATE TRIGGER counted AFTER INSERT OR DELETE ON u FOR EACH ROW EXECUTE FUNCTION count_u();
      INSERT INTO u VALUES (1, 7, 0);
      """)
    let locks = try #require(statements.last { $0.kind == "InsertStmt" }).acquisitions
      .filter { $0.target == .rows(RelationName(schema: "public", name: "t")) }
    #expect(locks.count == 1)
    #expect(locks.first?.reason.texts == ["trigger counted", "function count_u"])
    #expect(locks.first?.rows?.pinned.mapValues(\.text) == ["id": "7"])
  }

  @Test("NEW of an inner trigger is not NEW of the outer one")
  func innerRows() throws {
    let statements = Self.statements(
      """
      CREATE TABLE s (id integer PRIMARY KEY, n integer);
      CREATE FUNCTION up_t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE s SET n = 1 WHERE id = NEW.g; RETURN NULL; END $$;
      CREATE TRIGGER up_t AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION up_t();
      CREATE FUNCTION up_u() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE t SET n = 1 WHERE id = NEW.t_id; RETURN NULL; END $$;
      CREATE TRIGGER up_u AFTER INSERT ON u FOR EACH ROW EXECUTE FUNCTION up_u();
      INSERT INTO u VALUES (1, 7, 0);
      INSERT INTO u SELECT x, x, 0 FROM generate_series(1, 3) AS x;
      """
    ).filter { $0.kind == "InsertStmt" }
    let locks = statements.map { statement in
      statement.acquisitions.first { lock in
        if case .rows(let name) = lock.target { name.name == "s" } else { false }
      }
    }
    #expect(locks.first??.rows?.pinned.mapValues(\.text) == ["id": "t(7).g"])
    #expect(locks.last??.rows?.count == .many)
  }

  @Test("A trigger that fires itself ends")
  func recursion() {
    let statements = Self.statements(
      """
      CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE t SET n = 1 WHERE id = NEW.g; RETURN NULL; END $$;
      CREATE TRIGGER again AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION again();
      UPDATE t SET n = 2 WHERE id = 1;
      """)
    #expect(statements.last?.acquisitions.isEmpty == false)
  }

  @Test("Deferred checks are locks of COMMIT")
  func deferred() throws {
    let statements = Self.statements(
      """
      ALTER TABLE u ADD CONSTRAINT u_t FOREIGN KEY (t_id) REFERENCES t
        DEFERRABLE INITIALLY DEFERRED;
      BEGIN; INSERT INTO u VALUES (1, 7, 0); COMMIT;
      """)
    let reasons = try #require(statements.last).acquisitions.map(\.reason.texts)
    #expect(reasons == [["commit", "foreign key u_t"], ["commit", "foreign key u_t"]])
  }

  @Test("What EXECUTE makes up when it runs is said, with its line")
  func unreadable() throws {
    let source = SourceFile(
      path: "a.sql",
      bytes: Array(
        """
        CREATE FUNCTION f(p_table text) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
          EXECUTE format('UPDATE %I SET n = 1', table_of(p_table));
        END $$;
        """.utf8))
    let selection = try Selection(select: [], ignore: [], rules: MetaRules.all)
    let linter = Linter(rules: [], selection: selection, threads: 1)
    let notes = linter.lint([source]).notAnalysed
    #expect(notes.map(\.range.start.line) == [3])
  }
}
