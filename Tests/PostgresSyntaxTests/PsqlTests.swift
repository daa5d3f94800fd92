import Diagnostics
import Testing

@testable import PostgresSyntax

@Suite("Text for psql")
struct PsqlTests {
  private func statements(_ sql: String) -> [String] {
    let file = parse(sql)
    #expect(file.failures.isEmpty)
    return file.statements.map { file.source.text($0.range) }
  }

  @Test(
    "meta-commands stand for nothing",
    arguments: [
      #"\set ON_ERROR_STOP on"#, #"\i other.sql"#, #"\ir "it's; here.sql""#,
      #"\restrict abcDEF123"#,
      #"\copy t from 'f.csv' with (format csv); "#, #"\echo it's; "done" $$ /* "#, #"\if :{?x}"#,
      #"\connect db user"#, #"\."#,
    ])
  func metaCommand(_ command: String) {
    #expect(statements("SELECT 1;\n\(command)\nSELECT 2;") == ["SELECT 1", "SELECT 2"])
    #expect(statements("\(command)\r\nSELECT 2") == ["SELECT 2"])
    _ = MaskedCase("SELECT 1;\n\(command)\nSELECT 2;").masked()
  }

  @Test("both branches of a condition are read")
  func condition() {
    let sql = "\\if :x\nSELECT 1;\n\\elif :y\nSELECT 2;\n\\else\nSELECT 3;\n\\endif\nSELECT 4;"
    #expect(statements(sql) == ["SELECT 1", "SELECT 2", "SELECT 3", "SELECT 4"])
  }

  @Test(
    "commands that send the buffer end the statement",
    arguments: [#"\gset"#, #"\gexec"#, #"\g"#, #"\gx"#, #"\gset prefix_"#, #"\watch 2"#])
  func sending(_ command: String) {
    #expect(statements("SELECT 1 \(command)\nSELECT 2;") == ["SELECT 1", "SELECT 2"])
    #expect(statements("SELECT 1\n\(command)\nSELECT 2;") == ["SELECT 1", "SELECT 2"])
  }

  @Test("a semicolon after a backslash divides statements")
  func backslashSemicolon() {
    #expect(
      statements(#"UPDATE a SET x = 1\; UPDATE b SET x = 1;"#)
        == ["UPDATE a SET x = 1", "UPDATE b SET x = 1"])
  }

  @Test(
    "data of COPY is not read",
    arguments: [
      "1\tit's\n2\t\"x; y\n", "\\N\t\\\\;\n", "$$\t/*\n--\n", "", ":a\t?\t${b\n", "SELECT 3;\n",
    ])
  func copy(_ data: String) {
    let copy = "COPY public.t (a, b) FROM stdin"
    for newline in ["\n", "\r\n"] {
      let sql = "SELECT 1;\n\(copy);\n\(data)\\.\nSELECT 2;"
        .replacing("\n", with: newline)
      #expect(statements(sql) == ["SELECT 1", copy, "SELECT 2"])
      #expect(parse(sql).placeholders.isEmpty)
      _ = MaskedCase(sql).masked()
    }
  }

  @Test("each COPY of a file has its own data")
  func severalCopies() {
    let sql = "COPY a FROM stdin;\nit's\n\\.\n\ncopy b from STDIN with (format csv);\n\"x;\n\\.\n"
    #expect(statements(sql) == ["COPY a FROM stdin", "copy b from STDIN with (format csv)"])
  }

  @Test("without the line that ends them there are no data")
  func copyWithoutEnd() {
    #expect(
      statements("COPY t FROM stdin;\nSELECT 1;\nSELECT 2;")
        == ["COPY t FROM stdin", "SELECT 1", "SELECT 2"])
  }

  @Test("COPY from a file or to the client has no data")
  func otherCopies() {
    let sql =
      "COPY t FROM '/tmp/x';\nSELECT 1;\nCOPY (SELECT a FROM t) TO stdout;\nSELECT 2;\n\\.\n"
    #expect(statements(sql).count == 4)
  }
}
