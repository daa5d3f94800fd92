import Foundation
import Testing

/// How many lines of each family are right.
struct ConformanceFigures {
  private var tried: [String: Int] = [:]
  private var right: [String: Int] = [:]

  private static let readme = ConformanceFile.folder.appending(path: "README.md")

  /// Counts a line.
  mutating func count(_ family: String, isRight: Bool) {
    tried[family, default: 0] += 1
    right[family, default: 0] += isRight ? 1 : 0
  }

  /// One line for each family.
  func print(_ families: [ConformanceFamily], _ place: String) {
    for family in families { Swift.print("conformance, \(family.name): \(text(family)) \(place)") }
    Swift.print("conformance: \(sum) \(place)")
  }

  private func text(_ family: ConformanceFamily) -> String {
    "\(right[family.name] ?? 0) of \(tried[family.name] ?? 0)"
  }

  private var sum: String {
    "\(right.values.reduce(0, +)) of \(tried.values.reduce(0, +))"
  }

  /// Compares the table of figures in the folder's README, or renews it.
  func holdReadme(to families: [ConformanceFamily]) throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- figures -->\n"))
    let end = try #require(text.range(of: "<!-- /figures -->"))
    let renewed = text[..<start.upperBound] + table(families) + text[end.lowerBound...]
    if ConformanceTests.isRecording {
      try String(renewed).write(to: Self.readme, atomically: true, encoding: .utf8)
    } else {
      #expect(text == renewed, "run SQLLOCK_RECORD=1 swift test --filter ConformanceTests")
    }
  }

  private func table(_ families: [ConformanceFamily]) -> String {
    let rows = families.map { family in
      "| \(family.name) | \(tried[family.name] ?? 0) | \(right[family.name] ?? 0) |\n"
    }
    let all = tried.values.reduce(0, +)
    let agreed = right.values.reduce(0, +)
    return "| family | statements | the model agrees |\n|---|--:|--:|\n" + rows.joined()
      + "| all | \(all) | \(agreed) |\n"
  }
}
