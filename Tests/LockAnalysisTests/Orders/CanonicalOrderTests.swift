import Diagnostics
import LockAnalysis
import LockModel
import SeededRandom
import Testing

/// The order of tables that as few transactions as possible break.
@Suite("Canonical orders")
struct CanonicalOrderTests {
  /// Transactions that lock a row of one table and then of another.
  private func order(_ pairs: [(Int, Int)]) -> LockOrder {
    let count = (pairs.flatMap { [$0.0, $0.1] }.max() ?? 0) + 1
    let tables = (0..<count).map { "CREATE TABLE t\($0) (id int PRIMARY KEY, n int);" }
    let transactions = pairs.map { first, second in
      "BEGIN; UPDATE t\(first) SET n = 1 WHERE id = $1; UPDATE t\(second) SET n = 1 WHERE id = $2; COMMIT;"
    }
    let text = (tables + transactions).joined(separator: "\n")
    let file = ProjectFile(SourceFile(path: "q.sql", bytes: Array(text.utf8)))
    let reader = ProjectReader(threads: 1, includesTests: false) { _ in false }
    return LockOrder(WorkloadBuilder(project: reader.read([file]).project, threads: 1).build())
  }

  private func cost(_ tables: [Int], _ order: LockOrder) -> Int {
    var places = [Int](repeating: 0, count: tables.count)
    for (place, table) in tables.enumerated() { places[table] = place }
    return order.edges.filter { places[$0.held] > places[$0.request] }
      .reduce(0) { $0 + $1.sites.count }
  }

  @Test("What all transactions agree on is the order")
  func agreement() {
    let order = order([(2, 1), (1, 0), (2, 0)])
    let canonical = CanonicalOrder(order)
    #expect(canonical.tables.map { order.tables[$0].short } == ["t2", "t1", "t0"])
    #expect(canonical.broken.isEmpty)
    #expect(canonical.isExact)
  }

  @Test("The fewer break it")
  func majority() {
    let order = order([(0, 1), (1, 0), (1, 0), (1, 2)])
    let canonical = CanonicalOrder(order)
    #expect(canonical.tables.map { order.tables[$0].short } == ["t1", "t0", "t2"])
    #expect(canonical.broken.map(\.sites.count) == [1])
  }

  @Test("No order of a few tables is better", arguments: 0..<40 as Range<UInt64>)
  func exact(seed: UInt64) {
    var random = GeneratorRandom(seed: seed)
    let pairs = (0..<Int.random(in: 3...14, using: &random)).compactMap { _ -> (Int, Int)? in
      let pair = (Int.random(in: 0..<5, using: &random), Int.random(in: 0..<5, using: &random))
      return pair.0 == pair.1 ? nil : pair
    }
    let order = order(pairs)
    let canonical = CanonicalOrder(order)
    let best = permutations(Array(order.tables.indices)).map { cost($0, order) }.min() ?? 0
    #expect(cost(canonical.tables, order) == best)
    #expect(canonical.broken.reduce(0) { $0 + $1.sites.count } == best)
  }

  @Test("Many tables that are locked in all orders are put in order by a heuristic")
  func heuristic() {
    // A ring of 20: one edge has to be broken.
    let order = order((0..<20).map { ($0, ($0 + 1) % 20) })
    let canonical = CanonicalOrder(order)
    #expect(!canonical.isExact)
    #expect(canonical.broken.count == 1)
  }

  private func permutations(_ values: [Int]) -> [[Int]] {
    guard values.count > 1 else { return [values] }
    return values.indices.flatMap { index in
      var rest = values
      let value = rest.remove(at: index)
      return permutations(rest).map { [value] + $0 }
    }
  }
}
