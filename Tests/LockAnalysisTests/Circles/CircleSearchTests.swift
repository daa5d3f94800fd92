import Foundation
import LockAnalysis
import LockModel
import SeededRandom
import Testing

/// The search for circles, beside trying out every order.
@Suite("Search for circles")
struct CircleSearchTests {
  private static func number(_ name: String, or other: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? other
  }

  /// Random workloads are divided among the cores.
  private static let shares = 2

  @Test("Says of random workloads what every interleaving says", arguments: 0..<shares)
  func agrees(share: Int) {
    let seed = Self.number("SQLLOCK_SEED", or: 1)
    let count = Self.number("SQLLOCK_WORKLOADS", or: 1_000)
    var deadlocks = 0
    for number in stride(from: share, to: count, by: Self.shares) {
      var random = GeneratorRandom(seed: UInt64(seed * 1_000_000 + number))
      let workload = RandomWorkload(&random)
      var search = CircleSearch(
        workload.sequences, workload.terms, longest: workload.longest)
      let (found, isComplete) = search.circles()
      let tried = BruteForce(workload: workload)
      let canDeadlock = tried.canDeadlock
      deadlocks += canDeadlock ? 1 : 0
      #expect(isComplete)
      guard !found.isEmpty == canDeadlock else {
        Issue.record(
          "workload \(number) of seed \(seed): \(canDeadlock ? "missed" : "wrong") \(workload)")
        return
      }
      for circle in found.map(\.circle) where !tried.canReach(circle) {
        Issue.record("workload \(number) of seed \(seed): \(circle) of \(workload)")
        return
      }
    }
    // Both answers are there to be got wrong.
    #expect((count / 10...count * 9 / 10).contains(deadlocks * Self.shares))
  }
}
