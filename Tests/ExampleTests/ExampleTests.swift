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

  @Test("A broken form is told from its repaired form", arguments: try Example.stories())
  func forms(_ story: String) async throws {
    let broken = try await Self.lint("\(story)/broken")
    #expect(broken.code == 1, "\(broken.output)")
    let repaired = try await Self.lint("\(story)/repaired")
    #expect(repaired.code == 0, "\(repaired.output)")
  }

  @Test("Nothing is found in a queue that skips")
  func queue() async throws {
    let outcome = try await Self.lint("job-queue")
    #expect(outcome.code == 0, "\(outcome.output)")
  }

  private static func lint(_ folder: String) async throws -> Command.Outcome {
    try await Command.run(["lint"], in: Example.root.appending(path: folder))
  }

  @Test("Every story has a README and every expected file a test")
  func complete() throws {
    let stories = try Example.contents(of: "")
    #expect(stories.count == 13)
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
