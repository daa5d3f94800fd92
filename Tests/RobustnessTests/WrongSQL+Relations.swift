import SeededRandom

/// Tables and what hangs on them.
extension WrongSQL {
  mutating func table() -> String {
    let columns = list { wrong in
      let column = wrong.random.pick(["id", "v", "w", "a", "b"])
      let constraint = wrong.random.pick([
        "", "", " PRIMARY KEY", " UNIQUE", " NOT NULL", " REFERENCES \(wrong.name())",
        " GENERATED ALWAYS AS (v) STORED", " DEFAULT \(wrong.simpleName())()", " CHECK (v > 0)",
      ])
      return "\(column) int\(constraint)"
    }
    let constraint = maybe(40, ", \(reference())") + maybe(20, ", PRIMARY KEY (id)")
    let suffix = any([
      (6, { _ in "" }),
      (3, { " INHERITS (\($0.list { $0.name() }))" }),
      (3, { " PARTITION BY \($0.strategy())" }),
      (1, { _ in " WITH (fillfactor = 10)" }),
    ])
    let kind = any([
      (9, { _ in "" }),
      (1, { _ in "TEMP " }),
      (1, { _ in "UNLOGGED " }),
    ])
    return any([
      (
        12,
        {
          "CREATE \(kind)TABLE \($0.maybe(20, "IF NOT EXISTS "))"
            + "\($0.name()) (\(columns)\(constraint))\(suffix)"
        }
      ),
      (1, { "CREATE TABLE \($0.name()) (LIKE \($0.name()) INCLUDING ALL)" }),
      (1, { "CREATE TABLE \($0.name()) AS \($0.query(depth: 1))" }),
      (1, { "CREATE SCHEMA \($0.simpleName())" }),
      (1, { "CREATE SEQUENCE \($0.name()) OWNED BY \($0.name()).id" }),
      (
        2,
        {
          "CREATE UNIQUE INDEX \($0.maybe(70, $0.simpleName())) ON \($0.name()) "
            + "(\($0.column()), lower(\($0.column())))"
        }
      ),
    ])
  }

  private mutating func strategy() -> String {
    random.pick([
      "RANGE (id)", "LIST (v)", "HASH (id)", "RANGE (id, v)", "LIST (lower(v))", "RANGE (missing)",
    ])
  }

  private mutating func bound() -> String {
    random.pick([
      "DEFAULT", "FOR VALUES IN (1, NULL)", "FOR VALUES FROM (1) TO (5)",
      "FOR VALUES FROM (MINVALUE) TO (MAXVALUE)", "FOR VALUES FROM (9) TO (1)",
      "FOR VALUES WITH (MODULUS 2, REMAINDER 1)", "FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
    ])
  }

  mutating func partition() -> String {
    "CREATE TABLE \(name()) PARTITION OF \(name()) \(bound())"
      + maybe(40, " PARTITION BY \(strategy())")
  }

  mutating func attach() -> String {
    any([
      (4, { "ALTER TABLE \($0.name()) ATTACH PARTITION \($0.name()) \($0.bound())" }),
      (
        1,
        { "ALTER TABLE \($0.name()) DETACH PARTITION \($0.name())\($0.maybe(30, " CONCURRENTLY"))" }
      ),
      (1, { "ALTER INDEX \($0.name()) ATTACH PARTITION \($0.name())" }),
    ])
  }

  mutating func inherit() -> String {
    "ALTER TABLE \(name()) \(maybe(25, "NO "))INHERIT \(name())"
  }

  /// A foreign key of a table, which may well be to itself.
  mutating func reference() -> String {
    let actions = ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION", "SET NULL (v)"]
    return "FOREIGN KEY (\(list { $0.random.pick(["id", "v", "w"]) })) REFERENCES \(name())"
      + maybe(60, " (\(list { $0.random.pick(["id", "v", "w"]) }))")
      + maybe(60, " ON DELETE \(random.pick(actions))")
      + maybe(40, " ON UPDATE \(random.pick(actions.dropLast()))")
      + maybe(20, " DEFERRABLE INITIALLY DEFERRED")
  }

  mutating func view() -> String {
    let kind = any([
      (6, { _ in "VIEW" }),
      (3, { _ in "OR REPLACE VIEW" }),
      (1, { _ in "TEMP VIEW" }),
      (1, { _ in "MATERIALIZED VIEW" }),
    ])
    return any([
      (8, { "CREATE \(kind) \($0.name()) AS \($0.query(depth: 2))" }),
      (1, { "CREATE RECURSIVE VIEW \($0.name()) (id) AS \($0.query(depth: 1))" }),
      (1, { "REFRESH MATERIALIZED VIEW \($0.name())" }),
    ])
  }

