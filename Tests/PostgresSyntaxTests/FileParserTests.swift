import CPgQuery
import Diagnostics
import Testing

@testable import PostgresSyntax

@Suite("Reading files")
struct FileParserTests {
  private func texts(_ file: ParsedFile) -> [String] {
    file.statements.map { file.source.text($0.range) }
  }

  private func failures(_ file: ParsedFile) -> [String] {
    file.failures.map { file.source.text($0.statement) }
  }

  @Test(
    "a bad statement leaves the good ones",
    arguments: [
      ["SELEC 1", "SELECT 2", "SELECT 3"], ["SELECT 1", "SELECT FROM WHERE", "SELECT 3"],
      ["SELECT 1", "SELECT 2", "UPDATE SET x"], ["SELEC 1", "DELET 2", "SELECT 3", "INSER 4"],
      ["SELECT 1", "SELECT (1", "SELECT 3"], ["SELECT 1", "SELECT 1)", "SELECT 3"],
      ["SELECT 1", "SELECT 2 +", "SELECT 3"], ["SELEC 1"], ["SELECT 1", "CREATE", "SELECT 3"],
      ["SELECT 1", "SELECT 'a' 'b'", "SELECT 3"], ["SELECT 1", "SELECT \"\"", "SELECT 3"],
    ])
  func badStatement(_ statements: [String]) {
    let isGood = { (text: String) in
      text.hasPrefix("SELECT ") && text.count == 8 && text.last?.isNumber == true
    }
    for separator in ["; ", ";\n-- größe\n", ";\r\n\r\n"] {
      let file = parse(statements.joined(separator: separator))
      #expect(texts(file) == statements.filter(isGood))
      #expect(failures(file) == statements.filter { !isGood($0) })
    }
  }

  @Test("an unterminated string costs its own statement")
  func unterminatedString() {
    let file = parse("SELECT 1;\nSELECT 'a;\nSELECT 2;\nSELECT 3;\n")
    #expect(texts(file) == ["SELECT 1", "SELECT 2", "SELECT 3"])
    #expect(failures(file) == ["SELECT 'a"])
  }

  @Test(
    "an error is where the grammar stops",
    arguments: [
      "SELECT 1; SELECT 2 form «t»; SELECT 3", "SELECT 'größe' select «1»", "«SELEC» 1",
      "/* 数量 🙂 */ SELECT 1; -- ü\n SELECT 'ä', b c «d»; SELECT 1", "SELECT 1 «)»",
      "SELECT 1;\r\nINSERT INTO größe «SET» a = 1", "SELECT 'ä' = :größe x «y» FROM ${数}",
      "UPDATE t SET a = $1 «where_» a = 2", "SELECT (1, 2 «;» SELECT 1",
      "SELECT 1; SELECT (1, größé -- ü\n«;» SELECT 1", "SELECT (1, «größé»",
    ])
  func errorPlace(_ marked: String) {
    let prefix = marked.prefix { $0 != "«" }.utf8.count
    let token = marked.drop { $0 != "«" }.dropFirst().prefix { $0 != "»" }
    let file = parse(marked.replacing("«", with: "").replacing("»", with: ""))
    #expect(file.failures.first?.range.lowerBound == prefix)
    #expect(file.failures.first.map { file.source.text($0.range) } == String(token))
  }

  @Test("the message says what the grammar stumbles over")
  func messages() {
    func messages(_ text: String) -> [String] { parse(text).failures.map(\.message) }
    #expect(messages("SELECT 1 2") == ["syntax error at or near `2`"])
    #expect(messages("SELECT a = :größe b 'c\nd'") == ["syntax error at or near `'c`"])
    #expect(messages("SELECT (1 ; SELECT 2") == ["syntax error at or near `;`"])
    #expect(messages("SELECT (1") == ["syntax error at end of input"])
  }

