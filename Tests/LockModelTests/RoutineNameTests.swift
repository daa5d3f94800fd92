import Diagnostics
import Linting
import LockAnalysis
import LockModel
import Testing

/// Routines that are renamed, moved and dropped.
@Suite("Names of routines")
struct RoutineNameTests {
  private static let definition = """
    CREATE TABLE t (id int); CREATE TABLE log (n int);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE log SET n = 1; RETURN NULL; END $$;
    CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();

    """

  /// The functions with bodies that are left, and those that triggers call.
  private func names(_ text: String) -> [String] {
    let file = ProjectFile(
      SourceFile(path: "migrations/1.sql", bytes: Array((Self.definition + text).utf8)))
    let reader = ProjectReader(threads: 1, includesTests: false) { _ in false }
    let catalog = WorkloadBuilder(project: reader.read([file]).project, threads: 1).build().catalog
    let functions = catalog.functions.values.joined().map(\.name.description)
    let called = catalog.relations.values.flatMap(\.triggers).map { "trigger \($0.function)" }
    return functions.sorted() + called
  }

  @Test(
    "Triggers follow",
    arguments: [
      ("SELECT 1;", ["public.f", "trigger f"]),
      ("ALTER FUNCTION f() RENAME TO h;", ["public.h", "trigger h"]),
      ("ALTER FUNCTION f() SET SCHEMA s;", ["s.f", "trigger f"]),
      ("ALTER ROUTINE f RENAME TO h; DROP FUNCTION h CASCADE;", []),
      (
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f(int);",
        ["public.f", "trigger f"]
      ),
      (
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f() CASCADE;",
        ["public.f"]
      ),
      (
        "CREATE FUNCTION s.k() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION r.k();",
        ["public.f", "s.k", "trigger f"]
      ),
      ("DROP FUNCTION f CASCADE;", []),
      (
        "CREATE FUNCTION @extschema@.f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 2';",
        ["public.f", "public.f", "trigger f"]
      ),
    ])
  func follow(text: String, left: [String]) {
    #expect(names(text) == left)
  }

  @Test("What had its trigger dropped runs no more, its namesakes do")
  func dead() {
    let text =
      Self.definition
      + "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP TRIGGER g ON t;"
    let file = ProjectFile(SourceFile(path: "migrations/1.sql", bytes: Array(text.utf8)))
    let reader = ProjectReader(threads: 1, includesTests: false) { _ in false }
    let catalog = WorkloadBuilder(project: reader.read([file]).project, threads: 1).build().catalog
    #expect(catalog.functions["f"]?.count == 2)
    #expect(catalog.routineBodies.count == 1)
  }
}
