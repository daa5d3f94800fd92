import CommandTesting
import Foundation
import Testing

@Suite("Input that is broken, strange or large")
struct BadInputTests {
  private static let write = "UPDATE c SET v = 1;\n"
  private static let good = "CREATE TABLE c (id int PRIMARY KEY, v int);\nUPDATE c SET v = 2;\n"

  /// Bytes, under a name for the report.
  struct Input: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let expected: [String]

    init(_ name: String, _ bytes: [UInt8], _ expected: [String]) {
      testDescription = name
      self.bytes = bytes
      self.expected = expected
    }

    init(_ name: String, _ text: String, _ expected: [String]) {
      self.init(name, Array(text.utf8), expected)
    }
  }

  static let small: [Input] = [
    Input("empty", "", []),
    Input("only comments", "-- one\n/* two /* three */ */\n", []),
    Input("only a semicolon", ";;\n", []),
    Input("BOM", [0xEF, 0xBB, 0xBF] + Array(write.utf8), ["1:1 unordered-bulk-write"]),
    Input(
      "CRLF", "SELECT 1;\r\n\r\nUPDATE c SET v = 1;\r\n", ["3:1 unordered-bulk-write"]),
    Input("no final newline", "SELECT 1;\nUPDATE c SET v = 1", ["2:1 unordered-bulk-write"]),
    Input(
      "invalid UTF-8", Array("SELECT '".utf8) + [0xFF, 0x80] + Array("';\n\(write)".utf8),
      ["1:9 syntax-error", "2:1 unordered-bulk-write"]),
    Input(
      "NUL in a string", "SELECT '\0';\n\(write)",
      ["1:9 syntax-error", "2:1 unordered-bulk-write"]),
    Input(
      "NUL between statements", "SELECT 1;\0\n\(write)",
      ["1:10 syntax-error", "2:1 unordered-bulk-write"]),
    Input("UTF-16, little-endian", utf16(write, isBig: false), ["1:1 syntax-error"]),
    Input("UTF-16, big-endian", utf16(write, isBig: true), ["1:1 syntax-error"]),
    Input(
      "no SQL", "<p>Not found</p>;\n\(write)", ["1:1 syntax-error", "2:1 unordered-bulk-write"]),
    Input(
      "unterminated parenthesis", "\(good)SELECT (1;\n\(write)",
      ["2:1 unordered-bulk-write", "3:10 syntax-error", "4:1 unordered-bulk-write"]),
  ]

  static let large: [Input] = [
    Input(
      "5,000 parentheses",
      "SELECT \(String(repeating: "(", count: 5000))1\(String(repeating: ")", count: 5000));\n\(write)",
      ["2:1 unordered-bulk-write"]),
    Input("100,000 terms", sum(100_000), ["2:1 unordered-bulk-write"]),
    Input("2,000,000 terms", sum(2_000_000), ["1:1 syntax-error", "2:1 unordered-bulk-write"]),
    Input(
      "100,000 rows",
      "INSERT INTO c VALUES (0, 0)\(String(repeating: ",\n(1, 0)", count: 99_999));\n\(write)",
      ["100001:1 unordered-bulk-write"]),
    Input(
      "100,000 statements", String(repeating: "SELECT 1 FROM c;\n", count: 100_000) + write,
      ["100001:1 unordered-bulk-write"]),
  ]

  private static func sum(_ terms: Int) -> String {
    "SELECT a\(String(repeating: "+a", count: terms - 1)) FROM c;\n\(write)"
  }

  private static func utf16(_ text: String, isBig: Bool) -> [UInt8] {
    "\u{FEFF}\(text)".utf16.flatMap { unit in
      let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return isBig ? bytes.reversed() : bytes
    }
  }

  @Test("What is strange is noted, and the rest is analysed", arguments: small)
  func strange(_ input: Input) async throws {
    #expect(try await Samples.found(in: input.bytes) == input.expected)
  }

  @Test("What is large or deep is analysed or noted, and the rest is analysed", arguments: large)
  func deep(_ input: Input) async throws {
    #expect(try await Samples.found(in: input.bytes) == input.expected)
  }

  @Test(
    "What is not closed is noted, and what stands around it is analysed",
    arguments: [
      ("SELECT 'abc;", "3:8"), ("SELECT $$abc;", "3:8"), ("SELECT $x$abc;", "3:8"),
      ("SELECT 1 /* abc;", "3:10"), ("SELECT \"abc;", "3:8"),
    ])
  func unterminated(text: String, place: String) async throws {
    let found = try await Samples.found(in: "\(Self.good)\(text)\n\n\(Self.write)")
    #expect(found.prefix(2) == ["2:1 unordered-bulk-write", "\(place) syntax-error"])
    #expect(found.last == "5:1 unordered-bulk-write")
  }

  @Test("The notes say what is wrong")
  func notes() async throws {
    let files = ["a.sql": "SELECT '\0';\n", "b.sql": "SELEC 1;\n", "c.sql": "SELECT 'x"]
    try await TemporaryFolder.with(files) { folder in
      try TemporaryFolder.write(
        Data(Self.utf16(Self.write, isBig: false)), to: "d.sql", in: folder)
      let outcome = try await Command.run(["lint", "--output-format", "concise"], in: folder)
      #expect(
        outcome.lines.map { $0.split(separator: "[syntax-error] ").last ?? "" } == [
          "NUL byte, read as a blank", "syntax error at or near `SELEC`",
          "unterminated quoted string",
          "the file is UTF-16; PostgreSQL reads UTF-8",
        ])
      #expect(outcome.code == 0)
    }
  }

  @Test("A dump of 50 MB is read")
  func dump() async throws {
    let head = """
      --
      -- PostgreSQL database dump
      --

      CREATE TABLE public.c (id bigint NOT NULL, v text);
      COPY public.c (id, v) FROM stdin;

      """
    let line = "1234567\tit's; $$ a line of data /* that looks -- like \"SQL\n"
    let tail = "\\.\n\nALTER TABLE ONLY public.c ADD CONSTRAINT c_pkey PRIMARY KEY (id);\n"
    try await TemporaryFolder.with { folder in
      var data = Data(head.utf8)
      let block = Data(String(repeating: line, count: 1000).utf8)
      while data.count < 50_000_000 { data.append(block) }
      data.append(Data(tail.utf8))
      try TemporaryFolder.write(data, to: "dump.sql", in: folder)
      let text = "UPDATE c SET v = 'x' WHERE id = 1;\nUPDATE c SET v = 'x';\n"
      try TemporaryFolder.write(Data(text.utf8), to: "queries.sql", in: folder)
      let outcome = try await Command.run(["lint", "--output-format", "concise"], in: folder)
      #expect(outcome.lines.count == 1)
      #expect(outcome.output.hasPrefix("queries.sql:2:1: warning[unordered-bulk-write]"))
    }
  }
}
