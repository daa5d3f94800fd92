/// How a lock order is written.
package enum GraphFormat: String, Sendable, CaseIterable {
  case text, dot, mermaid, json, svg, html

  /// The graph in this format, with a line break at its end.
  package func render(_ graph: OrderGraph, color: Bool) -> String {
    switch self {
    case .text: GraphText(graph: graph, style: Style(color: color)).render()
    case .dot: GraphLanguages.dot(graph.reduced())
    case .mermaid: GraphLanguages.mermaid(graph.reduced())
    case .json: encodedJSON(GraphDocument(graph), pretty: true) + "\n"
    case .svg: GraphSVG(graph.reduced()).document + "\n"
    case .html: GraphPage(graph).render()
    }
  }
}
