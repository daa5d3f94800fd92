import Diagnostics
import Testing

@testable import PostgresSyntax

/// Text that is repeated to megabytes: work in the square of its size would not end.
struct RepeatedText: CustomTestStringConvertible, Sendable {
  let opening: String
  let unit: @Sendable (Int) -> String
  let closing: String

  init(_ unit: String, after opening: String = "", before closing: String = "") {
    self.init({ _ in unit }, after: opening, before: closing)
  }

  init(
    _ unit: @escaping @Sendable (Int) -> String, after opening: String = "",
    before closing: String = ""
  ) {
    self.opening = opening
    self.unit = unit
    self.closing = closing
  }

  var testDescription: String { "\(opening)\(unit(0))…\(closing)" }

  /// About so many bytes of it.
  func text(bytes: Int) -> String {
    var result = opening
    var index = 0
    while result.utf8.count < bytes {
      result += unit(index)
      index += 1
    }
    return result + closing
  }
}

@Suite("Megabytes of openings without ends")
struct HostileTextTests {
  private static let size = 1 << 19

  private func parsed(_ example: RepeatedText, bytes: Int = size) -> ParsedFile {
    parse(example.text(bytes: bytes))
  }

  @Test(
    "quotes and comments that do not end cost no more than their length",
    arguments: [
      RepeatedText({ "\n\nSELECT $a\($0)$" }), RepeatedText("\n\nSELECT /* /* */"),
      RepeatedText("\n\nSELECT */* /*", after: "/*/*/*"), RepeatedText("\n\nSELECT 'a ''"),
      RepeatedText("\nSELECT E'\\'"), RepeatedText("\nSELECT \"a\"\""),
      RepeatedText("/* ", before: "\n\nSELECT 1"),
    ])
  func unterminated(_ example: RepeatedText) {
    let file = parsed(example)
    #expect(file.statements.count + file.failures.count > 0)
  }

  @Test("a quote that has no end is known after the first search, one that has is read")
  func laterQuotes() {
    let file = parse("SELECT $a$\n\nSELECT $b$ x $b$;\nSELECT $a $$;$$;\nSELECT 1")
    #expect(file.statements.map { file.source.text($0.range) }.contains("SELECT $b$ x $b$"))
    #expect(file.statements.last.map { file.source.text($0.range) } == "SELECT 1")
  }