  mutating func rule() -> String {
    let event = random.pick(["SELECT", "UPDATE", "INSERT", "DELETE"])
    let action = any([
      (1, { _ in "NOTHING" }),
      (3, { $0.write(depth: 1) }),
      (1, { $0.query(depth: 1) }),
      (2, { "(\($0.write(depth: 0)); \($0.write(depth: 0)))" }),
    ])
    return """
      CREATE OR REPLACE RULE \(event == "SELECT" ? "\"_RETURN\"" : simpleName()) AS ON \(event) \
      TO \(name())\(maybe(20, " WHERE \(condition(depth: 1))")) \
      DO \(random.pick(["ALSO", "INSTEAD"])) \(action)
      """
  }

  mutating func trigger() -> String {
    let moment = random.pick(["BEFORE", "AFTER", "INSTEAD OF"])
    let event = random.pick([
      "UPDATE", "INSERT", "DELETE", "UPDATE OF v", "TRUNCATE", "INSERT OR UPDATE",
    ])
    let level = random.pick(["ROW", "ROW", "STATEMENT"])
    return """
      CREATE \(maybe(10, "CONSTRAINT "))TRIGGER \(simpleName()) \(moment) \(event) ON \(name()) \
      \(maybe(10, "REFERENCING NEW TABLE AS \(simpleName()) "))FOR EACH \(level) \
      \(maybe(20, "WHEN (\(condition(depth: 0))) "))EXECUTE FUNCTION \(name())(\(maybe(20, "'a'")))
      """
  }

  mutating func policy() -> String {
    let event = random.pick([" FOR SELECT", " FOR UPDATE", " FOR ALL"])
    let check = " WITH CHECK (\(condition(depth: 1)))"
    return any([
      (1, { "ALTER TABLE \($0.name()) ENABLE ROW LEVEL SECURITY" }),
      (1, { "ALTER TABLE \($0.name()) FORCE ROW LEVEL SECURITY" }),
      (
        4,
        {
          """
          CREATE POLICY \($0.simpleName()) ON \($0.name())\($0.maybe(50, event)) \
          USING (\($0.condition(depth: 2)))\($0.maybe(30, check))
          """
        }
      ),
    ])
  }

  mutating func rename() -> String {
    let kind = random.pick(["TABLE", "TABLE", "VIEW", "INDEX", "SEQUENCE", "MATERIALIZED VIEW"])
    return any([
      (6, { "ALTER \(kind) \($0.name()) RENAME TO \($0.simpleName())" }),
      (3, { "ALTER TABLE \($0.name()) RENAME \($0.simpleName()) TO \($0.simpleName())" }),
      (1, { "ALTER TABLE \($0.name()) RENAME v TO id" }),
      (1, { "ALTER SCHEMA s RENAME TO \($0.simpleName())" }),
      (1, { "ALTER FUNCTION \($0.name()) RENAME TO \($0.simpleName())" }),
      (1, { "ALTER TRIGGER \($0.simpleName()) ON \($0.name()) RENAME TO \($0.simpleName())" }),
    ])
  }

  mutating func move() -> String {
    let kind = random.pick(["TABLE", "VIEW", "FUNCTION", "SEQUENCE"])
    return any([
      (
        3,
        {
          "ALTER \(kind) \($0.name()) SET SCHEMA \($0.random.pick(["s", "a", "public", "missing"]))"
        }
      ),
      (1, { "SET search_path = \($0.list { $0.random.pick(["s", "a", "public", "\"$user\""]) })" }),
      (1, { "ALTER TABLE \($0.name()) \($0.list { $0.alteration() })" }),
    ])
  }

  private mutating func alteration() -> String {
    random.pick([
      "ADD COLUMN \(simpleName()) int DEFAULT f()", "DROP COLUMN \(simpleName()) CASCADE",
      "ALTER v TYPE text USING v::text", "DROP CONSTRAINT \(simpleName())", "DISABLE TRIGGER ALL",
      "ADD PRIMARY KEY (id)", "ADD UNIQUE (v)", "ADD \(reference())",
      "VALIDATE CONSTRAINT \(simpleName())",
      "REPLICA IDENTITY USING INDEX \(simpleName())", "SET LOGGED", "OF \(simpleName())",
      "CLUSTER ON a",
    ])
  }

  mutating func drop() -> String {
    let kind = random.pick([
      "TABLE", "TABLE", "VIEW", "INDEX", "FUNCTION", "SCHEMA", "SEQUENCE", "MATERIALIZED VIEW",
      "TYPE",
    ])
    let kindOfPart = random.pick(["TRIGGER", "RULE", "POLICY"])
    return any([
      (
        3,
        {
          "DROP \(kind) \($0.maybe(40, "IF EXISTS "))\($0.list { $0.name() })"
            + $0.maybe(50, " CASCADE")
        }
      ),
      (1, { "DROP \(kindOfPart) \($0.maybe(40, "IF EXISTS "))\($0.simpleName()) ON \($0.name())" }),
    ])
  }
}
