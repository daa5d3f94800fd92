import CommandTesting
import Foundation
import Testing

@Suite("Examples")
struct ExampleTests {
  @Test("An example prints what is expected of it", arguments: try Example.all())
  func output(_ example: Example) async throws {
    let actual = try await example.actual()
    if Example.isRecording { try Data(actual.utf8).write(to: example.url) }
    let expected = try #require(
      example.expected, "\(example.testDescription) is missing; record it with SQLLOCK_RECORD=1")
    #expect(actual == expected)
  }

  @Test("A broken form is told from its repaired form", arguments: try Example.folders())
  func broken(_ name: String) async throws {
    guard name.hasSuffix("/broken"), !name.hasPrefix("transfer/") else { return }
    let outcome = try await Command.run(
      ["lint"], in: Example.root.appending(path: name))
    #expect(outcome.code == 1)
  }

  @Test(
    "Nothing is found in a repaired form, nor in a queue that skips",
    arguments: try Example.folders())
  func repaired(_ name: String) async throws {
    guard name.hasSuffix("/repaired") || name == "job-queue" else { return }
    let outcome = try await Command.run(
      ["lint", "--fail-on", "warning"], in: Example.root.appending(path: name))
    #expect(outcome.code == 0, "\(outcome.output)")
  }

  @Test("Every story has a README and every expected file a test")
  func complete() throws {
    let stories = try Example.contents(of: "")
    #expect(stories.count == 9)
    for story in stories { #expect(Example.exists("\(story)/README.md")) }
    let known = Set(try Example.all().map(\.testDescription))
    for folder in try Example.folders() {
      let files = try Example.contents(of: folder).filter { $0.hasPrefix("expected") }
      #expect(files.filter { !known.contains("\(folder)/\($0)") } == [])
    }
  }

  @Test("The number of threads changes nothing", arguments: try Example.all(), [1, 8])
  func threads(_ example: Example, count: Int) async throws {
    // Against a run, not against the file: another test may be recording it.
    let actual = try await example.actual(["-j", "\(count)"])
    #expect(try await example.actual() == actual)
  }
}
