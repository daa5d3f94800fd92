import CommandTesting
import Foundation
import Testing

@Suite("Comments that speak to the linter")
struct CommentTests {
  private static let write = "UPDATE c SET v = 1;"
  private static let upsert =
    "INSERT INTO c (id) VALUES ($1), ($2) ON CONFLICT (id) DO UPDATE SET v = 1;"

  @Test(
    "A comment hides what it names",
    arguments: [
      "-- sqllock:ignore unordered-bulk-write -- why\n\(write)",
      "-- sqllock:ignore unordered-upsert, unordered-bulk-write",
      "-- sqllock:ignore row-order\n\n\(write)",
      "\(write) -- sqllock:ignore unordered-bulk-write -- why",
      "UPDATE c -- sqllock:ignore unordered-bulk-write\nSET v = 1;",
      "/* sqllock:ignore unordered-bulk-write */ \(write)",
      "--- sqllock:ignore unordered-bulk-write -- why\n\(write)",
      "/**\n * sqllock:ignore unordered-bulk-write -- why\n **/\n\(write)",
      "SELECT 1;\n\(write)\n-- sqllock:ignore-file unordered-bulk-write -- why",
      "-- sqllock:ignore-start all\n\(write)\n\(write)\n-- sqllock:ignore-end",
      "-- sqllock:ignore syntax-error\nSELEC 1;",
      "-- sqllock:ordered id\n\(upsert)",
    ])
  func hides(text: String) async throws {
    let text = text.contains("\n") || text.contains("UPDATE") ? text : "\(text)\n\(Self.write)"
    #expect(try await Samples.found(in: text) == [])
    let silent = text.replacing("sqllock:", with: "note: ")
    #expect(try await Samples.found(in: silent) != [], "without the comment")
  }

  @Test(
    "A comment hides nothing else",
    arguments: [
      ("-- sqllock:ignore unordered-bulk-write\n\(write)\n\(write)", ["3:1 unordered-bulk-write"]),
      (
        "-- sqllock:ignore-start all\n\(write)\n-- sqllock:ignore-end\n\(write)",
        ["4:1 unordered-bulk-write"]
      ),
      (
        "SELECT '-- sqllock:ignore unordered-bulk-write';\n\(write)", ["2:1 unordered-bulk-write"]
      ),
      (upsert, ["1:1 unordered-upsert"]),
    ])
  func hidesNothingElse(text: String, expected: [String]) async throws {
    #expect(try await Samples.found(in: text) == expected)
  }

  @Test(
    "A comment that can't be understood or hides nothing is found, and hides nothing",
    arguments: [
      "-- sqllock:ignore", "-- sqllock:ignore nope", "-- sqllock:ignor unordered-bulk-write",
      "-- sqllock:ignore unordered-bulk-write because", "-- sqllock:ignore unordered-upsert",
      "-- sqllock:ignore unordered-bulk-write,", "-- sqllock:ignore-file",
      "-- sqllock:ignore-start all", "-- sqllock:ignore-end", "-- sqllock:ordered",
      "-- sqllock-ignore unordered-bulk-write", "/* SQLLOCK_IGNORE all */",
    ])
  func useless(comment: String) async throws {
    #expect(
      try await Samples.found(in: "\(comment)\n\(Self.write)")
        == ["1:1 unused-ignore", "2:1 unordered-bulk-write"])
  }

  @Test("What is hidden is counted, and an unknown rule is set right")
  func summary() async throws {
    let text = """
      -- sqllock:ignore unordered-bulk-write
      \(Self.write)
      -- sqllock:ignore unordered-bulk-wirte
      SELECT 1;
      """
    try await TemporaryFolder.with(["a.sql": text]) { folder in
      let outcome = try await Command.run(["lint", "--output-format", "concise"], in: folder)
      #expect(
        outcome.output
          == "a.sql:3:1: warning[unused-ignore] `unordered-bulk-wirte` is not a rule or group; "
          + "did you mean `unordered-bulk-write`?\n")
      #expect(outcome.error.hasSuffix("found 1 warning; 1 hidden by comments\n"))
    }
  }

  @Test("A group's name is set right as well")
  func group() async throws {
    try await TemporaryFolder.with(["a.sql": "-- sqllock:ignore row-ordr\n\(Self.write)"]) {
      folder in
      let outcome = try await Command.run(["lint", "--output-format", "concise"], in: folder)
      #expect(
        outcome.output.contains("`row-ordr` is not a rule or group; did you mean `row-order`?"))
    }
  }

  @Test("A comment behind the last line of a statement is about that statement")
  func trailing() async throws {
    let text = "UPDATE c\nSET v = 1; -- sqllock:ignore unordered-bulk-write\n\(Self.write)"
    let found = try await Samples.found(in: text)
    #expect(found == ["3:1 unordered-bulk-write"])
  }

  @Test(
    "Rows are not taken to be sorted against what the text says",
    arguments: [
      "-- sqllock:ordered idd\n\(upsert)",
      "-- sqllock:ordered id\nSELECT id FROM c WHERE v = ANY ($1) FOR UPDATE;",
      "-- sqllock:ordered id\nSELECT 1;",
    ])
  func ordered(text: String) async throws {
    let found = try await Samples.found(in: Samples.table + text)
    #expect(found.contains { $0.hasSuffix("unused-ignore") })
  }
}
