import CommandTesting
import Diagnostics
import Foundation
import Reports
import Testing

@Suite("SARIF")
struct SARIFTests {
  @Test(
    "The log is valid against the published schema",
    .enabled(
      if: Schema.canValidate,
      """
      needs sarif-2.1.0.json in ../shared/schemas (or the folder named by SQLLOCK_SCHEMAS) and \
      python3 with the module jsonschema
      """))
  func schema() throws {
    for findings in [
      [], Samples.findings, [Samples.longLine, Samples.threeSessions, Samples.hostile],
    ] {
      let log = SARIFReport().render(findings, .sample)
      #expect(try Schema.sarif.problem(with: log) == nil)
    }
  }

  @Test(
    "The validator rejects a log that is not valid",
    .enabled(if: Schema.canValidate, "needs the schema and python3 with the module jsonschema"))
  func invalid() throws {
    #expect(try Schema.sarif.problem(with: #"{"version": "2.1.0", "runs": [{}]}"#) != nil)
  }

  @Test("There is one thread flow per session, and the steps keep their common order")
  func threads() throws {
    let result = try result(Samples.threeSessions)
    let flows = try #require(result["codeFlows"] as? [[String: Any]])
    #expect(flows.count == 1)
    let threads = try #require(flows[0]["threadFlows"] as? [[String: Any]])
    let orders = threads.map { thread in
      (thread["locations"] as? [[String: Any]])?.compactMap { $0["executionOrder"] as? Int }
    }
    #expect(orders == [[1, 4], [2, 5], [3, 6]])
  }

  @Test(
    "Paths become URIs",
    arguments: [
      ("./a b/ü%.sql", "a%20b/%C3%BC%25.sql", "%SRCROOT%"),
      ("x:y#z?.sql", "x%3Ay%23z%3F.sql", "%SRCROOT%"),
      ("../up.sql", "../up.sql", "%SRCROOT%"),
      ("/srv/a.sql", "file:///srv/a.sql", nil),
    ])
  func uris(path: String, uri: String, base: String?) throws {
    var finding = Samples.syntaxNote
    finding.range = SourceRange(file: SourceFile(path: path, text: "x"), bytes: 0..<1)
    let locations = try #require(try result(finding)["locations"] as? [[String: Any]])
    let physical = try #require(locations[0]["physicalLocation"] as? [String: Any])
    let artifact = try #require(physical["artifactLocation"] as? [String: String])
    #expect(artifact["uri"] == uri)
    #expect(artifact["uriBaseId"] == base)
  }

  @Test("A fix that is only to be read is not offered, an unsafe one says so")
  func fixes() throws {
    #expect(try result(Samples.longLine)["fixes"] == nil)
    let fixes = try #require(try result(Samples.windowsFile)["fixes"] as? [[String: Any]])
    let description = try #require(fixes[0]["description"] as? [String: String])
    #expect(description["text"]?.contains("(unsafe: a serial column") == true)
  }

  private func result(_ finding: Finding) throws -> [String: Any] {
    let data = Data(SARIFReport().render([finding], .sample).utf8)
    let log = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let runs = try #require(log["runs"] as? [[String: Any]])
    return try #require((runs[0]["results"] as? [[String: Any]])?.first)
  }
}

/// A published JSON schema, and the validator that others wrote for it.
struct Schema {
  static let sarif = Schema(name: "sarif-2.1.0.json")

  let name: String

  /// In continuous integration a missing validator fails the test instead of skipping it.
  static var canValidate: Bool {
    guard FileManager.default.fileExists(atPath: sarif.url.path) else { return false }
    if ProcessInfo.processInfo.environment["CI"] == "true" { return true }
    return (try? python(["-c", "import jsonschema"]).status) == 0
  }

  private var url: URL {
    if let folder = ProcessInfo.processInfo.environment["SQLLOCK_SCHEMAS"] {
      return URL(fileURLWithPath: folder).appendingPathComponent(name)
    }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return package.deletingLastPathComponent().appendingPathComponent("shared/schemas/\(name)")
  }

  /// What the validator says against a document; nil when it is valid.
  ///
  /// Some editions of the schema of SARIF only define `Root` and constrain nothing by themselves.
  func problem(with document: String) throws -> String? {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("sqllock-\(UUID().uuidString).json")
    try Data(document.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let script = """
      import json, sys, jsonschema
      schema, document = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
      if "Root" in schema.get("definitions", {}) and "properties" not in schema:
          schema = {
              "$schema": schema["$schema"], "definitions": schema["definitions"],
              "allOf": [{"$ref": "#/definitions/Root"}]}
      jsonschema.validate(document, schema)
      """
    let result = try Self.python(["-c", script, url.path, file.path])
    return result.status == 0 ? nil : result.output
  }

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    let own = Python.folder.appending(path: "python3")
    let isThere = FileManager.default.fileExists(atPath: own.path)
    process.executableURL = isThere ? own : URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = isThere ? arguments : ["python3"] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
