import Foundation
import Reports
import Testing

/// Text files with the expected output, one per case.
///
/// `SQLLOCK_RECORD=1 swift test --filter ReportsTests` writes them anew.
enum Snapshot: String, CaseIterable {
  case checkstyle = "findings.checkstyle.xml"
  case concise = "findings.concise.txt"
  case full = "findings.full.txt"
  case fullColor = "findings.full.ansi"
  case github = "findings.github.txt"
  case gitlab = "findings.gitlab.json"
  case hostile = "hostile.full.txt"
  case json = "findings.json"
  case jsonLines = "findings.jsonl"
  case junit = "findings.junit.xml"
  case longLine = "long-line.full.txt"
  case nestedRanges = "nested-ranges.full.txt"
  case rdjson = "findings.rdjson"
  case sarif = "findings.sarif"
  case threeSessions = "three-sessions.full.txt"

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")
  static let isRecording = ProcessInfo.processInfo.environment["SQLLOCK_RECORD"] == "1"

  /// What the code writes today.
  var actual: String {
    var color = ReportContext.sample
    color.color = true
    return switch self {
    case .checkstyle: CheckstyleReport().render(Samples.findings, .sample)
    case .concise: ConciseReport().render(Samples.findings, .sample)
    case .full: FullReport().render(Samples.findings, .sample)
    case .fullColor: FullReport().render(Samples.findings, color)
    case .github: GitHubReport().render(Samples.findings, .sample)
    case .gitlab: GitLabReport().render(Samples.findings, .sample)
    case .hostile: FullReport().render([Samples.hostile], .sample)
    case .json: JSONReport().render(Samples.findings, .sample)
    case .jsonLines: JSONLinesReport().render(Samples.findings, .sample)
    case .junit: JUnitReport().render(Samples.findings, .sample)
    case .longLine: FullReport().render([Samples.longLine], .sample)
    case .nestedRanges: FullReport().render([Samples.nestedRanges], .sample)
    case .rdjson: RDJSONReport().render(Samples.findings, .sample)
    case .sarif: SARIFReport().render(Samples.findings, .sample)
    case .threeSessions: FullReport().render([Samples.threeSessions], .sample)
    }
  }

  /// What was recorded; nil when there is no such file.
  var expected: String? {
    get throws {
      let url = Self.folder.appendingPathComponent(rawValue)
      if Self.isRecording { try Data(actual.utf8).write(to: url) }
      return (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) }
    }
  }
}

@Suite("Snapshots of the reports")
struct SnapshotTests {
  @Test("A report equals its snapshot", arguments: Snapshot.allCases)
  func equal(snapshot: Snapshot) throws {
    let expected = try #require(
      try snapshot.expected,
      "Snapshots/\(snapshot.rawValue) is missing; record it with SQLLOCK_RECORD=1")
    #expect(snapshot.actual == expected)
  }

  @Test("Every snapshot belongs to a test")
  func unused() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Snapshot.folder.path)
    let known = Set(Snapshot.allCases.map(\.rawValue))
    #expect(files.filter { !known.contains($0) } == [])
  }
}