  @Test("after a comment without an end others end at their first closing")
  func laterComments() {
    let file = parse("SELECT /* a\n\nSELECT 1; /* b */ SELECT 2; /* c /* d */ SELECT 3;")
    #expect(
      file.statements.map { file.source.text($0.range) } == ["SELECT 1", "SELECT 2", "SELECT 3"])
  }

  @Test("comments nest as deep as there is text")
  func nestedComments() {
    let depth = Self.size / 6
    let comment =
      String(repeating: "/* ", count: depth) + String(repeating: " */", count: depth)
    #expect(parse("SELECT 1 \(comment); SELECT 2").statements.count == 2)
  }

  @Test("signs that the scanner reads again and again are not given to it")
  func signs() {
    let signs = String(repeating: "+-", count: Self.size / 2)
    let openings = String(repeating: "/*", count: Self.size / 2)
    let closings = String(repeating: "*/", count: Self.size / 2)
    let texts = [
      "SELECT \(signs)1", "SELECT 1 \(openings)\(closings)", "DO $$BEGIN x := f(\(signs)1); END$$",
      "DO $$BEGIN x := f(1 \(openings)\(closings)); END$$",
    ]
    for text in texts {
      let file = parse("\(text); SELECT 2")
      #expect(file.statements.last.map { file.source.text($0.range) } == "SELECT 2")
      #expect(file.failures.map { $0.message.prefix(15) } == ["may nest deeper"])
    }
    #expect(parse("SELECT 1 +-+-+-+-+ 1, a /*/*/* b */*/*/").failures.isEmpty)
  }

  @Test(
    "placeholders and tags that do not end cost no more than their length",
    arguments: [
      "{", "${", "#{", "<%= ", "<% if ", "{{ ", "{% ", "{# ", "%(", "%(a", "?{", "<% <% |",
    ])
  func templates(_ opening: String) {
    for unit in [opening, "SELECT \(opening)\n", "\(opening)+/**/"] {
      let text = Array(RepeatedText(unit, after: "SELECT ").text(bytes: Self.size / 16).utf8)
      let steps = text.withUnsafeBufferPointer { buffer in
        var lexer = Lexer(buffer)
        while lexer.next() != nil {}
        return lexer.ahead.steps
      }
      #expect(steps <= 3 * text.count)
    }
  }

  @Test("a COPY without data does not look for it again")
  func copies() {
    let count = Self.size / 16
    let file = parse(String(repeating: "COPY t FROM stdin;\n", count: count) + "SELECT 1")
    #expect(file.statements.count == count + 1)
  }

  @Test("comments that name queries in a statement are looked beyond once")
  func names() {
    let names = RepeatedText("-- name: x\n", after: "INSERT INTO t (a)\n", before: "SELECT 1")
    #expect(parsed(names).statements.count == 1)
    let wrong = RepeatedText("INSERT INTO t (a)\n-- name: x\n")
    #expect(!parsed(wrong).failures.isEmpty)
  }

  @Test("bad statements cost no more than good ones, however many there are")
  func badStatements() {
    let count = Self.size / 32
    let bad = parse(String(repeating: "SELEC 1; ", count: count))
    #expect(bad.failures.count == count)
    let mixed = parse(String(repeating: "SELECT 1; SELEC 2; ", count: count / 2))
    #expect(mixed.failures.count == count / 2 && mixed.statements.count == count / 2)
    let starts = mixed.statements.map(\.range.lowerBound)
    #expect(starts == (0..<count / 2).map { $0 * 19 })
  }

  @Test("what can't be understood in a body is compared with nothing before it")
  func bodyFailures() {
    let text = RepeatedText(") ; ", after: "DO $$ BEGIN ", before: "END $$; SELECT 1")
    let file = parsed(text, bytes: Self.size / 4)
    #expect(file.statements.count == 2 && file.failures.count > Self.size / 32)
  }

  @Test(
    "bodies full of what can't be understood are read to their end",
    arguments: ["SELEC 1; ", "IF a THEN ", "<<a>> ", "FOR x ", "x := (((f(1; ", "CASE "])
  func bodies(_ unit: String) {
    let text = RepeatedText(unit, after: "DO $$ BEGIN ", before: "END $$; SELECT 1")
    let file = parsed(text, bytes: Self.size / 16)
    #expect(file.statements.count == 2 && !file.failures.isEmpty)
  }

  @Test("placeholders in many bodies are found without reading those of the others")
  func bodyPlaceholders() {
    let unit = { @Sendable (index: Int) in
      "CREATE FUNCTION f\(index)(a int) RETURNS int LANGUAGE sql AS 'SELECT a, ''b'', :x';\n"
    }
    let file = parsed(RepeatedText(unit))
    #expect(file.failures.isEmpty && file.placeholders.count == file.statements.count)
    let one = RepeatedText(
      "UPDATE t SET a = x + :y; ", after: "DO $$ DECLARE x int; BEGIN ", before: "END $$")
    #expect(parsed(one, bytes: Self.size / 4).failures.isEmpty)
  }

  @Test("a text that is put together of nested calls is read once")
  func nestedCalls() {
    let names = String(repeating: "a, ", count: Self.size / 4) + "a"
    let calls = String(repeating: "concat('SELECT ', ", count: 400)
    let text = "DO $$ BEGIN EXECUTE \(calls)\(names)\(String(repeating: ")", count: 400)); END $$"
    let file = parse(text)
    let dynamic = file.statements.first?.routine?.block?.all.first.map(\.kind)
    guard case .dynamic(let query, _, _)? = dynamic else {
      Issue.record("no EXECUTE")
      return
    }
    var dynamicNames = DynamicNames(in: "f")
    guard case .unknown = DynamicSQL.parse(query, names: &dynamicNames) else {
      Issue.record("the text is no SQL")
      return
    }
  }

  @Test("places in a line of megabytes are found without counting from its start")
  func longLine() {
    let text = "-- größe " + String(repeating: "SELECT 'ä', 1; ", count: Self.size / 16)
    let source = SourceFile(path: "test.sql", bytes: Array(text.utf8))
    let columns = stride(from: 11, to: source.bytes.count - 16, by: 256).map {
      source.position(of: $0).column
    }
    #expect(columns == (0..<columns.count).map { 10 + $0 * 240 })
    #expect(source.position(of: 5).column == 6 && source.position(of: 7).column == 7)
  }
}
