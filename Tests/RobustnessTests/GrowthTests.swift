import CommandTesting
import Foundation
import Testing

/// `SQLLOCK_SCALING=1` prints a table of all inputs, `SQLLOCK_BINARY` measures another binary,
/// `SQLLOCK_INPUT=joins` takes one input only, by its name.
@Suite("Inputs of any size")
struct GrowthTests {
  private static let environment = ProcessInfo.processInfo.environment
  /// Sanitizers cost most where memory is used most, so that ratios tell nothing.
  private static let isMeasured = environment["SQLLOCK_SANITIZED"] == nil

  private static let chosen = environment["SQLLOCK_INPUT"]
  private static let all = GrowingInput.all.filter { chosen == nil || chosen == $0.name }.flatMap {
    input in
    Growth.Work.allCases.map { Growth(input: input, work: $0) }
  }
  private static let growing = all.filter { KnownFailures.entries($0).isEmpty }

  @Test("Names are names of one input")
  func names() {
    let names = GrowingInput.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(KnownFailures.growing.map(\.name)).subtracting(names) == [])
  }

  @Test("Small inputs are read to their end", arguments: all)
  func small(_ growth: Growth) async throws {
    for size in 1...3 {
      let point = try await growth.point(size, seconds: 60)
      try #require(!point.hasFailed, "\(point)\n\(growth.input.text(size))")
    }
  }

  @Test(
    "Work and output grow as the text does", .enabled(if: isMeasured), arguments: growing)
  func linear(_ growth: Growth) async throws {
    let problems = try await growth.problems()
    #expect(problems == [])
  }

  @Test("The table of all inputs", .enabled(if: environment["SQLLOCK_SCALING"] != nil))
  func table() async throws {
    print(
      "| input | command | size | CPU s at 1, 2, 4, 8 times the size | last ratio | output ratio |")
    print("|---|---|---|---|---|---|")
    for growth in Self.all { print(try await row(growth)) }
  }

  private func row(_ growth: Growth) async throws -> String {
    var points = [try await growth.measurable(0.05)]
    while points.count < 4, let last = points.last, !last.hasFailed {
      points.append(try await growth.point(last.size * 2))
    }
    let costs = points.map { $0.hasFailed ? "\($0.end)" : Self.text($0.cpu) }
    let last = points.suffix(2)
    var ratios = ["–", "–"]
    if let small = last.first, let large = last.last, points.count > 1 {
      let text = Double(large.input) / Double(small.input)
      ratios = [
        large.hasFailed ? "failed" : Self.text(2 * large.cpu / small.cpu / text),
        large.hasFailed
          ? "failed" : Self.text(2 * Double(large.output) / Double(small.output) / text),
      ]
    }
    return "| \(growth.input.name) | \(growth.work.rawValue) | \(points[0].size) "
      + "| \(costs.joined(separator: ", ")) | \(ratios.joined(separator: " | ")) |"
  }

  private static func text(_ number: Double) -> String { String(format: "%.2f", number) }
}
