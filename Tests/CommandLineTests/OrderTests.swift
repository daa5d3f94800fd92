import CommandTesting
import Foundation
import Testing

/// The commands that show in which order tables are locked.
@Suite("order and graph")
struct OrderTests {
  private static let files = [
    "q.sql": """
    CREATE TABLE "odd ""name" (id int PRIMARY KEY, n int);
    CREATE TABLE b (id int PRIMARY KEY, n int);
    BEGIN; UPDATE b SET n = 1 WHERE id = $1; UPDATE "odd ""name" SET n = 1 WHERE id = $2; COMMIT;
    """
  ]

  @Test("The line for the configuration quotes names")
  func configuration() async throws {
    try await TemporaryFolder.with(Self.files) { folder in
      let outcome = try await Command.run(["order"], in: folder)
      #expect(outcome.code == 0)
      #expect(
        outcome.output == """
          b
          odd "name

          all transactions follow it

          lock-order = ["b", "odd \\"name"]

          """)
    }
  }

  @Test("Both are JSON as well")
  func json() async throws {
    try await TemporaryFolder.with(Self.files) { folder in
      for command in ["order", "graph"] {
        let outcome = try await Command.run([command, "--output-format", "json"], in: folder)
        #expect(outcome.code == 0)
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let members = try #require(object as? [String: Any])
        #expect(members["version"] as? Int == 1)
        #expect(members["tables"] as? [String] == ["b", "odd \"name"])
      }
    }
  }

  @Test("A graph goes to a file")
  func file() async throws {
    try await TemporaryFolder.with(Self.files) { folder in
      let outcome = try await Command.run(
        ["graph", "--output-format", "html", "--output-file", "g.html"], in: folder)
      #expect(outcome.code == 0)
      #expect(outcome.output.isEmpty)
      let page = try String(contentsOf: folder.appending(path: "g.html"), encoding: .utf8)
      #expect(page.hasPrefix("<!DOCTYPE html>"))
      #expect(page.hasSuffix("</html>\n"))
    }
  }

  @Test("Where nothing is locked together, that is said")
  func nothing() async throws {
    try await TemporaryFolder.with(["q.sql": "SELECT 1;"]) { folder in
      for command in ["order", "graph"] {
        let outcome = try await Command.run([command], in: folder)
        #expect(outcome.code == 0)
        #expect(outcome.output == "no table is locked while another one is held\n")
      }
    }
  }

  @Test("What can't be done is an error")
  func errors() async throws {
    try await TemporaryFolder.with(Self.files) { folder in
      let format = try await Command.run(["graph", "--output-format", "png"], in: folder)
      #expect(format.code == 2)
      #expect(format.error.contains("png"))
      let file = try await Command.run(["graph", "--output-file", "no/such/folder"], in: folder)
      #expect(file.code == 2)
      let path = try await Command.run(["order", "nowhere"], in: folder)
      #expect(path.code == 2)
    }
  }
}
