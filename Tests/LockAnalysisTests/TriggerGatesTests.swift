import Diagnostics
import Linting
import LockAnalysis
import SQLLockRules
import Testing

/// What fires a trigger keeps copies of its function apart.
@Suite("Trigger gates")
struct TriggerGatesTests {
  private static let schema = """
    CREATE TABLE points (id int PRIMARY KEY, name text);
    CREATE TABLE updates (id serial PRIMARY KEY, t text, UNIQUE (t));
    CREATE FUNCTION rename_points() RETURNS void LANGUAGE sql AS $$ UPDATE points SET name = 'x' WHERE name <> 'x' $$;
    CREATE FUNCTION refresh() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM rename_points(); DELETE FROM updates; RETURN NULL; END $$;

    """
  private static let trigger =
    "CREATE CONSTRAINT TRIGGER refresh AFTER INSERT ON updates INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refresh();\n"
  private static let flag = "INSERT INTO updates (t) VALUES ('y') ON CONFLICT (t) DO NOTHING;\n"

  /// The messages of what is found in a text under the schema.
  private func messages(_ text: String) throws -> [String] {
    return try linted(Self.schema + text)
      .map(\.message)
  }

  @Test("A trigger that fires for the one row of a table runs once at a time")
  func oneRow() throws {
    #expect(try messages(Self.trigger + Self.flag).isEmpty)
  }

  @Test(
    "It does not when the row can be another, or when something else runs the function",
    arguments: [
      trigger + flag + "INSERT INTO updates (t) VALUES ('z');",
      trigger + flag + "INSERT INTO updates (t) VALUES ($1);",
      trigger + "SELECT 1;",
      trigger.replacing("AFTER INSERT", with: "AFTER INSERT OR UPDATE") + flag,
      trigger + flag + "SELECT rename_points();",
    ])
  func open(text: String) throws {
    #expect(try messages(text).contains { $0.contains("rename_points") })
  }

  @Test("Who comes another way is met, and named")
  func stranger() throws {
    let found = try messages(Self.trigger + Self.flag + "UPDATE points SET name = 'y';")
    #expect(found.contains { $0.contains("`points`") && $0.hasSuffix("with q.sql:7") })
    #expect(!found.contains { $0.contains("two calls of `rename_points()`") })
  }

  private static let fill = """
    CREATE TABLE points (id int PRIMARY KEY, name text);
    CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS $$ UPDATE points SET name = 'x' WHERE name <> 'x' $$;

    """

  /// The findings as warnings and notes, where the text is a script of a folder.
  private func severities(ofScript text: String) throws -> [String] {
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    let source = SourceFile(path: "q.sql", bytes: Array((Self.fill + text).utf8))
    return RuleCatalog.linter(selection: selection, threads: 1)
      .lint(
        [ProjectFile(source)],
        with: ProjectReader(threads: 1, includesTests: false) { _ in false }
      ).findings.filter { $0.message.contains("points") }.map(\.severity.rawValue)
  }

