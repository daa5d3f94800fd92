/// A picture of a lock order that needs nothing beside itself.
struct GraphSVG {
  private let graph: OrderGraph
  private let layout: GraphLayout
  private let isLabelled: Bool

  /// With more edges their labels would hide them; they are shown when the pointer is on them.
  private static let labelLimit = 40
  private static let red = "#c62828"
  private static let grey = "#78909c"

  init(_ graph: OrderGraph) {
    self.graph = graph
    let longest = graph.edges.map { Self.label(of: $0, graph).count }.max() ?? 0
    isLabelled = graph.edges.count <= Self.labelLimit
    layout = GraphLayout(graph, labels: isLabelled ? Double(longest) * 5.6 : 0)
  }

  /// The whole document.
  var document: String {
    let (width, height) = (number(layout.size.x), number(layout.size.y))
    let edges = graph.edges.indices.sorted { left, right in
      // What is red is drawn last.
      !graph.edges[left].isOfCircle && graph.edges[right].isOfCircle
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="13">
      <defs>\(marker("red", Self.red))\(marker("grey", Self.grey))</defs>
      <rect width="100%" height="100%" fill="white"/>
      \(edges.map(path).joined(separator: "\n"))
      \(graph.nodes.indices.map(box).joined(separator: "\n"))
      \(labels)
      </svg>
      """
  }

  private func marker(_ name: String, _ color: String) -> String {
    "<marker id=\"\(name)\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" "
      + "markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\">"
      + "<path d=\"M0 0L8 4L0 8z\" fill=\"\(color)\"/></marker>"
  }

  // MARK: Tables

  private func box(_ node: Int) -> String {
    let (middle, width) = (layout.nodes[node], layout.widths[node])
    let isRed = graph.nodes[node].isOfCircle
    return "<g><rect x=\"\(number(middle.x - width / 2))\" "
      + "y=\"\(number(middle.y - GraphLayout.height / 2))\" "
      + "width=\"\(number(width))\" height=\"\(number(GraphLayout.height))\" rx=\"5\" "
      + "fill=\"\(isRed ? "#ffebee" : "#eceff1")\" stroke=\"\(isRed ? Self.red : Self.grey)\"/>"
      + "<text x=\"\(number(middle.x))\" y=\"\(number(middle.y + 4.5))\" "
      + "text-anchor=\"middle\">\(escapedForXML(graph.nodes[node].name))</text></g>"
  }

  // MARK: Edges

  private func path(_ index: Int) -> String {
    let edge = graph.edges[index]
    let color = edge.isOfCircle ? Self.red : Self.grey
    let title = edge.sites.prefix(12).map { "\($0.transaction): \($0.held), then \($0.request)" }
    let more = edge.sites.count > 12 ? ["and \(edge.sites.count - 12) more"] : []
    let head = "\(graph.nodes[edge.from].name) → \(graph.nodes[edge.to].name)"
    return "<path d=\"\(line(index))\" fill=\"none\" stroke=\"\(color)\" "
      + "stroke-width=\"\(edge.isOfCircle ? 2 : 1.2)\" "
      + "marker-end=\"url(#\(edge.isOfCircle ? "red" : "grey"))\">"
      + "<title>\(escapedForXML(([head] + title + more).joined(separator: "\n")))</title></path>"
  }

  private func line(_ index: Int) -> String {
    let points = layout.edges[index]
    let edge = graph.edges[index]
    let half = GraphLayout.height / 2
    guard let first = points.first, let last = points.last, points.count > 1 else {
      return loop(edge.from)
    }
    if first.y == last.y { return arc(edge) }
    let down = last.y > first.y ? 1.0 : -1.0
    // Edges against the order leave and arrive beside those along it.
    let shift = down > 0 ? 0.0 : 14.0
    var previous = GraphLayout.Point(x: first.x + shift, y: first.y + down * half)
    var text = "M\(number(previous.x)) \(number(previous.y))"
    for (place, point) in points.dropFirst().enumerated() {
      let isLast = place == points.count - 2
      let next = GraphLayout.Point(
        x: point.x + shift, y: isLast ? point.y - down * half : point.y)
      let middle = (previous.y + next.y) / 2
      text +=
        "C\(number(previous.x)) \(number(middle)) \(number(next.x)) \(number(middle)) "
        + "\(number(next.x)) \(number(next.y))"
      previous = next
    }
    return text
  }

  /// An edge to the table itself.
  private func loop(_ node: Int) -> String {
    let (middle, right) = (layout.nodes[node], layout.nodes[node].x + layout.widths[node] / 2)
    return "M\(number(right)) \(number(middle.y - 8))C\(number(right + 30)) "
      + "\(number(middle.y - 24)) \(number(right + 30)) \(number(middle.y + 24)) "
      + "\(number(right)) \(number(middle.y + 8))"
  }

  /// An edge within a layer.
  private func arc(_ edge: OrderGraph.Edge) -> String {
    let (from, to) = (layout.nodes[edge.from], layout.nodes[edge.to])
    let y = from.y + GraphLayout.height / 2
    return "M\(number(from.x)) \(number(y))C\(number(from.x)) \(number(y + 40)) "
      + "\(number(to.x)) \(number(y + 40)) \(number(to.x)) \(number(y))"
  }

  // MARK: Labels

  private static func label(of edge: OrderGraph.Edge, _ graph: OrderGraph) -> String {
    String(graph.label(of: edge).prefix(48))
  }

  private var labels: String {
    guard isLabelled else { return "" }
    return graph.edges.indices.map(label).joined(separator: "\n")
  }

  /// Along the order it stands to the left of its edge, against it to the right.
  private func label(_ index: Int) -> String {
    let edge = graph.edges[index]
    let points = layout.edges[index]
    let isDown = points.count > 1 && points[0].y <= points[points.count - 1].y
    let place =
      points.count > 1
      ? GraphLayout.Point(
        x: (points[0].x + points[1].x) / 2 + (isDown ? -5 : 20),
        y: (points[0].y + points[1].y) / 2 + 3)
      : GraphLayout.Point(
        x: layout.nodes[edge.from].x + layout.widths[edge.from] / 2 + 28,
        y: layout.nodes[edge.from].y + 3)
    return "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" "
      + "text-anchor=\"\(isDown ? "end" : "start")\" font-size=\"10\" stroke=\"white\" "
      + "stroke-width=\"3\" paint-order=\"stroke\" "
      + "fill=\"\(edge.isOfCircle ? Self.red : "#455a64")\">"
      + "\(escapedForXML(Self.label(of: edge, graph)))</text>"
  }

  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
  }
}

/// Text between tags.
func escapedForXML(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    printable(String(line)).map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: String(character)
      }
    }.joined()
  }.joined(separator: "\n")
}