  @Test("a statement's range has no blanks, comments and semicolons around it")
  func ranges() {
    let file = parse(
      """
      -- a
      /* b */ SELECT 1 -- c
      , 2 /* d */ -- e
      ; /* f */ ;; -- g
        SELECT ';' /* h */; /* i */ SELECT $$--$$ -- j
      """)
    #expect(
      texts(file) == ["SELECT 1 -- c\n, 2", "SELECT ';'", "SELECT $$--$$"])
    #expect(file.comments.map { file.source.text($0).filter(\.isLetter) }.joined() == "abcdefghij")
  }

  @Test("a file of many pieces gives the statements of one call")
  func pieces() {
    var text = ""
    for number in 0..<9000 {
      text += "SELECT \(number), 'größe; \(number)' FROM t_\(number % 7) /* ; */ WHERE a > 1;\n"
    }
    let source = SourceFile(path: "test.sql", bytes: Array(text.utf8))
    #expect(FileParser(source).pieceCount > 1)
    let file = parse(text)
    let result = pg_query_split_with_parser(text)
    defer { pg_query_free_split_result(result) }
    #expect(file.statements.count == 9000 && result.n_stmts == 9000)
    #expect(file.statements.allSatisfy { $0.kind == "SelectStmt" })
    // Locations of libpg_query begin after the last semicolon, before the line end.
    let places = file.statements.enumerated().allSatisfy { index, statement in
      guard let raw = result.stmts[index] else { return false }
      let end = Int(raw.pointee.stmt_location + raw.pointee.stmt_len)
      let start = Int(raw.pointee.stmt_location) + (index == 0 ? 0 : 1)
      let constant = statement.node.descendants.first { $0.tag == .A_Const }
      return statement.range == start..<end && constant?.location == start + 7
    }
    #expect(places)
  }

  @Test("a bad statement in a file of many pieces is the only failure")
  func badStatementInPieces() {
    let good = String(repeating: "SELECT 1, 'ü' FROM t WHERE a = 1;\n", count: 10_000)
    let file = parse(good + "SELEC 2;\n" + good)
    #expect(file.statements.count == 20_000)
    #expect(file.failures.map(\.statement.lowerBound) == [good.utf8.count])
  }

  @Test("bytes that no SQL may have are reported and passed over")
  func badBytes() {
    let nul = parse(Array("SELECT 1;\u{0}\u{0} SELECT 2".utf8))
    #expect(texts(nul) == ["SELECT 1", "SELECT 2"])
    #expect(nul.problems.map(\.range) == [9..<10])
    let invalid = parse(Array("SELECT 'ü".utf8) + [0xFF, 0xC3] + Array("' AS a, b; SELECT 2".utf8))
    #expect(invalid.statements.count == 2 && invalid.failures.isEmpty)
    #expect(invalid.problems.map(\.range) == [10..<11])
    let sixteen = parse([0xFF, 0xFE] + "SELECT 1".utf8.flatMap { [$0, 0] })
    #expect(sixteen.statements.isEmpty && sixteen.failures.isEmpty)
    #expect(sixteen.problems.count == 1)
    #expect(parse([]).statements.isEmpty)
    #expect(parse(" \n-- x\n ;; ").statements.isEmpty)
  }

  @Test(
    "bytes that are not UTF-8 are found as Swift finds them",
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80],
      [0xF5], [0xE2, 0x82], [0xF0, 0x9F, 0x99], [0xC3, 0xA4], [0xF0, 0x9F, 0x99, 0x82],
      [0xEF, 0xBF, 0xBF],
      [0xED, 0x9F, 0xBF], [0xF4, 0x8F, 0xBF, 0xBF], [0xE0, 0xA0, 0x80],
    ] as [[UInt8]])
  func invalidUTF8(_ bytes: [UInt8]) {
    let isValid = String(validating: bytes, as: UTF8.self) != nil
    let file = parse(Array("SELECT 'a".utf8) + bytes + Array("'".utf8))
    #expect(file.problems.isEmpty == isValid)
    #expect(file.statements.count == 1)
  }

  @Test("a byte-order mark is a blank")
  func byteOrderMark() {
    let file = parse("\u{FEFF}SELECT 1; SELEC 2")
    #expect(texts(file) == ["SELECT 1"])
    #expect(file.problems.isEmpty)
    #expect(file.failures.map(\.range) == [13..<18])
  }

  @Test("what is nested too deeply to be parsed fails alone")
  func depth() {
    let deep = "SELECT 1" + String(repeating: "+1", count: 2_000_000)
    let file = parse("SELECT 1;\n\(deep);\nSELECT 2;")
    #expect(texts(file) == ["SELECT 1", "SELECT 2"])
    #expect(file.failures.map(\.statement) == [10..<(10 + deep.utf8.count)])
    #expect(file.failures.first?.message.hasPrefix("may nest deeper") == true)
  }

  @Test(
    "nesting as deep as the limit does not end the process",
    arguments: ["(", "NOT ", "- ", "f(", "ARRAY[", "a[", "CASE WHEN ", "(SELECT "])
  func nesting(_ opening: String) {
    let file = parse("SELECT 1;SELECT " + String(repeating: opening, count: 20_000) + "1;SELECT 2")
    #expect(texts(file).first == "SELECT 1")
    #expect(file.statements.count + file.failures.count >= 2)
  }
}
