/// A lock order as text: the circles, then each table with what is asked for while it is held.
struct GraphText {
  let graph: OrderGraph
  let style: Style

  func render() -> String {
    guard !graph.edges.isEmpty else {
      return "no table is locked while another one is held\n"
    }
    return circles + tables
  }

  private var circles: String {
    guard !graph.circles.isEmpty else { return "" }
    let lines = graph.circles.map { circle in
      let transactions = printable(circle.transactions.joined(separator: ", "))
      return "  \(style.paint(printable(graph.path(of: circle)), .deadlock))  \(transactions)\n"
    }
    return "can deadlock:\n" + lines.joined() + "\n"
  }

  private var tables: String {
    graph.nodes.indices.map { node in
      let edges = graph.edges.filter { $0.from == node && $0.to != node }
      guard !edges.isEmpty else { return "" }
      return style.paint(printable(graph.nodes[node].name), .bold) + "\n"
        + edges.map(line).joined()
    }.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func line(_ edge: OrderGraph.Edge) -> String {
    let name = printable(graph.nodes[edge.to].name)
    let count = edge.sites.count == 1 ? "1 transaction" : "\(edge.sites.count) transactions"
    let site = edge.sites.first.map { site in
      printable("\(site.transaction), \(site.held) then \(site.request)")
    }
    let mark = edge.isOfCircle ? style.paint("  deadlock", .deadlock) : ""
    return "  → \(name)  \(style.paint("\(count): \(site ?? "")", .dim))\(mark)\n"
  }
}
