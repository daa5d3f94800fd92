/// A lock order in languages that other programs draw.
enum GraphLanguages {
  /// Graphviz.
  static func dot(_ graph: OrderGraph) -> String {
    var text =
      "digraph \"lock order\" {\n  rankdir=TB;\n  node [shape=box, fontname=\"sans-serif\"];\n"
    for (index, node) in graph.nodes.enumerated() {
      let color = node.isOfCircle ? ", color=\"#c62828\", penwidth=2" : ""
      text += "  n\(index) [label=\(quoted(node.name))\(color)];\n"
    }
    for edge in graph.edges {
      let color = edge.isOfCircle ? ", color=\"#c62828\", fontcolor=\"#c62828\"" : ""
      text += "  n\(edge.from) -> n\(edge.to) [label=\(quoted(graph.label(of: edge)))\(color)];\n"
    }
    return text + "}\n"
  }

  private static func quoted(_ text: String) -> String {
    "\"" + printable(text).flatMap { "\\\"".contains($0) ? ["\\", $0] : [$0] } + "\""
  }

  /// Mermaid, as GitHub and GitLab show it.
  static func mermaid(_ graph: OrderGraph) -> String {
    var text = "flowchart TB\n"
    for (index, node) in graph.nodes.enumerated() {
      text += "  n\(index)[\"\(escaped(node.name))\"]\n"
    }
    for edge in graph.edges {
      text += "  n\(edge.from) -->|\"\(escaped(graph.label(of: edge)))\"| n\(edge.to)\n"
    }
    let red = graph.edges.indices.filter { graph.edges[$0].isOfCircle }.map(String.init)
    if !red.isEmpty {
      text += "  linkStyle \(red.joined(separator: ",")) stroke:#c62828,color:#c62828\n"
    }
    let nodes = graph.nodes.indices.filter { graph.nodes[$0].isOfCircle }.map { "n\($0)" }
    if !nodes.isEmpty {
      text += "  classDef circle stroke:#c62828,stroke-width:2px\n"
      text += "  class \(nodes.joined(separator: ",")) circle\n"
    }
    return text
  }

  /// Mermaid's entities.
  private static func escaped(_ text: String) -> String {
    printable(text).map { character in
      switch character {
      case "\"", "#", "<", ">", "&", "`", "|", "[", "]", "{", "}", "\\":
        "#\(character.unicodeScalars.first?.value ?? 32);"
      default: String(character)
      }
    }.joined()
  }
}
