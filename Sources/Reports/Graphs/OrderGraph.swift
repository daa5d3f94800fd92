/// What is locked while something else is held, ready to be written or drawn.
package struct OrderGraph: Sendable {
  /// A table.
  package struct Node: Sendable {
    package let name: String
    /// Whether a deadlock goes through it.
    package let isOfCircle: Bool

    package init(name: String, isOfCircle: Bool) {
      self.name = name
      self.isOfCircle = isOfCircle
    }
  }

  /// A table that is asked for while another one is held.
  package struct Edge: Sendable {
    /// Indices of nodes.
    package let from: Int
    package let to: Int
    /// The places, each of one transaction.
    package let sites: [Site]
    package let isOfCircle: Bool

    package init(from: Int, to: Int, sites: [Site], isOfCircle: Bool) {
      self.from = from
      self.to = to
      self.sites = sites
      self.isOfCircle = isOfCircle
    }
  }

  /// Where a transaction asks for a lock while it holds another.
  package struct Site: Sendable {
    package let transaction: String
    /// `path:line`
    package let held: String
    /// `path:line`
    package let request: String

    package init(transaction: String, held: String, request: String) {
      self.transaction = transaction
      self.held = held
      self.request = request
    }
  }

  /// Transactions that can deadlock.
  package struct Circle: Sendable {
    /// Indices of nodes.
    package let nodes: [Int]
    package let transactions: [String]

    package init(nodes: [Int], transactions: [String]) {
      self.nodes = nodes
      self.transactions = transactions
    }
  }

  /// In an order that as few edges as possible go against.
  package let nodes: [Node]
  package let edges: [Edge]
  package let circles: [Circle]

  package init(nodes: [Node], edges: [Edge], circles: [Circle]) {
    self.nodes = nodes
    self.edges = edges
    self.circles = circles
  }

  /// In a picture of more edges those against the order are left out, unless they are of circles.
  private static let pictureLimit = 60

  /// The same without edges that follow from others: where a longer way leads from one table to the
  /// next as well. Those of circles stay, and in a small picture those against the order.
  func reduced() -> OrderGraph {
    let forward = edges.filter { $0.from < $0.to }
    var targets = [[Int]](repeating: [], count: nodes.count)
    for edge in forward { targets[edge.from].append(edge.to) }
    var reachable = [Set<Int>](repeating: [], count: nodes.count)
    for node in nodes.indices.reversed() {
      for target in targets[node] { reachable[node].formUnion(reachable[target].union([target])) }
    }
    let left = edges.filter { edge in
      edge.isOfCircle || edge.from >= edge.to
        || !targets[edge.from].contains { $0 != edge.to && reachable[$0].contains(edge.to) }
    }
    let isLarge = left.count > Self.pictureLimit
    return OrderGraph(
      nodes: nodes, edges: left.filter { !isLarge || $0.isOfCircle || $0.from < $0.to },
      circles: circles)
  }

  /// The names in a circle, as in `a → b → a`.
  func path(of circle: Circle) -> String {
    (circle.nodes + circle.nodes.prefix(1)).map { nodes[$0].name }.joined(separator: " → ")
  }

  /// What an edge is about, in a few words.
  func label(of edge: Edge) -> String {
    let first = edge.sites.first.map { $0.transaction } ?? ""
    return edge.sites.count > 1 ? "\(first) +\(edge.sites.count - 1)" : first
  }
}
