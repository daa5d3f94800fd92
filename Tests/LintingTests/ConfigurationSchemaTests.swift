import CommandTesting
import Diagnostics
import Foundation
import LintConfiguration
import SQLLockRules
import Testing

/// The published schema says what the reader says.
@Suite(
  "The schema of the configuration",
  .enabled(if: Python.isExpected, "`make test-packages` installs the validator"))
struct ConfigurationSchemaTests {
  private static let url = Python.folder.appending(path: "../../../sqllock.schema.json")
    .standardized

  /// Documents of which some are right; what a schema can't know is not among them.
  private static let documents = [
    "", "include = []", "include = [\"a\"]\nexclude = [\"b\"]", "inclde = []", "include = \"x\"",
    "exclude = [1]", "fail-on = \"never\"", "fail-on = \"warn\"", "fail-on = 1",
    "baseline = \"x.json\"", "baseline = false", "lock-order = [\"a\", \"b\"]",
    "lock-order = [\"a\", \"a\"]", "lock-order = {}", "[rules]\nall = \"off\"",
    "[rules]\nrow-order = \"note\"\nlock-upgrade = \"error\"", "[rules]\nno-rule = \"off\"",
    "[rules]\nlock-upgrade = \"fatal\"", "[rules]\nlock-upgrade = 1", "rules = []",
    "[[overrides]]\npaths = [\"a\"]\nrules = { meta = \"off\" }", "[[overrides]]\npaths = []",
    "[[overrides]]\nrules = {}", "[[overrides]]\npaths = [\"a\"]\nx = 1", "overrides = {}",
    "[[sources]]\npaths = [\"a\"]\nrole = \"migration\"", "[[sources]]\npaths = [\"a\"]",
    "[[sources]]\npaths = [\"a\"]\nrole = \"x\"", "[[sources]]\nrole = \"test\"",
    "[[sources]]\npaths = [\"a\"]\nframework = \"node-pg-migrate\"\ntransaction = \"all\"",
    "[[sources]]\npaths = [\"a\"]\ntransaction = \"none\"",
    "[[sources]]\npaths = [\"a\"]\nplaceholders = \"braces\"",
    "[[sources]]\npaths = [\"a\"]\nplaceholders = 1", "[[sources]]\npaths = [\"a\"]\nroles = 1",
    "[transactions]\na = [\"q/x.sql#A\", \"q/y.sql\"]", "[transactions]\na = [\"#A\"]",
    "[transactions]\na = \"q/x.sql\"", "transactions = 1",
  ]

  @Test("A document is valid where the reader takes it, and only there")
  func documents() throws {
    let script = """
      import json, sys, tomllib, jsonschema
      documents = json.load(open(sys.argv[1]))
      schema = json.load(open("\(Self.url.path)"))
      jsonschema.Draft7Validator.check_schema(schema)
      validator = jsonschema.Draft7Validator(schema)
      for text in documents:
          print(int(validator.is_valid(tomllib.loads(text))))
      """
    let json = String(decoding: try JSONEncoder().encode(Self.documents), as: UTF8.self)
    let outcome = try Python.run(script, on: json)
    try #require(outcome.status == 0, "\(outcome.output)")
    let verdicts = outcome.output.split(separator: "\n").map { $0 == "1" }
    for (text, isValid) in zip(Self.documents, verdicts) {
      let isRead = (try? ConfigurationReaderTests.read(text)) != nil
      #expect(isRead == isValid, "\(text)")
    }
    #expect(verdicts.count == Self.documents.count)
    #expect(verdicts.contains(true) && verdicts.contains(false))
  }

  @Test("Rules and words are those of the reader")
  func words() throws {
    let text = try String(contentsOf: Self.url, encoding: .utf8)
    for rule in RuleCatalog.descriptions {
      #expect(text.contains("\"\(rule.id)\""), "\(rule.id)")
      #expect(text.contains("\"\(rule.group.rawValue)\""))
    }
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let properties = try #require(object?["properties"] as? [String: [String: Any]])
    let items = try #require(properties["sources"]?["items"] as? [String: Any])
    let source = try #require(items["properties"] as? [String: [String: Any]])
    for key in ["role", "framework", "transaction", "placeholders"] {
      let words = try #require(source[key]?["enum"] as? [String])
      for word in words {
        _ = try ConfigurationReaderTests.read("[[sources]]\npaths = [\"a\"]\n\(key) = \"\(word)\"")
      }
      let error = #expect(throws: ConfigurationErrors.self) {
        try ConfigurationReaderTests.read("[[sources]]\npaths = [\"a\"]\n\(key) = \"qqqqqqqqqq\"")
      }
      // A word that the reader knows and the schema does not.
      let known = error?.errors.first?.message.split(separator: "`").filter { !$0.contains(" ") }
      let all = Set((known ?? []).map(String.init)).subtracting([key, "qqqqqqqqqq", ","])
      #expect(all == Set(words), "\(key)")
    }
  }
}
