import Diagnostics
import Reports
import Testing

@Suite("The full report")
struct FullReportTests {
  private func lines(_ finding: Finding) -> [String] {
    FullReport().render([finding], .sample).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  @Test("A megabyte on one line stays a few short lines")
  func longLine() {
    let lines = lines(Samples.longLine)
    #expect(lines.count < 30)
    #expect(lines.allSatisfy { $0.count <= 200 })
    #expect(lines.contains { $0.contains("(20000, 'ßx')") })
    #expect(lines.contains { $0.hasSuffix("ON CONFLICT (id) DO NOTHING;") })
  }

  @Test("Marks stand beneath what they mark, behind tabs, wide and combining characters")
  func alignment() throws {
    let file = SourceFile(path: "x", text: "\té\u{301}口\t🙂[here]")
    let finding = Finding(
      rule: "r", severity: .note, message: "m", range: file.range(of: "[here]"))
    let lines = lines(finding)
    // Tab to 4, é, a mark without width, 口 of two columns, tab to 8, an emoji of two columns.
    #expect(lines[3] == "1 │     é\u{301}口 🙂[here]")
    #expect(lines[4] == "  │           ^^^^^^")
  }

  @Test("An empty range is marked where it stands, also at the end of the file")
  func emptyRange() {
    let file = SourceFile(path: "x", text: "ab")
    let finding = Finding(
      rule: "r", severity: .note, message: "m", range: SourceRange(file: file, bytes: 2..<2))
    #expect(lines(finding)[4] == "  │   ^")
  }

  @Test("A range that closes with its line end is marked on its own line only")
  func lineEnd() {
    let file = SourceFile(path: "x", text: "ab\r\ncd\r\n")
    let finding = Finding(
      rule: "r", severity: .note, message: "m", range: SourceRange(file: file, bytes: 0..<4))
    #expect(lines(finding)[3...4] == ["1 │ ab", "  │ ^^"])
    #expect(lines(finding).count == 6)
  }

  @Test("No line ends in a space", arguments: Samples.findings + [Samples.nestedRanges])
  func trailingSpace(finding: Finding) {
    #expect(lines(finding).filter { $0.hasSuffix(" ") } == [])
  }

  @Test("Every step of every session has its line, in order of the moments")
  func steps() throws {
    let table = lines(Samples.threeSessions).filter { $0.contains(/rows of [abc] +:/) }
    try #require(table.count == 6)
    #expect(table.indices.allSatisfy { table[$0].contains(" \($0 + 1)  ") })
    #expect(table.filter { $0.hasSuffix("deadlock") } == [table[5]])
  }
}
