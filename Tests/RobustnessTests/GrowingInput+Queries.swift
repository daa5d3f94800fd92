/// Long and deep queries.
extension GrowingInput {
  static let queries = [
    GrowingInput("joins") { count in
      let joins = row(count, "\n") { "JOIN t0 x\($0 + 1) ON x\($0 + 1).id = x\($0).a" }
      return tables(1) + "SELECT * FROM t0 x0 \(joins) FOR UPDATE;\n"
        + "UPDATE t0 SET a = 1 FROM t0 x0 \(joins) WHERE t0.id = x0.id;\n"
    },
    GrowingInput("joins of different tables") { count in
      tables(count)
        + "SELECT * FROM t0\n\(row(count - 1, "\n") { "JOIN t\($0 + 1) USING (id)" }) FOR UPDATE;\n"
    },
    GrowingInput("a column of a sub-select used twice, nested", from: 4) { count in
      tables(1)
        + "SELECT * FROM \(row(count, "") { _ in "(SELECT x + x AS x, id FROM " })"
        + "(SELECT a AS x, id FROM t0) q\(row(count, "") { ") q\($0)" })"
        + " WHERE x = 1 ORDER BY x FOR UPDATE;\n"
    },
    GrowingInput("sub-selects in sub-selects", from: 4) { count in
      tables(1)
        + "UPDATE t0 SET a = 1 WHERE id IN "
        + row(count, "") { _ in "(SELECT id FROM t0 WHERE id IN " }
        + "(SELECT id FROM t0 FOR UPDATE)\(row(count, "") { _ in ")" });\n"
    },
    GrowingInput("unions") { count in
      tables(1)
        + "SELECT * FROM (\(row(count, " UNION ALL\n") { "SELECT id, \($0) FROM t0" })) u;\n"
        + "UPDATE t0 SET a = 1 WHERE id IN ("
        + row(count, " UNION\n") { _ in "SELECT id FROM t0" } + ");\n"
    },
    GrowingInput("CTEs that read the one before twice", from: 4) { count in
      let later = row(count, "") {
        ",\nw\($0 + 1) AS (SELECT x.* FROM w\($0) x JOIN w\($0) y USING (id))"
      }
      return tables(1)
        + "WITH w0 AS (SELECT * FROM t0)\(later) SELECT * FROM w\(count) ORDER BY id FOR UPDATE;\n"
    },
    GrowingInput("CTEs that write") { count in
      tables(1)
        + "WITH " + row(count, ",\n") { "w\($0) AS (UPDATE t0 SET a = \($0) RETURNING *)" }
        + " SELECT 1;\n"
    },
    GrowingInput("orders of one table", from: 8) { count in
      "CREATE TABLE t0 (id int PRIMARY KEY, \(row(count) { "c\($0) int UNIQUE NOT NULL" }));\n"
        + lines(count) { "SELECT * FROM t0 ORDER BY c\($0) FOR UPDATE;" }
    },
    GrowingInput("terms of an order") { count in
      "CREATE TABLE t0 (id int PRIMARY KEY, \(row(count) { "c\($0) int" }));\n"
        + "SELECT * FROM t0 ORDER BY \(row(count) { "c\($0) DESC" }) FOR UPDATE;\n"
    },
    GrowingInput("conditions joined by AND") { count in
      tables(1)
        + "UPDATE t0 SET a = 1 WHERE \(row(count, " AND ") { "b <> \($0) AND a = b" });\n"
    },
    GrowingInput("conditions joined by OR") { count in
      tables(1)
        + "UPDATE t0 SET a = 1 WHERE \(row(count, " OR ") { "(id = \($0) AND a = b)" });\n"
    },
    GrowingInput("rows of VALUES") { count in
      tables(1)
        + """
        INSERT INTO t0 VALUES \(row(count) { "(\($0), 1, 2)" })
          ON CONFLICT (id) DO UPDATE SET a = excluded.a;
        UPDATE t0 SET a = 1 WHERE id IN (\(row(count) { "\($0)" }));

        """
    },
    GrowingInput("columns") { count in
      "CREATE TABLE t0 (id int PRIMARY KEY, \(row(count) { "c\($0) int REFERENCES t1" }));\n"
        + "UPDATE t0 SET \(row(count) { "c\($0) = 1" }) WHERE c0 > 1;\n"
        + "INSERT INTO t0 SELECT * FROM t0;\n"
    },
    GrowingInput("merge clauses") { count in
      tables(1)
        + "MERGE INTO t0 USING t0 s ON t0.id = s.id\n"
        + lines(count) { "WHEN MATCHED AND s.a = \($0) THEN UPDATE SET b = \($0)" } + ";\n"
    },
  ]
}
