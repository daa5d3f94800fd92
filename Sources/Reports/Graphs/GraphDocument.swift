/// The JSON of a lock order, version 1.
struct GraphDocument: Encodable {
  let version = 1
  let tables: [String]
  let edges: [Edge]
  let circles: [Circle]

  struct Edge: Encodable {
    let held: String
    let request: String
    let deadlocks: Bool
    let sites: [Site]
  }

  struct Site: Encodable {
    let transaction: String
    let held: String
    let request: String
  }

  struct Circle: Encodable {
    let tables: [String]
    let transactions: [String]
  }

  init(_ graph: OrderGraph) {
    let names = graph.nodes.map(\.name)
    tables = names
    edges = graph.edges.map { edge in
      Edge(
        held: names[edge.from], request: names[edge.to], deadlocks: edge.isOfCircle,
        sites: edge.sites.map {
          Site(transaction: $0.transaction, held: $0.held, request: $0.request)
        })
    }
    circles = graph.circles.map { circle in
      Circle(tables: circle.nodes.map { names[$0] }, transactions: circle.transactions)
    }
  }
}
