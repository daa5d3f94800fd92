/// The strongly connected components of a graph (Tarjan, *Depth-first search and linear graph
/// algorithms*, 1972).
enum StronglyConnected {
  private struct Visit {
    let node: Int
    var next = 0
  }

  /// The number of each node's component.
  static func components(of edges: [(Int, Int)]) -> [Int: Int] {
    var successors: [Int: [Int]] = [:]
    for (from, to) in edges {
      successors[from, default: []].append(to)
    }
    var order: [Int: Int] = [:]
    var low: [Int: Int] = [:]
    var result: [Int: Int] = [:]
    var stack: [Int] = []
    for start in successors.keys where order[start] == nil {
      var visits = [Visit(node: start)]
      while let visit = visits.last {
        if visit.next == 0 {
          order[visit.node] = order.count
          low[visit.node] = order.count - 1
          stack.append(visit.node)
        }
        let targets = successors[visit.node] ?? []
        if visit.next < targets.count {
          visits[visits.count - 1].next += 1
          let target = targets[visit.next]
          if order[target] == nil {
            visits.append(Visit(node: target))
          } else if result[target] == nil {
            low[visit.node] = min(low[visit.node] ?? 0, order[target] ?? 0)
          }
          continue
        }
        visits.removeLast()
        if let parent = visits.last {
          low[parent.node] = min(low[parent.node] ?? 0, low[visit.node] ?? 0)
        }
        guard low[visit.node] == order[visit.node] else { continue }
        while let member = stack.popLast() {
          result[member] = visit.node
          if member == visit.node { break }
        }
      }
    }
    return result
  }
}