  @Test("What only a script calls that runs once meets no copy of itself")
  func once() throws {
    #expect(try severities(ofScript: "SELECT fill();") == ["note"])
    #expect(try severities(ofScript: "SELECT 1;") == ["warning"])
    #expect(
      try severities(
        ofScript: """
          SELECT fill();
          CREATE FUNCTION g() RETURNS void LANGUAGE sql AS $$ SELECT fill() $$;
          """) == ["warning"])
  }

  private static let tree = """
    CREATE TABLE nodes (id int PRIMARY KEY, name text);
    CREATE TABLE notes (id int PRIMARY KEY, node int, page int, text text);

    """

  private static func delete(_ condition: String, _ head: String = "AFTER DELETE") -> String {
    tree + """
      CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM notes WHERE \(condition); RETURN NULL; END $$;
      CREATE TRIGGER forget \(head) ON nodes FOR EACH ROW EXECUTE FUNCTION forget();

      """
  }

  @Test(
    "Rows that are found by a key of the row that fires a trigger are its own",
    arguments: [
      delete("node = OLD.id"), delete("node = OLD.id", "BEFORE DELETE"),
      delete("node = OLD.id AND page > 3"), delete("node = NEW.id", "AFTER UPDATE"),
      delete("node = NEW.id", "AFTER INSERT"), delete("node = OLD.id", "BEFORE UPDATE"),
    ])
  func own(text: String) throws {
    #expect(try messages(text).filter { $0.contains("notes") } == [])
  }

  private static func afterStatement(_ write: String, _ event: String, _ rows: String) -> String {
    tree + """
      CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \(write); RETURN NULL; END $$;
      CREATE TRIGGER forget AFTER \(event) ON nodes REFERENCING \(rows) AS fired FOR EACH STATEMENT EXECUTE FUNCTION forget();

      """
  }

  @Test(
    "So are those that are joined to the rows that a statement has written",
    arguments: [
      afterStatement(
        "DELETE FROM notes USING fired WHERE notes.node = fired.id", "DELETE", "OLD TABLE"),
      afterStatement(
        "UPDATE notes SET text = '' FROM fired f WHERE notes.node = f.id", "UPDATE", "NEW TABLE"),
      afterStatement(
        "WITH x AS (SELECT id FROM fired) DELETE FROM notes n USING x WHERE n.node = x.id",
        "DELETE", "OLD TABLE"),
    ])
  func transition(text: String) throws {
    #expect(try messages(text).filter { $0.contains("notes") } == [])
  }

  @Test(
    "Those that are joined by something else are not",
    arguments: [
      afterStatement(
        "DELETE FROM notes USING fired WHERE notes.text = fired.name", "DELETE", "OLD TABLE"),
      afterStatement(
        "DELETE FROM notes USING nodes WHERE notes.node = nodes.id", "DELETE", "OLD TABLE"),
    ])
  func otherTransition(text: String) throws {
    #expect(try messages(text).contains { $0.contains("`notes`") })
  }

  @Test(
    "The key of a row that is about to be updated is locked, and that of the one subtype a row has")
  func beforeUpdate() throws {
    #expect(
      try messages(Self.delete("node = NEW.id", "BEFORE UPDATE")).filter { $0.contains("notes") }
        == [])
    let subtypes = """
      CREATE TABLE base (id int PRIMARY KEY);
      CREATE TABLE one (id int PRIMARY KEY REFERENCES base);
      CREATE TABLE two (id int PRIMARY KEY REFERENCES base);
      CREATE TABLE notes (id int PRIMARY KEY, base int);
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM notes WHERE base = OLD.id; RETURN NULL; END $$;
      CREATE TRIGGER f AFTER DELETE ON one FOR EACH ROW EXECUTE FUNCTION f();
      CREATE TRIGGER f AFTER DELETE ON two FOR EACH ROW EXECUTE FUNCTION f();
      """
    #expect(try messages(subtypes).filter { $0.contains("notes") } == [])
  }

  @Test(
    "Those found by something else are not",
    arguments: [
      delete("text = OLD.name"), delete("page > OLD.id"),
      delete("node = NEW.id", "BEFORE INSERT"),
      delete("node = NEW.id", "BEFORE UPDATE") + "UPDATE nodes SET id = $1 WHERE id = $2;",
      delete("node = OLD.id").replacing("FOR EACH ROW", with: "FOR EACH STATEMENT"),
      delete("node = OLD.id")
        + "CREATE TRIGGER f AFTER DELETE ON points FOR EACH ROW EXECUTE FUNCTION forget();",
      delete("node = OLD.id") + "DELETE FROM notes WHERE page = $1;",
      delete("node = OLD.id") + "UPDATE notes SET node = $1 WHERE id = $2;",
    ])
  func others(text: String) throws {
    #expect(try messages(text).contains { $0.contains("`notes`") })
  }
}
