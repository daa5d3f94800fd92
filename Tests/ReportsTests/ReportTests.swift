import Diagnostics
import Foundation
import Reports
import Testing

@Suite("Reports")
struct ReportTests {
  @Test(
    "Formats for people say nothing about no findings",
    arguments: [
      OutputFormat.full, .concise, .github,
    ])
  func emptyText(format: OutputFormat) {
    #expect(format.report().render([], .sample) == "")
  }

  @Test("JSON without findings still has an envelope")
  func emptyJSON() throws {
    let document = try object(OutputFormat.json.report().render([], .sample))
    #expect((document["findings"] as? [Any])?.isEmpty == true)
    #expect(document["version"] as? Int == 1)
  }

  @Test("JSON lines without findings are the summary alone")
  func emptyLines() throws {
    let document = try object(OutputFormat.jsonLines.report().render([], .sample))
    #expect(Set(document.keys) == ["version", "tool", "summary"])
    #expect((document["summary"] as? [String: Int])?["suppressed"] == 3)
  }

  @Test("SARIF without findings has a run with empty results")
  func emptySARIF() throws {
    let log = try object(OutputFormat.sarif.report().render([], .sample))
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    #expect((run["results"] as? [Any])?.isEmpty == true)
  }

  @Test("Each JSON line is one finding of the JSON document")
  func lines() throws {
    let lines = OutputFormat.jsonLines.report().render(Samples.findings, .sample)
      .split(separator: "\n")
    let document = try object(OutputFormat.json.report().render(Samples.findings, .sample))
    let findings = try #require(document["findings"] as? [NSDictionary])
    #expect(try lines.dropLast().map { try object(String($0)) as NSDictionary } == findings)
  }

  @Test("Colour adds nothing but escape sequences", arguments: [OutputFormat.full, .concise])
  func color(format: OutputFormat) {
    var context = ReportContext.sample
    let plain = format.report().render(Samples.findings, context)
    context.color = true
    let painted = format.report().render(Samples.findings, context)
    #expect(painted != plain)
    #expect(painted.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    #expect(!plain.contains("\u{1B}"))
  }

  @Test("A concise finding is one line, whatever its message and path hold")
  func concise() {
    let text = OutputFormat.concise.report().render([Samples.hostile], .sample)
    #expect(
      text == "a␛[31m␊b.sql:1:31: note[syntax-error] near `␛[2J`␍␊::error::no\n")
  }

  @Test("A GitHub command is one line with escaped properties and data")
  func github() {
    let text = OutputFormat.github.report().render([Samples.hostile], .sample)
    #expect(text.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    #expect(text.hasPrefix("::notice file=a␛[31m␊b.sql,line=1,endLine=1,col=31,"))
    #expect(text.contains("near `␛[2J`%0A::error::no%0A"))
    var finding = Samples.syntaxNote
    let file = SourceFile(path: "C:/a,b%.sql", text: "x")
    finding.range = SourceRange(file: file, bytes: 0..<1)
    finding.message = "50%"
    #expect(
      OutputFormat.github.report().render([finding], .sample)
        == "::notice file=C%3A/a%2Cb%25.sql,line=1,endLine=1,col=1,endColumn=2,"
        + "title=sqllock syntax-error::50%25\n")
  }

  @Test("GitHub gets columns only for a range within a line")
  func githubColumns() {
    let text = OutputFormat.github.report().render([Samples.oneFile], .sample)
    #expect(text.hasPrefix("::warning file=db/orders.sql,line=3,endLine=5,title="))
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}
