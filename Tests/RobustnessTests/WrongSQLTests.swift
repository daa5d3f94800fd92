import CommandTesting
import Foundation
import SeededRandom
import Testing

/// Random files of wrong SQL.
///
/// `SQLLOCK_SEED` and `SQLLOCK_STATEMENTS` choose others than those that every run tries.
@Suite("Wrong SQL")
struct WrongSQLTests {
  private static let seed = number("SQLLOCK_SEED") ?? 1
  private static let files = (number("SQLLOCK_STATEMENTS") ?? 1_600) / 8

  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test("A seed fixes a file")
  func determinism() {
    #expect(Self.file(7) == Self.file(7))
    #expect(Self.file(7) != Self.file(8))
  }

  @Test("Some statements don't parse, but most of them do")
  func kinds() async throws {
    var statements = WrongSQL(seed: 1)
    var errors = 0
    for _ in 0..<50 {
      let text = (0..<4).map { _ in statements.statement() + ";\n" }.joined()
      let run = try await MeasuredCommand.run(["locks", "-"], input: Array(text.utf8))
      errors += run.error.count { $0 == UInt8(ascii: "\n") }
    }
    #expect(errors > 10 && errors < 100)
  }

  @Test("Wrong SQL is read to its end, and the same is said of it every time")
  func files() async throws {
    let seeds = (0..<Self.files).map { Self.seed &* 1_000_003 &+ $0 }
    for (seed, problem) in try await Self.problems(seeds) {
      let text = try await WrongFile(bytes: Self.file(seed)).minimized()
      Issue.record("seed \(seed): \(problem)\n\(text)")
    }
  }

  private static func file(_ seed: UInt64) -> [UInt8] {
    var wrong = WrongSQL(seed: seed)
    return wrong.file()
  }

  /// What is wrong with the files of seeds, a few at a time.
  private static func problems(_ seeds: [UInt64]) async throws -> [(UInt64, String)] {
    try await withThrowingTaskGroup(of: (UInt64, String?).self) { group in
      var waiting = seeds[...]
      var found: [(UInt64, String)] = []
      func add(_ group: inout ThrowingTaskGroup<(UInt64, String?), any Error>) {
        guard let seed = waiting.popFirst() else { return }
        group.addTask { (seed, try await WrongFile(bytes: file(seed)).problem()) }
      }
      for _ in 0..<3 { add(&group) }
      while let (seed, problem) = try await group.next() {
        if let problem { found.append((seed, problem)) }
        add(&group)
      }
      return found.sorted { $0.0 < $1.0 }
    }
  }
}
