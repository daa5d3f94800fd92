/// Which nodes of a graph can be come to from which, over one edge or more.
struct Reachability {
  private let components: [Int: Int]
  /// The places of components in `rows`.
  private var places: [Int: Int] = [:]
  /// A bit for each component that can be come to; nil where the graph is too large, and everything is
  /// taken to be reachable.
  private let rows: [[UInt64]]?

  /// A table of so many components takes 8 MB.
  private static let componentLimit = 8_000

  /// Whatever the edges lead to.
  init(_ edges: [(Int, Int)]) {
    components = StronglyConnected.components(of: edges)
    var targets: [Int: Set<Int>] = [:]
    for (from, to) in edges {
      guard let first = components[from], let second = components[to] else { continue }
      targets[first, default: []].insert(second)
    }
    let all = Set(components.values).sorted()
    guard all.count <= Self.componentLimit else {
      rows = nil
      return
    }
    for component in all { places[component] = places.count }
    let width = (all.count + 63) / 64
    var rows = [[UInt64]](repeating: [], count: all.count)
    for component in Self.order(all, targets) {
      guard let place = places[component] else { continue }
      var row = [UInt64](repeating: 0, count: width)
      for target in targets[component] ?? [] {
        guard let other = places[target] else { continue }
        row[other / 64] |= 1 << UInt64(other % 64)
        guard target != component else { continue }
        for word in 0..<width { row[word] |= rows[other][word] }
      }
      rows[place] = row
    }
    self.rows = rows
  }

  /// Components behind all that they lead to.
  private static func order(_ all: [Int], _ targets: [Int: Set<Int>]) -> [Int] {
    var result: [Int] = []
    var seen: Set<Int> = []
    for start in all where seen.insert(start).inserted {
      var visits = [(node: start, left: Array(targets[start] ?? []))]
      while !visits.isEmpty {
        guard let next = visits[visits.count - 1].left.popLast() else {
          result.append(visits.removeLast().node)
          continue
        }
        if seen.insert(next).inserted { visits.append((next, Array(targets[next] ?? []))) }
      }
    }
    return result
  }

  /// Whether a node can be come to from another.
  func leads(from start: Int, to end: Int) -> Bool {
    guard let rows else { return true }
    guard let from = components[start].flatMap({ places[$0] }),
      let to = components[end].flatMap({ places[$0] })
    else { return false }
    return rows[from][to / 64] & (1 << UInt64(to % 64)) != 0
  }
}
