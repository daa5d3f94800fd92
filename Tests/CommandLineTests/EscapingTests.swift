import CommandTesting
import Foundation
import Reports
import Testing

@Suite("Text from the input in every format")
struct EscapingTests {
  /// What a terminal, a reader of lines or a reader of text could take for more than text.
  private static let hostile: [(name: String, text: String)] = [
    ("ESC and BEL", "\u{1B}]0;x\u{7}\u{1B}[2J"), ("a line end", "a\n::error::b"),
    ("CR LF", "a\r\n::error file=a.sql::b"), ("CR", "a\r::error::b"), ("DEL", "a\u{7F}b"),
    ("C1", "a\u{9B}31m\u{85}::error::b"), ("bidi", "a\u{202E}\u{2066}b\u{2069}\u{61C}\u{200F}"),
    ("line separators", "a\u{2028}::error::b\u{2029}c"), ("form feed", "a\u{C}\u{B}::error::b"),
  ]

  /// Statements that bring a name into as many places of the output as there are.
  private static func sql(_ name: String) -> String {
    let quoted = "\"\(name)\""
    return """
      -- sqllock:ignore \(name.filter { !$0.isNewline })
      CREATE TABLE \(quoted) (\(quoted) int PRIMARY KEY, v int, w int UNIQUE REFERENCES \(quoted));
      CREATE FUNCTION \(quoted)(int) RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        FOR r IN SELECT v FROM \(quoted) LOOP UPDATE \(quoted) SET v = 1 WHERE v = r.v; END LOOP;
        EXECUTE 'UPDATE ' || \(quoted);
      EXCEPTION WHEN deadlock_detected THEN NULL; END $$;
      CREATE TRIGGER \(quoted) AFTER UPDATE ON \(quoted) FOR EACH ROW EXECUTE FUNCTION \(quoted)(1);
      -- name: \(name.filter { !$0.isNewline }) :exec
      UPDATE \(quoted) SET v = 1 WHERE v > 1;
      UPDATE \(quoted) SET v = 1 WHERE v > 1 /* \(name)
      \(name) */ AND w > 1;
      UPDATE "unknown \(name)" SET v = 1 WHERE v > 1;
      DELETE FROM \(quoted) USING "other \(name)" o WHERE o.\(quoted) = \(quoted).v;
      INSERT INTO \(quoted) SELECT \(quoted), v FROM \(quoted)
        ON CONFLICT (\(quoted)) DO UPDATE SET v = 1;
      SELECT * FROM \(quoted) ORDER BY v, "\(name) x", '\(name)' FOR UPDATE;
      SELECT * FROM \(quoted) ORDER BY \(quoted) DESC FOR UPDATE;
      SELECT pg_advisory_xact_lock(hashtext('\(name)' || v)) FROM \(quoted);
      SELECT \(quoted)(1) FROM \(quoted);
      SELECT \(name);
      SELECT "\(name)" "\(name)" "\(name)";
      CREATE FUNCTION g() RETURNS int LANGUAGE "\(name)" AS 'x';

      """
  }

  private static let runs =
    OutputFormat.allCases.map {
      ["lint", "-v", "--select", "all", "--output-format", $0.rawValue]
    } + ["text", "json"].map { ["locks", "-v", "--output-format", $0] }

  @Test(
    "No control character of the input reaches a stream", arguments: runs, hostile.map(\.text))
  func streams(arguments: [String], name: String) async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await Command.run(
        arguments + ["-", "--stdin-filename", "\(name).sql"], in: folder,
        input: Array(Self.sql(name).utf8))
      try #require(outcome.code == 0 || outcome.code == 1, "\(outcome)")
      #expect(outcome.output.count > 500)
      #expect(Self.steering(in: outcome.output) == [])
      #expect(Self.steering(in: outcome.error) == [])
    }
  }

  @Test(
    "No line of the input becomes a workflow command",
    arguments: [
      ["lint", "-v", "--output-format", "github"], ["lint", "-v", "--output-format", "concise"],
      ["locks", "-v"],
    ], hostile.map(\.text))
  func commands(arguments: [String], name: String) async throws {
    try await TemporaryFolder.with { folder in
      for path in [name, "::error::\(name)", " ::error::\(name)"] {
        let outcome = try await Command.run(
          arguments + ["-", "--stdin-filename", path], in: folder, input: Array(Self.sql(name).utf8)
        )
        let lines = (outcome.output + "\n" + outcome.error).split(whereSeparator: \.isNewline)
          .map { $0.drop { $0.isWhitespace } }
        let commands = lines.filter { $0.hasPrefix("::") }
        let own = commands.filter {
          $0.wholeMatch(of: /::(error|warning|notice) file=[^:]*,title=sqllock [a-z-]+::.*/) != nil
        }
        #expect(commands == (arguments.contains("github") ? own : []))
        #expect(own.isEmpty != arguments.contains("github"))
      }
    }
  }

  @Test("A name that is not UTF-8 steers nothing either", arguments: runs)
  func bytes(arguments: [String]) async throws {
    try await TemporaryFolder.with { folder in
      let name: [UInt8] = [0x9B, 0xFF, 0xC2, 0xED, 0xA0, 0x80, 0xE2, 0x80]
      let text = Array("UPDATE \"x".utf8) + name + Array("\" SET a = 1 WHERE b > 1;\n".utf8)
      let outcome = try await Command.run(arguments + ["-"], in: folder, input: text)
      #expect(outcome.code == 0 || outcome.code == 1)
      #expect(Self.steering(in: outcome.output + outcome.error) == [])
    }
  }

  @Test("Errors name strange files and arguments on one line", arguments: hostile.map(\.text))
  func errors(name: String) async throws {
    try await TemporaryFolder.with { folder in
      let outcomes = [
        try await Command.run(["lint", "missing \(name)"], in: folder),
        try await Command.run(["locks", "missing \(name)"], in: folder),
        try await Command.run(["lint", "-", "--output-file", "missing \(name)/x"], in: folder),
        try await Command.run(["lint", "--select", name], in: folder),
        try await Command.run(["explain", name], in: folder),
        try await Command.run(["lint"], in: folder, environment: ["SQLLOCK_OUTPUT_FORMAT": name]),
      ]
      for outcome in outcomes {
        #expect(outcome.code == 2 && outcome.error.hasPrefix("error: "))
        #expect(outcome.error.split(whereSeparator: \.isNewline).count == 1)
        #expect(Self.steering(in: outcome.error) == [])
      }
    }
  }

  @Test("JSON gives back what was read", arguments: hostile.map(\.text))
  func json(name: String) async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await Command.run(
        ["locks", "--output-format", "json", "-"], in: folder,
        input: Array("UPDATE \"\(name)\" SET a = 1;\n".utf8))
      let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      let statements = (document as? [String: Any])?["statements"] as? [[String: Any]]
      let locks = try #require(statements?.first?["locks"] as? [[String: Any]])
      #expect(locks.first?["relation"] as? String == "public.\(name)")
    }
  }

  /// Control characters other than the ends of lines, and what changes the direction of text.
  private static func steering(in text: String) -> [String] {
    text.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x0A: false
      case 0x00...0x1F, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
      default: false
      }
    }.map { "U+" + String($0.value, radix: 16, uppercase: true) }
  }
}
