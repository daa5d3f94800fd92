import SeededRandom

/// Routines and what else is no query.
extension WrongSQL {
  mutating func function() -> String {
    let arguments = random.pick(["", "", "int", "x int", "INOUT a int", "a a", "VARIADIC x int[]"])
    let returns = random.pick(["void", "trigger", "int", "SETOF \(name())", "TABLE (id int)", "a"])
    let head =
      "CREATE \(maybe(40, "OR REPLACE "))FUNCTION \(name())(\(arguments)) RETURNS \(returns)"
    return any([
      (4, { "\(head) LANGUAGE sql AS $$ \($0.write(depth: 1)); \($0.query(depth: 1)) $$" }),
      (1, { "\(head) LANGUAGE sql RETURN (\($0.query(depth: 1)))" }),
      (1, { "\(head) LANGUAGE sql BEGIN ATOMIC \($0.write(depth: 1)); END" }),
      (6, { "\(head) LANGUAGE plpgsql AS $$ \($0.body()) $$" }),
      (1, { "\(head) LANGUAGE plpgsql AS '\($0.simpleName())'" }),
      (1, { _ in "\(head) LANGUAGE missing AS 'a', 'b'" }),
    ])
  }

  mutating func procedure() -> String {
    any([
      (
        2,
        { "CREATE OR REPLACE PROCEDURE \($0.name())(x int) LANGUAGE plpgsql AS $$ \($0.body()) $$" }
      ),
      (2, { "CALL \($0.name())(\($0.expression(depth: 1)))" }),
      (2, { "SELECT \($0.name())(\($0.expression(depth: 1)))" }),
      (1, { "PREPARE \($0.simpleName()) AS \($0.write(depth: 1))" }),
      (1, { "EXECUTE \($0.simpleName())(1)" }),
    ])
  }

  /// A body of PL/pgSQL, sometimes cut off.
  mutating func body() -> String {
    let declarations = maybe(
      30, "DECLARE \(simpleName()) CURSOR FOR \(query(depth: 1)); x int; r record; ")
    let handler = maybe(20, " EXCEPTION WHEN deadlock_detected OR others THEN \(step(depth: 0))")
    let text = "\(declarations)BEGIN \(steps(depth: 2))\(handler) END"
    return random.chance(8) ? String(text.prefix(random.number(0...text.count))) : text
  }

  private mutating func steps(depth: Int) -> String {
    (0..<random.number(1...3)).map { _ in step(depth: depth) }.joined(separator: " ")
  }

  private mutating func step(depth: Int) -> String {
    let simple = any([
      (5, { "\($0.write(depth: 1));" }),
      (4, { "PERFORM \($0.name())(\($0.expression(depth: 1)));" }),
      (2, { "EXECUTE '\($0.dynamic())';" }),
      (2, { "EXECUTE format('UPDATE %I SET v = %L %%', '\($0.simpleName())', x);" }),
      (1, { "EXECUTE format('%s %2$s %9$s % %z', \($0.expression(depth: 0)));" }),
      (1, { _ in "EXECUTE x || 'a';" }),
      (1, { "OPEN \($0.simpleName()); FETCH \($0.simpleName()) INTO x; MOVE \($0.simpleName());" }),
      (1, { "x := (\($0.query(depth: 1)));" }),
      (2, { _ in "RETURN;" }),
      (1, { "RETURN QUERY \($0.query(depth: 1));" }),
      (1, { _ in "RETURN NEXT;" }),
      (1, { "CALL \($0.name())(1);" }),
      (1, { _ in "COMMIT;" }),
      (1, { _ in "RAISE;" }),
      (1, { _ in "EXIT a;" }),
      (1, { _ in "RETURN NEW;" }),
      (1, { _ in "NULL" }),
      (1, { _ in "SELECT 1 INTO STRICT x, y;" }),
      (1, { _ in "GET DIAGNOSTICS x = ROW_COUNT;" }),
    ])
    guard depth > 0 else { return simple }
    return any([
      (5, { _ in simple }),
      (
        1,
        { "IF \($0.condition(depth: 1)) THEN \($0.steps(depth: depth - 1)) ELSE \(simple) END IF;" }
      ),
      (1, { "FOR r IN \($0.query(depth: 1)) LOOP \($0.steps(depth: depth - 1)) END LOOP;" }),
      (
        1,
        { "<<a>> WHILE \($0.condition(depth: 0)) LOOP \($0.steps(depth: depth - 1)) END LOOP a;" }
      ),
      (1, { "FOREACH x IN ARRAY y LOOP \($0.steps(depth: depth - 1)) END LOOP;" }),
      (1, { "BEGIN \($0.steps(depth: depth - 1)) EXCEPTION WHEN others THEN \(simple) END;" }),
      (1, { "CASE x WHEN 1 THEN \($0.steps(depth: depth - 1)) END CASE;" }),
      (1, { _ in "LOOP \(simple)" }),
    ])
  }

