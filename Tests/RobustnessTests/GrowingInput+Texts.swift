/// Long files.
extension GrowingInput {
  static let texts = [
    GrowingInput("statements") { count in
      tables(1) + lines(count) { "UPDATE t0 SET a = \($0) WHERE b > 1;" }
    },
    GrowingInput("statements of a transaction") { count in
      tables(1) + "BEGIN;\n" + lines(count) { "UPDATE t0 SET a = \($0) WHERE b > 1;" } + "COMMIT;\n"
    },
    GrowingInput("savepoints") { count in
      tables(1) + "BEGIN;\n"
        + lines(count) { "SAVEPOINT s\($0);\nUPDATE t0 SET a = \($0) WHERE b > 1;" }
        + lines(count) { "ROLLBACK TO s\(count - 1 - $0);" } + "COMMIT;\n"
    },
    GrowingInput("savepoints that are given back, beside a bulk update") { count in
      tables(1) + "BEGIN;\nUPDATE t0 SET a = 0 WHERE b > 1;\n"
        + lines(count) {
          "SAVEPOINT s;\nUPDATE t0 SET a = \($0) WHERE id = \($0);\nROLLBACK TO s;"
        } + "COMMIT;\n"
    },
    GrowingInput("tables written to in a transaction") { count in
      tables(count) + "BEGIN;\n" + lines(count) { "UPDATE t\($0) SET a = 1 WHERE b > 1;" }
        + "COMMIT;\n"
    },
    GrowingInput("tables written to") { count in
      tables(count) + lines(count) { "UPDATE t\($0) SET a = 1 WHERE b > 1;" }
    },
    GrowingInput("comments that hide findings") { count in
      tables(1)
        + lines(count) {
          """
          -- sqllock:ignore unordered-bulk-write -- \($0)
          UPDATE t0 SET a = \($0) WHERE b > 1;
          """
        }
    },
    GrowingInput("comments that hide nothing") { count in
      lines(count) { "-- sqllock:ignore unordered-bulk-write -- \($0)" } + "SELECT 1;\n"
    },
    GrowingInput("parts that hide findings") { count in
      tables(1)
        + lines(count) { _ in "-- sqllock:ignore-start unordered-bulk-write" }
        + lines(count) { "UPDATE t0 SET a = \($0) WHERE b > 1;" }
        + lines(count) { _ in "-- sqllock:ignore-end unordered-bulk-write" }
    },
    GrowingInput("parts that hide one finding each") { count in
      tables(1)
        + lines(count) {
          """
          -- sqllock:ignore-start all
          UPDATE t0 SET a = \($0) WHERE b > 1;
          -- sqllock:ignore-end
          """
        }
    },
    GrowingInput("orders that comments assert") { count in
      tables(1)
        + lines(count) { _ in
          """
          -- sqllock:ordered id -- the caller sorts
          INSERT INTO t0 (id) VALUES ($1), ($2) ON CONFLICT (id) DO UPDATE SET a = 1;
          """
        }
    },
    GrowingInput("names before one BEGIN") { count in
      lines(count) { "-- name: q\($0) :exec" } + "BEGIN;\n" + lines(count) { "SELECT \($0);" }
        + "COMMIT;\n"
    },
    GrowingInput("comments in a row") { count in
      lines(count) { "-- comment \($0) /* \" ' $$" }
        + "SELECT 1 /* \(row(count) { "/* \($0) */" }) */;\n"
    },
    GrowingInput("statements that don't parse") { count in
      lines(count) { "SELEC \($0);" }
    },
    GrowingInput("brackets that don't close") { count in
      lines(count) { "SELECT (\($0 % 2 == 0 ? "{" : "[");" }
    },
    GrowingInput("quotes that don't close") { count in
      lines(count) { _ in "SELECT $a$ ' \" /* ;" }
    },
    GrowingInput("placeholders") { count in
      lines(count) { "SELECT :a\($0), ?, %s, {{ b }}, ${c}, @d FROM t0 WHERE x = :'y' FOR UPDATE;" }
    },
    GrowingInput("one very long line") { count in
      row(count, " ") { "UPDATE t0 SET a = \($0) WHERE b > 1;" }
    },
    GrowingInput("search paths") { count in
      tables(1)
        + lines(count) { "SET search_path = s\($0), public;\nUPDATE t0 SET a = 1 WHERE b > 1;" }
        + "SET search_path = \(row(count) { "s\($0)" });\nUPDATE t0 SET a = 1 WHERE b > 1;\n"
    },
    GrowingInput("sections of a migration") { count in
      lines(count) {
        "-- +goose Up\nCREATE TABLE t\($0) (id int);\n-- +goose Down\nDROP TABLE t\($0);"
      }
    },
  ]
}
