import CommandTesting
import Diagnostics
import Foundation
import Reports
import Testing

/// What programs that others wrote read in the reports.
@Suite(
  "Readers of the formats",
  .enabled(if: Python.isExpected, "`make test-packages` installs the readers"))
struct WitnessTests {
  private static let hostile = Samples.findings + [Samples.hostile, Samples.longLine]

  /// What a reader prints, line by line.
  private func read(_ format: OutputFormat, _ findings: [Finding], _ script: String) throws
    -> [String]
  {
    let outcome = try Python.run(
      script, on: format.report().render(findings, .sample))
    #expect(outcome.status == 0, "\(outcome.output)")
    return outcome.output.split(separator: "\n").map(String.init)
  }

  @Test("JUnit: junitparser counts the warnings as failures, and notes as tests that pass")
  func junit() throws {
    let script = """
      import sys, junitparser
      xml = junitparser.JUnitXml.fromfile(sys.argv[1])
      print(xml.tests, xml.failures, xml.errors)
      for suite in xml:
          for case in suite:
              print(suite.name, case.name, [type(r).__name__ for r in case.result])
      """
    let lines = try read(.junit, Samples.findings, script)
    let warnings = Samples.findings.count { $0.severity != .note }
    #expect(lines.first == "\(Samples.findings.count) \(warnings) 0")
    #expect(lines.dropFirst().count { $0.hasSuffix("['Failure']") } == warnings)
    #expect(lines.contains { $0.hasPrefix("db/orders.sql unordered-bulk-write (3:1)") })
    #expect(try read(.junit, [], script) == ["1 0 0", "sqllock lint []"])
    #expect(try read(.junit, Self.hostile, script).count == Self.hostile.count + 1)
  }

  @Test("Checkstyle: diff-quality's reader finds each file, line and severity")
  func checkstyle() throws {
    let script = """
      import sys
      from diff_cover.git_path import GitPathTool
      from diff_cover.violationsreporters.java_violations_reporter import CheckstyleXmlDriver
      GitPathTool._cwd = GitPathTool._root = "/"
      found = CheckstyleXmlDriver().parse_reports([open(sys.argv[1], "rb").read().decode()
                                                  .replace('<?xml version="1.0" encoding="UTF-8"?>', "")])
      for path in sorted(found):
          for violation in found[path]:
              print(path, violation.line, violation.message.split(":")[0])
      """
    let lines = try read(.checkstyle, Self.hostile, script)
    #expect(lines.count == Self.hostile.count)
    #expect(lines.contains("db/orders.sql 3 warning"))
    #expect(try read(.checkstyle, [], script) == [])
  }

  @Test("SARIF: sarif-tools counts by level and tells suppressed results")
  func sarif() throws {
    let script = """
      import sys, shutil, sarif.loader
      path = sys.argv[1] + ".sarif"
      shutil.copy(sys.argv[1], path)
      log = sarif.loader.load_sarif_file(path)
      records = log.get_records()
      print(len(records), log.get_distinct_tool_names())
      for record in records:
          print(record["Severity"], record["Location"], record["Line"], record["Code"])
      for result in log.get_results():
          print([s["kind"] for s in result.get("suppressions", [])])
      """
    var hidden = Samples.oneFile
    hidden.suppression = .baseline
    var context = ReportContext.sample
    context.suppressed = [hidden]
    context.pathInRepository = { "below/" + $0 }
    let text = SARIFReport().render(Samples.findings, context)
    let outcome = try Python.run(script, on: text)
    #expect(outcome.status == 0, "\(outcome.output)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "\(Samples.findings.count + 1) ['sqllock']")
    #expect(lines.contains { $0.hasPrefix("warning below/db/orders.sql 3 unordered-bulk-write") })
    #expect(lines.suffix(2) == ["[]", "['external']"])
  }

  @Test(
    "rdjson is valid against its published schema",
    .enabled(
      if: Schema.canValidate,
      "needs rdjson.json in ../shared/schemas (or the folder named by SQLLOCK_SCHEMAS)"))
  func rdjsonSchema() throws {
    let text = RDJSONReport().render(Self.hostile, .sample)
    #expect(try Schema(name: "rdjson.json").problem(with: text) == nil)
    #expect(try Schema(name: "rdjson.json").problem(with: "{\"diagnostics\": 1}") != nil)
  }

