/// What happens beside a statement: foreign keys, policies, views, rules and triggers.
extension GrowingInput {
  static let dependencies = [
    GrowingInput("a circle of foreign keys", from: 4) { count in
      tables(count) + lines(count) { reference($0, to: ($0 + 1) % count) } + uses
    },
    GrowingInput("foreign keys of a table to itself") { count in
      tables(1) + lines(count) { _ in reference(0, to: 0) } + uses
    },
    GrowingInput("a mesh of foreign keys", from: 3) { count in
      tables(count) + mesh(count) { reference($0, to: $1) } + uses
    },
    GrowingInput("a circle of policies", from: 4) { count in
      tables(count)
        + lines(count) { policy($0, "b IN (SELECT b FROM t\(($0 + 1) % count))") } + uses
    },
    GrowingInput("a mesh of policies", from: 3) { count in
      tables(count)
        + lines(count) { table in
          policy(table, row(count, " AND ") { "EXISTS (SELECT FROM t\($0))" })
        } + uses
    },
    GrowingInput("policies that read views of their own table") { count in
      tables(1)
        + lines(count) {
          "CREATE VIEW v\($0) AS SELECT b FROM t0;\n" + policy(0, "b IN (SELECT b FROM v\($0))")
        } + uses
    },
    GrowingInput("views that join the one before twice", from: 4) { count in
      tables(1) + "CREATE VIEW v0 AS SELECT * FROM t0;\n"
        + lines(count) {
          "CREATE VIEW v\($0 + 1) AS SELECT x.* FROM v\($0) x JOIN v\($0) y ON x.id = y.id;"
        } + views(count)
    },
    GrowingInput("a view that names itself") { count in
      "CREATE VIEW v0 AS SELECT x0.* FROM \(row(count) { "v0 x\($0)" });\n" + views(0)
    },
    GrowingInput("a circle of views", from: 4) { count in
      lines(count) {
        let next = ($0 + 1) % count
        return "CREATE VIEW v\($0) AS SELECT x.* FROM v\(next) x, v\(next) y;"
      } + views(0)
    },
    GrowingInput("views in views", from: 4) { count in
      tables(1) + "CREATE VIEW v0 AS SELECT * FROM t0;\n"
        + lines(count) { "CREATE VIEW v\($0 + 1) AS SELECT * FROM v\($0);" } + views(count)
    },
    GrowingInput("rules on their own table", from: 2) { count in
      tables(1)
        + lines(count) {
          "CREATE RULE r\($0) AS ON UPDATE TO t0 DO ALSO UPDATE t0 SET a = 1 WHERE b = \($0);"
        } + uses
    },
    GrowingInput("a mesh of rules", from: 3) { count in
      tables(count)
        + mesh(count) {
          "CREATE RULE r\($1) AS ON UPDATE TO t\($0) DO ALSO UPDATE t\($1) SET a = 1 WHERE b > 1;"
        } + uses
    },
    GrowingInput("a mesh of triggers", from: 3) { count in
      tables(count)
        + lines(count) { table in
          trigger(
            table, row(count, " ") { "UPDATE t\($0) SET a = NEW.a WHERE b = NEW.b;" })
        } + uses
    },
    GrowingInput("a chain of triggers", from: 4) { count in
      tables(count + 1)
        + lines(count) { trigger($0, "UPDATE t\($0 + 1) SET a = 1 WHERE b > 1;") } + uses
    },
    GrowingInput("triggers that write twice to the next table", from: 4) { count in
      tables(count + 1)
        + lines(count) {
          trigger(
            $0, row(2, " ") { "UPDATE t0 SET b = \($0);" }.replacing("t0", with: "t\($0 + 1)"))
        } + uses
    },
    GrowingInput("triggers of one table") { count in
      tables(2)
        + lines(count) {
          """
          CREATE FUNCTION g\($0)() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN UPDATE t1 SET a = \($0) WHERE b > 1; RETURN NEW; END $$;
          CREATE TRIGGER g\($0) AFTER UPDATE ON t0 FOR EACH ROW EXECUTE FUNCTION g\($0)();
          """
        } + uses
    },
  ]

  private static let uses = """
    UPDATE t0 SET a = 1 WHERE b > 1;
    DELETE FROM t0 WHERE b > 1;
    INSERT INTO t0 VALUES (1, 2, 3), (2, 3, 4) ON CONFLICT (id) DO UPDATE SET a = 1;
    SELECT * FROM t0 FOR UPDATE;

    """

  private static func views(_ top: Int) -> String {
    "UPDATE v\(top) SET a = 1 WHERE b > 1;\nSELECT * FROM v\(top) FOR UPDATE;\n"
  }

  /// The text of each two numbers below a count.
  private static func mesh(_ count: Int, _ line: (Int, Int) -> String) -> String {
    lines(count) { first in lines(count) { line(first, $0) } }
  }

  private static func reference(_ table: Int, to parent: Int) -> String {
    """
    ALTER TABLE t\(table) ADD FOREIGN KEY (a) REFERENCES t\(parent) ON DELETE CASCADE \
    ON UPDATE SET NULL;
    """
  }

  private static func policy(_ table: Int, _ condition: String) -> String {
    """
    ALTER TABLE t\(table) ENABLE ROW LEVEL SECURITY;
    CREATE POLICY p ON t\(table) USING (\(condition));
    """
  }

  private static func trigger(_ table: Int, _ body: String) -> String {
    """
    CREATE FUNCTION f\(table)() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN \(body) RETURN NEW; END $$;
    CREATE TRIGGER x AFTER UPDATE ON t\(table) FOR EACH ROW EXECUTE FUNCTION f\(table)();
    """
  }
}
