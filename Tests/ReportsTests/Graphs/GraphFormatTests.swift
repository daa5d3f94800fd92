import Foundation
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Every format of a lock order, also with names that mean something in it.
@Suite("Formats of lock orders")
struct GraphFormatTests {
  private static let nasty = "a\"<b>&\\`|]#;\u{1B}[31m"

  private func graph(_ names: [String] = ["orders", "customers", "stock"]) -> OrderGraph {
    let site = OrderGraph.Site(
      transaction: "place \(names[0])", held: "q.sql:1", request: "q.sql:2")
    func edge(_ from: Int, _ to: Int, _ isOfCircle: Bool = false) -> OrderGraph.Edge {
      OrderGraph.Edge(from: from, to: to, sites: [site, site], isOfCircle: isOfCircle)
    }
    return OrderGraph(
      nodes: names.enumerated().map { OrderGraph.Node(name: $1, isOfCircle: $0 < 2) },
      edges: [edge(0, 1, true), edge(1, 0, true), edge(1, 2), edge(0, 2), edge(1, 1, true)],
      circles: [.init(nodes: [0, 1], transactions: ["x", names[0]])])
  }

  @Test("Pictures are XML", arguments: [["a", "b", "c"], [nasty, "b", nasty]])
  func pictures(names: [String]) throws {
    let svg = GraphFormat.svg.render(graph(names), color: false)
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(!svg.contains("\u{1B}"))
    let page = GraphFormat.html.render(graph(names), color: false)
    let body = try #require(page.range(of: "<body>"))
    let end = try #require(page.range(of: "</html>"))
    #expect(XMLParser(data: Data(page[body.lowerBound..<end.lowerBound].utf8)).parse())
    #expect(!page.contains("http:") || page.contains("http://www.w3.org/2000/svg"))
  }

  @Test("What follows from other edges is not drawn, circles are")
  func reduced() {
    let text = GraphFormat.mermaid.render(graph(), color: false)
    #expect(text.contains("n0 -->|\"place orders +1\"| n1"))
    #expect(text.contains("n1 -->|\"place orders +1\"| n0"))
    #expect(!text.contains("n0 -->|\"place orders +1\"| n2"))
    #expect(text.contains("linkStyle 0,1,3 stroke"))
  }

  @Test("Names are escaped")
  func escaped() {
    let names = [Self.nasty, "b", "c"]
    for format in GraphFormat.allCases {
      #expect(!format.render(graph(names), color: false).contains("\u{1B}"), "\(format)")
    }
    #expect(
      GraphFormat.dot.render(graph(names), color: false)
        .contains(#"n0 [label="a\"<b>&\\`|]#;␛[31m""#))
    #expect(GraphFormat.mermaid.render(graph(names), color: false).contains(#"n0["a#34;#60;b"#))
  }

  @Test("The text begins with what can deadlock")
  func text() {
    let text = GraphFormat.text.render(graph(), color: false)
    #expect(text.hasPrefix("can deadlock:\n  orders → customers → orders  x, orders\n\norders\n"))
    #expect(
      text.contains("  → customers  2 transactions: place orders, q.sql:1 then q.sql:2  deadlock\n")
    )
    let empty = OrderGraph(nodes: [], edges: [], circles: [])
    for format in GraphFormat.allCases {
      #expect(!format.render(empty, color: false).isEmpty)
    }
  }

  @Test("No two tables of a large graph are drawn over each other")
  func large() throws {
    let nodes = (0..<200).map { OrderGraph.Node(name: "table_\($0)", isOfCircle: false) }
    var edges: [OrderGraph.Edge] = []
    for from in 0..<200 {
      for to in [from * 2 + 1, from * 2 + 2, from + 7] where to < 200 {
        edges.append(OrderGraph.Edge(from: from, to: to, sites: [], isOfCircle: false))
      }
    }
    let svg = GraphFormat.svg.render(
      OrderGraph(nodes: nodes, edges: edges, circles: []), color: false)
    let boxes = svg.split(separator: "\n").filter { $0.hasPrefix("<g><rect") }.map { line in
      ["x", "y", "width"].map { name -> Double in
        let start = line.range(of: "\(name)=\"")?.upperBound ?? line.startIndex
        return Double(line[start...].prefix { $0 != "\"" }) ?? .nan
      }
    }
    try #require(boxes.count == 200)
    for (index, box) in boxes.enumerated() {
      for other in boxes.dropFirst(index + 1) where box[1] == other[1] {
        #expect(box[0] + box[2] <= other[0] || other[0] + other[2] <= box[0])
      }
    }
  }
}