  /// SQL for a literal.
  private mutating func dynamic() -> String {
    statement().split(separator: "'").joined(separator: "''")
  }

  mutating func utility() -> String {
    let mode = random.pick(["ACCESS SHARE", "SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE"])
    return random.pick([
      "LOCK TABLE \(list { $0.name() }) IN \(mode) MODE", "TRUNCATE \(list { $0.name() }) CASCADE",
      "VACUUM FULL \(name())", "ANALYZE \(name()) (missing)", "CLUSTER \(name()) USING \(name())",
      "REINDEX TABLE \(name())", "COMMENT ON COLUMN \(name()).v IS 'a'",
      "EXPLAIN ANALYZE \(write(depth: 1))",
      "DECLARE \(simpleName()) CURSOR FOR \(query(depth: 1))", "FETCH ALL FROM \(simpleName())",
      "GRANT SELECT ON \(name()) TO \(simpleName())", "CREATE TYPE \(name()) AS (id int)",
      "CREATE DOMAIN \(name()) AS int CHECK (\(simpleName())(value))", "DISCARD ALL",
      "CREATE EVENT TRIGGER a ON ddl_command_end EXECUTE FUNCTION \(name())()",
      "SELECT pg_advisory_lock(\(column())) FROM \(name())", "COPY (\(query(depth: 1))) TO STDOUT",
      "CREATE STATISTICS \(name()) ON id, v FROM \(name())", "SET CONSTRAINTS ALL DEFERRED",
      "CREATE PUBLICATION a FOR TABLE \(name())",
      "ALTER FUNCTION \(name())(int) SET search_path = s",
    ])
  }

  mutating func transaction() -> String {
    random.pick([
      "BEGIN", "BEGIN", "COMMIT", "COMMIT", "ROLLBACK", "SAVEPOINT a", "ROLLBACK TO a", "RELEASE a",
      "START TRANSACTION ISOLATION LEVEL SERIALIZABLE", "PREPARE TRANSACTION 'a'", "END",
      "ABORT AND CHAIN",
    ])
  }

  mutating func comment() -> String {
    random.pick([
      "-- sqllock:ignore\n", "-- sqllock:ignore all -- why\n",
      "-- sqllock:ignore-start row-order\n",
      "-- sqllock:ignore-end row-order\n", "-- sqllock:ordered \(column())\n",
      "-- sqllock:ordered\n",
      "-- sqllock:ignore-file unordered-upsert\n", "/* sqllock:ignore unordered-bulk-write */ ",
      "-- name: \(simpleName()) :many\n", "-- +goose Up\n", "-- +goose Down\n",
      "-- +goose StatementBegin\n",
      "-- migrate:up transaction:false\n", "--liquibase formatted sql\n",
      "-- rollback DROP TABLE a\n",
    ]) + maybe(70, write(depth: 1))
  }

  mutating func meta() -> String {
    random.pick([
      "\\i \(simpleName()).sql\n", "\\if :x\n\(write(depth: 0));\n\\endif\n",
      "\\set a '\(simpleName())\n",
      "COPY \(name()) FROM stdin;\n1\t2\n\\.\n", "COPY \(name()) FROM stdin;\n1\t2\n", "\\gset a\n",
      "UPDATE {{ \(simpleName()) }} SET v = %s",
      "SELECT ${a.b}, :'x', :\"y\", @z, ?::int FROM \(name()) FOR UPDATE",
      "{% if a %}\(write(depth: 1)){% endif %}", "SELECT {", "SELECT }", "SELECT <% a %>",
    ])
  }

  /// What is no statement.
  mutating func fragment() -> String {
    random.pick([
      "", "(", ")", "'", "\"", "$$", "$a$", "/*", "*/", "--", ";", "\\", "SELECT", "FROM a", "END;",
      "E'\\",
      "U&\"\\", "\u{FEFF}", "\u{0}", "::", "..", "1e", "0x", "CREATE", "ALTER TABLE a",
      "WITH a AS (", "\u{2028}",
      String(repeating: "(", count: 300), String(repeating: "NOT ", count: 300), "ä", "\u{1F600}",
    ])
  }
}