  @Test("Columns of rdjson count bytes, and a suggestion is one piece of text")
  func rdjson() throws {
    var finding = Samples.syntaxNote
    let file = SourceFile(path: "./a.sql", text: "é x\n")
    finding.range = SourceRange(file: file, bytes: 3..<4)
    finding.fix = Fix(
      applicability: .safe, message: "",
      edits: [
        Edit(range: SourceRange(file: file, bytes: 0..<0), replacement: "1"),
        Edit(range: SourceRange(file: file, bytes: 3..<4), replacement: "y"),
      ])
    let data = Data(RDJSONReport().render([finding], .sample).utf8)
    let document = try JSONDecoder().decode(Diagnostics.self, from: data)
    let diagnostic = try #require(document.diagnostics.first)
    #expect(diagnostic.location.path == "a.sql")
    #expect(diagnostic.location.range.start.column == 4)
    let suggestion = try #require(diagnostic.suggestions.first)
    #expect(suggestion.text == "1é y")
    #expect(suggestion.range.start.column == 1)
    #expect(suggestion.range.end.column == 5)
  }

  /// What of rdjson is looked at.
  private struct Diagnostics: Decodable {
    let diagnostics: [Diagnostic]

    struct Diagnostic: Decodable {
      let location: Location
      let suggestions: [Suggestion]
    }

    struct Location: Decodable {
      let path: String
      let range: Range
    }

    struct Suggestion: Decodable {
      let range: Range
      let text: String
    }

    struct Range: Decodable { let start, end: Position }

    struct Position: Decodable { let line, column: Int }
  }

  @Test("GitLab: issues have the form of those that ruff writes for it")
  func gitlabForm() throws {
    let script = """
      import json, pathlib, subprocess, sys
      bad = pathlib.Path(sys.argv[1] + ".py")
      bad.write_text("import os\\n")
      run = [sys.executable, "-m", "ruff", "check", "--isolated", "--output-format", "gitlab", bad]
      [theirs] = json.loads(subprocess.run(run, capture_output=True).stdout)
      ours = json.load(open(sys.argv[1]))
      def missing(form, value, path):
          if type(form) is not type(value):
              return [path]
          # GitLab reads a place by its lines as well.
          if path == ".location" and "lines" in value:
              form = {"path": "", "lines": {"begin": 1}}
          keys = form if isinstance(form, dict) else []
          return [p for k in keys for p in missing(form[k], value.get(k), path + "." + k)]
      print(sorted(theirs))
      print(len(ours), [missing(theirs, issue, "") for issue in ours if missing(theirs, issue, "")])
      """
    let lines = try read(.gitlab, Self.hostile, script)
    let keys = ["check_name", "description", "fingerprint", "location", "severity"]
    for key in keys { #expect(lines.first?.contains("'\(key)'") ?? false) }
    #expect(lines.dropFirst().first == "\(Self.hostile.count) []")
    #expect(try read(.gitlab, [], script).dropFirst().first == "0 []")
  }

  @Test("GitLab's issues have what its documentation asks for, and paths from the root")
  func gitlab() throws {
    var context = ReportContext.sample
    context.pathInRepository = { "below/" + $0 }
    let text = GitLabReport().render(Self.hostile, context)
    let script = """
      import json, sys, jsonschema
      text = {"type": "string", "minLength": 1}
      line = {"type": "integer", "minimum": 1}
      jsonschema.validate(json.load(open(sys.argv[1])), {"type": "array", "items": {
          "type": "object", "required": ["description", "check_name", "fingerprint", "severity", "location"],
          "properties": {
              "description": text, "check_name": text, "fingerprint": {"type": "string"},
              "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
              "location": {"required": ["path", "lines"], "properties": {
                  "path": {"pattern": "^below/[^.]"},
                  "lines": {"required": ["begin"], "properties": {"begin": line, "end": line}}}}}}})
      """
    let outcome = try Python.run(script, on: text)
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(GitLabReport().render([], context) == "[\n\n]\n")
  }
}
