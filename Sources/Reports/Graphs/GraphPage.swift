/// A page with the picture of a lock order and what is behind it, in one file.
struct GraphPage {
  private let graph: OrderGraph

  init(_ graph: OrderGraph) { self.graph = graph }

  func render() -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>Lock order</title>
    <style>
    body { font: 15px/1.5 sans-serif; margin: 2rem; color: #263238; }
    .picture { overflow: auto; border: 1px solid #cfd8dc; max-height: 85vh; }
    h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
    .circle { color: #c62828; font-weight: bold; }
    table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left;
    vertical-align: top; } code { font-size: .9em; }
    path:hover { stroke-width: 4; }
    </style>
    </head>
    <body>
    <h1>Lock order</h1>
    <p>An arrow leads from a table that is held to one that is asked for then. \(summary)</p>
    <div class="picture">
    \(GraphSVG(graph.reduced()).document)
    </div>
    \(circles)
    \(edges)
    </body>
    </html>

    """
  }

  private var summary: String {
    graph.circles.isEmpty
      ? "No transactions were found that can deadlock."
      : "Red is where transactions can deadlock. What follows from other arrows is not drawn."
  }

  private var circles: String {
    guard !graph.circles.isEmpty else { return "" }
    let items = graph.circles.map { circle in
      "<li><span class=\"circle\">\(escapedForXML(graph.path(of: circle)))</span>: "
        + circle.transactions.map(escapedForXML).joined(separator: ", ") + "</li>"
    }
    return "<h2>Can deadlock</h2>\n<ul>\n\(items.joined(separator: "\n"))\n</ul>"
  }

  private var edges: String {
    let rows = graph.edges.map { edge in
      let sites = edge.sites.prefix(20).map { site in
        "\(escapedForXML(site.transaction)): <code>\(escapedForXML(site.held))</code>, then "
          + "<code>\(escapedForXML(site.request))</code>"
      }
      let more = edge.sites.count > 20 ? ["and \(edge.sites.count - 20) more"] : []
      let mark = edge.isOfCircle ? " class=\"circle\"" : ""
      return "<tr><td\(mark)>\(escapedForXML(graph.nodes[edge.from].name))</td>"
        + "<td\(mark)>\(escapedForXML(graph.nodes[edge.to].name))</td>"
        + "<td>\((sites + more).joined(separator: "<br>"))</td></tr>"
    }
    return "<h2>Where</h2>\n<table>\n<tr><th>held</th><th>asked for</th><th>by</th></tr>\n"
      + rows.joined(separator: "\n") + "\n</table>"
  }
}
