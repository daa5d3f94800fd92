import Diagnostics
import Foundation
import Testing

/// The `sql fixed` blocks: what `--fix --unsafe-fixes` makes of the `sql bad` block above.
///
/// `SQLLOCK_RECORD=1 swift test --filter FixedPageTests` renews them, and adds those that are missing.
@Suite("Fixed forms on rule pages", .serialized)
struct FixedPageTests {
  /// The text of a block without the marks of findings.
  private static func unmarked(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let mark = line.range(of: "-- finding") else { return String(line) }
      var rest = line[..<mark.lowerBound]
      while rest.last == " " { rest.removeLast() }
      return String(rest)
    }.joined(separator: "\n")
  }

  @Test(
    "The fixed form is that of the fixer, and every fix has one", arguments: try RulePages.ids())
  func fixed(id: String) throws {
    let page = try RulePages.read(id)
    var insertions: [(line: Int, count: Int, text: String)] = []
    for section in page.sections {
      for (index, block) in section.blocks.enumerated() where block.isKind("sql", "bad") {
        let example = LintExample(page: id, block: block)
        let fixed = Self.unmarked(try example.fixed().text)
        let next = section.blocks.dropFirst(index + 1).first { $0.kind != ["sql", "blocker"] }
        let shown = next?.kind == ["sql", "fixed"] ? next : nil
        let isChanged = fixed != Self.unmarked(block.text)
        let isGood = section.blocks.contains { $0.isKind("sql", "good") && $0.text == fixed }
        guard isChanged, !isGood || shown != nil else {
          #expect(shown == nil, sourceLocation: example.location())
          continue
        }
        if Snapshots.isRecording {
          let length = block.text.split(separator: "\n", omittingEmptySubsequences: false).count
          let line = shown?.firstLine ?? block.firstLine + length
          let count = shown.map { $0.text.filter { $0 == "\n" }.count } ?? 0
          insertions.append(
            (line, count, shown == nil ? "\n```sql fixed\n\(fixed)```\n" : fixed))
        } else {
          #expect(shown?.text == fixed, sourceLocation: example.location())
        }
      }
    }
    guard !insertions.isEmpty else { return }
    let path = RulePages.path(of: id)
    var lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
    for insertion in insertions.reversed() {
      let start = insertion.line - 1
      let new = insertion.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      lines.replaceSubrange(start..<start + insertion.count, with: new.map(String.init))
    }
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Whether pages are written anew.
  private enum Snapshots {
    static let isRecording = ProcessInfo.processInfo.environment["SQLLOCK_RECORD"] == "1"
  }
}
