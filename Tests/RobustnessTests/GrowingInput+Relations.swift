/// Tables over tables: partitions and inheritance.
extension GrowingInput {
  static let relations = [
    GrowingInput("a circle of attached partitions") { count in
      lines(count) { "CREATE TABLE t\($0) (id int, a int, b int) PARTITION BY RANGE (id);" }
        + lines(count) {
          "ALTER TABLE t\($0) ATTACH PARTITION t\(($0 + 1) % count) DEFAULT;"
        } + uses
    },
    GrowingInput("tables attached to themselves") { count in
      lines(count) {
        """
        CREATE TABLE s.t\($0) (id int, a int, b int);
        ALTER TABLE t\($0) ATTACH PARTITION s.t\($0) DEFAULT;
        UPDATE t\($0) SET a = 1 WHERE b > 1;
        """
      }
    },
    GrowingInput("partitions renamed to their parent") { count in
      "CREATE TABLE t0 (id int, a int, b int) PARTITION BY RANGE (id);\n"
        + lines(count) {
          """
          CREATE TABLE p\($0) PARTITION OF t0 DEFAULT;
          ALTER TABLE p\($0) RENAME TO t0;
          """
        } + uses
    },
    GrowingInput("a circle of inheritance") { count in
      tables(count) + lines(count) { "ALTER TABLE t\($0) INHERIT t\(($0 + 1) % count);" } + uses
    },
    GrowingInput("tables that inherit from themselves") { count in
      tables(count)
        + lines(count) {
          """
          ALTER TABLE t\($0) INHERIT t\($0);
          ALTER TABLE t\($0) RENAME a TO c;
          DELETE FROM t\($0) WHERE b > 1;
          """
        }
    },
    GrowingInput("diamonds of inheritance, written to", from: 4) { count in
      diamonds(count) + "UPDATE a0 SET v = 1 WHERE v > 1;\nSELECT * FROM a0 FOR UPDATE;\n"
    },
    GrowingInput("diamonds of inheritance, altered", from: 4) { count in
      diamonds(count)
        + """
        ALTER TABLE a0 ADD COLUMN w int;
        ALTER TABLE a0 RENAME COLUMN v TO u;
        DROP TABLE a0 CASCADE;

        """
    },
    GrowingInput("a chain of inheritance", from: 4) { count in
      tables(1) + lines(count) { "CREATE TABLE t\($0 + 1) () INHERITS (t\($0));" } + uses
    },
    GrowingInput("partitions") { count in
      "CREATE TABLE t0 (id int PRIMARY KEY, a int, b int) PARTITION BY LIST (id);\n"
        + lines(count) { "CREATE TABLE p\($0) PARTITION OF t0 FOR VALUES IN (\($0));" } + uses
    },
    GrowingInput("partitions in partitions", from: 4) { count in
      "CREATE TABLE t0 (id int, a int, b int) PARTITION BY RANGE (id);\n"
        + lines(count) {
          "CREATE TABLE t\($0 + 1) PARTITION OF t\($0) DEFAULT PARTITION BY RANGE (id);"
        } + uses
    },
    GrowingInput("conditions on a partitioned table") { count in
      """
      CREATE TABLE t0 (id int, \(row(count) { "c\($0) int" })) PARTITION BY RANGE (id);
      CREATE TABLE p0 PARTITION OF t0 FOR VALUES FROM (0) TO (9);
      SELECT * FROM t0 WHERE \(row(count - 1, " AND ") { "c\($0) = c\($0 + 1)" }) AND id = c0;

      """
    },
    GrowingInput("tables made again") { count in
      lines(count) { _ in
        """
        CREATE TABLE t0 (id int PRIMARY KEY, a int, b int);
        CREATE INDEX i ON t0 (a);
        UPDATE t0 SET a = 1 WHERE b > 1;
        DROP TABLE t0 CASCADE;
        """
      }
    },
    GrowingInput("renames in a row") { count in
      tables(1) + lines(count) { "ALTER TABLE t\($0) RENAME TO t\($0 + 1);" }
        + lines(count) { "UPDATE t\(count) SET a = \($0) WHERE id = \($0);" }
    },
    GrowingInput("moves between schemas") { count in
      tables(1) + "CREATE SCHEMA s0;\n"
        + lines(count) {
          """
          CREATE SCHEMA s\($0 + 1);
          ALTER TABLE \($0 == 0 ? "public" : "s\($0)").t0 SET SCHEMA s\($0 + 1);
          """
        } + "UPDATE s\(count).t0 SET a = 1 WHERE b > 1;\n"
    },
    GrowingInput("indexes of one table") { count in
      tables(1) + lines(count) { "CREATE UNIQUE INDEX i\($0) ON t0 (a, (b + \($0)));" } + uses
    },
    GrowingInput("a long index expression") { count in
      tables(1)
        + """
        CREATE UNIQUE INDEX i ON t0 ((\(row(count, " + ") { _ in "a" })));
        INSERT INTO t0 SELECT 1, 2, 3 ON CONFLICT ((\(row(count, " + ") { _ in "a" }))) DO NOTHING;

        """ + uses
    },
  ]

  /// What the ways through partitions and children are walked for.
  private static let uses = """
    UPDATE t0 SET a = 1 WHERE b > 1;
    DELETE FROM t0 WHERE id = 1;
    INSERT INTO t0 VALUES (1, 2, 3);
    SELECT * FROM t0 ORDER BY id FOR UPDATE;
    DROP TRIGGER x ON t0;
    CREATE TRIGGER x AFTER UPDATE ON t0 FOR EACH ROW EXECUTE FUNCTION f();
    ALTER TABLE t0 RENAME COLUMN a TO c;
    ALTER TABLE t0 ADD FOREIGN KEY (b) REFERENCES t0;
    TRUNCATE t0;

    """

  private static func diamonds(_ count: Int) -> String {
    "CREATE TABLE a0 (id int PRIMARY KEY, v int);\nCREATE TABLE b0 (id int PRIMARY KEY, v int);\n"
      + lines(count) {
        """
        CREATE TABLE a\($0 + 1) () INHERITS (a\($0), b\($0));
        CREATE TABLE b\($0 + 1) () INHERITS (a\($0), b\($0));
        """
      }
  }
}
