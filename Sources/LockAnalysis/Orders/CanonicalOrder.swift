/// An order of all tables that as few transactions as possible break.
package struct CanonicalOrder: Sendable {
  /// Indices of the tables of a lock order, first those that are locked first.
  package private(set) var tables: [Int] = []
  /// Those of them that are locked together with another one.
  package private(set) var joined: [Int] = []
  /// Whether no other order is broken by fewer.
  package private(set) var isExact = true
  /// The edges that go against it.
  package private(set) var broken: [LockOrder.Edge] = []

  /// So many tables that are all locked before and after each other are put in order exactly.
  private static let exactLimit = 14

  package init(_ order: LockOrder) {
    var weights: [[Int: Int]] = Array(repeating: [:], count: order.tables.count)
    for edge in order.edges where edge.held != edge.request {
      weights[edge.held][edge.request] = edge.sites.count
    }
    for part in Self.parts(order) {
      if part.count <= Self.exactLimit {
        tables += Self.exact(part, weights)
      } else {
        tables += Self.improved(part, weights)
        isExact = false
      }
    }
    let places = Dictionary(uniqueKeysWithValues: tables.enumerated().map { ($1, $0) })
    let ends = Set(order.edges.filter { $0.held != $0.request }.flatMap { [$0.held, $0.request] })
    joined = tables.filter(ends.contains)
    broken = order.edges.filter { edge in
      places[edge.held, default: 0] > places[edge.request, default: 0]
    }
  }

  /// The parts of the graph in which each table comes before and after each other, those that are
  /// locked first in front; within a part and between equals by name.
  private static func parts(_ order: LockOrder) -> [[Int]] {
    let edges = order.edges.filter { $0.held != $0.request }.map { ($0.held, $0.request) }
    let components = StronglyConnected.components(of: edges)
    var members: [Int: [Int]] = [:]
    for table in order.tables.indices {
      members[components[table] ?? table, default: []].append(table)
    }
    var before: [Int: Set<Int>] = [:]
    for (held, request) in edges {
      let (first, second) = (components[held] ?? held, components[request] ?? request)
      if first != second { before[second, default: []].insert(first) }
    }
    var rest = members.keys.sorted { (members[$0]?[0] ?? 0) < (members[$1]?[0] ?? 0) }
    var placed: Set<Int> = []
    var result: [[Int]] = []
    while let next = rest.firstIndex(where: { before[$0]?.isSubset(of: placed) ?? true }) {
      let part = rest.remove(at: next)
      placed.insert(part)
      result.append(members[part] ?? [])
    }
    return result
  }

  /// The order of least cost, over all sets of tables that can come first.
  private static func exact(_ part: [Int], _ weights: [[Int: Int]]) -> [Int] {
    let count = part.count
    guard count > 1 else { return part }
    let cost = part.map { held in part.map { weights[held][$0] ?? 0 } }
    var best = [Int](repeating: Int.max, count: 1 << count)
    var last = [Int](repeating: -1, count: 1 << count)
    best[0] = 0
    for set in 0..<(1 << count) {
      for next in 0..<count where set & (1 << next) == 0 {
        // What holds `next` back: tables that come later and are held when it is asked for.
        var sum = best[set]
        for later in 0..<count where later != next && set & (1 << later) == 0 {
          sum += cost[later][next]
        }
        let larger = set | 1 << next
        if sum < best[larger] {
          best[larger] = sum
          last[larger] = next
        }
      }
    }
    var result: [Int] = []
    var set = (1 << count) - 1
    while set != 0 {
      result.append(part[last[set]])
      set &= ~(1 << last[set])
    }
    return result.reversed()
  }

  /// Greedy (Eades, Lin and Smyth, *A fast and effective heuristic for the feedback arc set problem*,
  /// 1993), then each table moved to where it costs least until nothing gets better.
  private static func improved(_ part: [Int], _ weights: [[Int: Int]]) -> [Int] {
    func weight(_ held: Int, _ request: Int) -> Int { weights[held][request] ?? 0 }
    var rest = part
    var order: [Int] = []
    while !rest.isEmpty {
      let gains = rest.map { table in
        rest.reduce(0) { $0 + weight(table, $1) - weight($1, table) }
      }
      let best = gains.indices.max { (gains[$0], -$0) < (gains[$1], -$1) } ?? 0
      order.append(rest.remove(at: best))
    }
    var isBetter = true
    while isBetter {
      isBetter = false
      for table in part {
        guard let from = order.firstIndex(of: table) else { continue }
        if let to = bestPlace(of: from, in: order, weight) {
          order.remove(at: from)
          order.insert(table, at: to)
          isBetter = true
        }
      }
    }
    return order
  }

  /// Where a table of an order costs less than at its own place.
  private static func bestPlace(
    of place: Int, in order: [Int], _ weight: (Int, Int) -> Int
  ) -> Int? {
    var best = (gain: 0, place: place)
    var gain = 0
    for other in order.indices.prefix(place).reversed() {
      gain += weight(order[place], order[other]) - weight(order[other], order[place])
      if gain > best.gain { best = (gain, other) }
    }
    gain = 0
    for other in order.indices.dropFirst(place + 1) {
      gain += weight(order[other], order[place]) - weight(order[place], order[other])
      if gain > best.gain { best = (gain, other) }
    }
    return best.gain > 0 ? best.place : nil
  }
}
