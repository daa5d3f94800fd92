public import Diagnostics

/// The XML of JUnit: each finding is a test that fails, a note one that passes and has something to
/// say.
public struct JUnitReport: Report {
  /// A report without settings.
  public init() {}

  /// The document: a suite for each file; without findings one test that passes.
  public func render(_ findings: [Finding], _ context: ReportContext) -> String {
    let suites = findings.grouped { printable(path: withoutDotSlash($0.range.file.path)) }.map {
      path, findings in
      Self.suite(named: path, findings.map { Self.test($0, in: path) })
    }
    let passed = Self.suite(
      named: "sqllock", [XMLElement(name: "testcase", attributes: Self.name("lint", "sqllock"))])
    var root = XMLElement(name: "testsuites", children: suites.isEmpty ? [passed] : suites)
    root.attributes =
      [("name", "sqllock")] + Self.counts(root.children.flatMap(\.children))
    return root.document
  }

  private static func suite(named name: String, _ tests: [XMLElement]) -> XMLElement {
    XMLElement(
      name: "testsuite", attributes: [("name", name)] + counts(tests), children: tests)
  }

  private static func counts(_ tests: [XMLElement]) -> [(name: String, value: String)] {
    let failed = tests.count { $0.children.contains { $0.name == "failure" } }
    return [("tests", "\(tests.count)"), ("failures", "\(failed)"), ("errors", "0")]
  }

  private static func name(_ name: String, _ group: String) -> [(name: String, value: String)] {
    [("name", name), ("classname", group)]
  }

  private static func test(_ finding: Finding, in path: String) -> XMLElement {
    let start = finding.range.start
    var test = XMLElement(name: "testcase")
    test.attributes =
      name("\(finding.rule) (\(start.line):\(start.column))", path)
      + [("file", path), ("line", "\(start.line)")]
    let isNote = finding.severity == .note
    test.children = [
      XMLElement(
        name: isNote ? "system-out" : "failure",
        attributes: isNote
          ? [] : [("message", finding.message), ("type", finding.severity.rawValue)],
        text: finding.explanation)
    ]
    return test
  }
}
