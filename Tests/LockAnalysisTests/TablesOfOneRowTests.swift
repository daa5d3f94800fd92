import Diagnostics
import Testing

/// Tables that are read as one value.
@Suite("Tables of one row")
struct TablesOfOneRowTests {
  @Test(
    "What fails where there are two rows tells that there is one",
    arguments: [
      ("CREATE VIEW v AS SELECT (SELECT a FROM state);", true),
      ("SELECT * FROM u WHERE id > (SELECT s.a + 1 FROM state s) AND id < $1;", true),
      (
        """
        CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN
          x := (SELECT a FROM state);
          RETURN x;
        END $$;
        """, true
      ),
      (
        """
        CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN
          SELECT a INTO STRICT x FROM state;
          RETURN x;
        END $$;
        """, true
      ),
      (
        """
        CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN
          SELECT a INTO x FROM state;
          RETURN x;
        END $$;
        """, false
      ),
      ("CREATE VIEW v AS SELECT (SELECT max(a) FROM state);", false),
      ("CREATE VIEW v AS SELECT (SELECT a FROM state WHERE id = 1);", false),
      ("CREATE VIEW v AS SELECT (SELECT a FROM state LIMIT 1);", false),
      ("CREATE VIEW v AS SELECT (SELECT a FROM state, u);", false),
      ("CREATE VIEW v AS SELECT ARRAY(SELECT a FROM state);", false),
      ("CREATE VIEW v AS SELECT a FROM state WHERE a IN (SELECT a FROM state);", false),
      ("CREATE VIEW v AS SELECT (SELECT a FROM other.state);", false),
    ])
  func read(sql: String, isOneRow: Bool) throws {
    let found = try linted(
      """
      CREATE TABLE state (id int PRIMARY KEY, a int);
      CREATE TABLE u (id int PRIMARY KEY);
      CREATE TABLE other.state (id int PRIMARY KEY, a int);
      \(sql)
      CREATE FUNCTION set_state(x int) RETURNS void LANGUAGE sql AS 'UPDATE state SET a = x';
      """)
    #expect(found.contains { $0.severity == .warning } != isOneRow)
  }
}
