/// Functions over functions, and long bodies.
extension GrowingInput {
  static let routines = [
    GrowingInput("functions in functions", from: 4) { count in
      tables(1) + function(0, "UPDATE t0 SET a = 1 WHERE b > 1;")
        + lines(count) { function($0 + 1, "PERFORM f\($0)();") } + "SELECT f\(count)();\n"
    },
    GrowingInput("functions that call the one before twice", from: 4) { count in
      tables(1) + function(0, "UPDATE t0 SET a = 1 WHERE b > 1;")
        + lines(count) { function($0 + 1, "PERFORM f\($0)(); PERFORM f\($0)();") }
        + "SELECT f\(count)();\n"
    },
    GrowingInput("functions that all call each other", from: 3) { count in
      tables(1)
        + lines(count) { _ in "" }
        + lines(count) {
          function($0, "UPDATE t0 SET a = 1; " + row(count, " ") { "PERFORM f\($0)();" })
        } + "SELECT f0();\n"
    },
    GrowingInput("an argument used eight times, nested", from: 2) { count in
      let sum = row(8, " + ") { _ in "x" }
      return tables(1) + function(0, "UPDATE t0 SET a = x WHERE id = x;", "x int")
        + lines(count) { function($0 + 1, "PERFORM f\($0)(\(sum));", "x int") }
        + "SELECT f\(count)(1);\n"
    },
    GrowingInput("calls of a long function", from: 8) { count in
      tables(1)
        + function(0, lines(count) { "UPDATE t0 SET a = \($0) WHERE b = \($0);" })
        + lines(count) { _ in "SELECT f0();" }
    },
    GrowingInput("calls of a long function in another one", from: 8) { count in
      tables(1)
        + function(0, lines(count) { "UPDATE t0 SET a = \($0) WHERE b = \($0);" })
        + function(1, lines(count) { _ in "PERFORM f0();" }) + "SELECT f1();\n"
    },
    GrowingInput("a long function") { count in
      tables(1) + function(0, lines(count) { "UPDATE t0 SET a = \($0) WHERE id = \($0);" })
        + "SELECT f0();\n"
    },
    GrowingInput("IF … RETURN in a row", from: 4) { count in
      tables(1)
        + function(
          0,
          lines(count) { "IF x = \($0) THEN UPDATE t0 SET a = 1 WHERE b = x; RETURN; END IF;" },
          "x int") + "SELECT f0(1);\n"
    },
    GrowingInput("IF … ELSE in a row", from: 4) { count in
      tables(2)
        + function(
          0,
          lines(count) {
            "IF x = \($0) THEN UPDATE t0 SET a = 1; ELSE UPDATE t1 SET a = 1; END IF;"
          }, "x int") + "SELECT f0(1);\n"
    },
    GrowingInput("loops in loops", from: 4) { count in
      tables(1)
        + function(
          0,
          row(count, " ") { "FOR r\($0) IN SELECT * FROM t0 LOOP" } + " UPDATE t0 SET a = 1; "
            + row(count, " ") { _ in "END LOOP;" }) + "SELECT f0();\n"
    },
    GrowingInput("exception blocks in a row") { count in
      tables(1)
        + function(
          0,
          lines(count) {
            "BEGIN UPDATE t0 SET a = \($0); EXCEPTION WHEN others THEN UPDATE t0 SET b = 1; END;"
          }) + "SELECT f0();\n"
    },
    GrowingInput("overloads") { count in
      tables(1)
        + lines(count) {
          "CREATE FUNCTION f(\(row($0 % 8) { _ in "int" })\($0 % 8 == 0 ? "" : ", ")t\($0)) "
            + "RETURNS void LANGUAGE sql AS 'UPDATE t0 SET a = \($0) WHERE b > 1';"
        } + lines(count) { "SELECT f(\(row($0 % 8 + 1) { "\($0)" }));" }
    },
    GrowingInput("functions made again") { count in
      tables(1)
        + lines(count) {
          function(0, "UPDATE t0 SET a = \($0) WHERE b > 1;") + "SELECT f0();"
        }
    },
    GrowingInput("formats with numbers that overflow") { count in
      lines(count) {
        "DO $$ BEGIN EXECUTE format('SELECT %9223372036854775807$s, %9999999999s', \($0)); END $$;"
      }
    },
    GrowingInput("calls of dynamic SQL in a transaction") { count in
      tables(1) + function(0, "EXECUTE 'UPDATE t0 SET a = 1 WHERE b = 2';") + "BEGIN;\n"
        + lines(count) { "SELECT f0();\nUPDATE t0 SET a = \($0) WHERE b = 3;" } + "COMMIT;\n"
    },
    GrowingInput("variables of texts that grow") { count in
      tables(1)
        + function(
          0,
          "DECLARE v0 text := 'UPDATE t0 SET a = 1';\n"
            + lines(count) { "v\($0 + 1) text := v\($0) || v\($0);" } + "BEGIN\n"
            + lines(count) { "x := '\($0)'; EXECUTE v\($0);" } + "END;", "x text")
    },
    GrowingInput("variables that get values on many ways") { count in
      tables(1)
        + function(
          0,
          lines(count) {
            "x\($0) := 'UPDATE t0 SET a = \($0)'; EXECUTE x\($0) || ' WHERE b = ' || x\($0 / 2);"
          }, row(count) { "x\($0) text" })
    },
    GrowingInput("SQL put together of literals") { count in
      tables(1)
        + lines(count) { "DO $$ BEGIN EXECUTE 'UPDATE t0 SET a = \($0) WHERE b > 1'; END $$;" }
    },
  ]

  private static func function(_ number: Int, _ body: String, _ arguments: String = "") -> String {
    """
    CREATE OR REPLACE FUNCTION f\(number)(\(arguments)) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    \(body)
    END $$;

    """
  }
}
