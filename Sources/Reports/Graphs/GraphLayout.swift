/// Where the tables of a lock order are drawn: in layers, so that edges along the order go down
/// (Sugiyama, Tagawa and Toda, *Methods for visual understanding of hierarchical system structures*,
/// 1981).
struct GraphLayout {
  struct Point {
    var x: Double
    var y: Double
  }

  /// The middle of each table.
  private(set) var nodes: [Point] = []
  /// The widths of the tables.
  let widths: [Double]
  /// The points that each edge goes through, from table to table.
  private(set) var edges: [[Point]] = []
  private(set) var size = Point(x: 0, y: 0)

  static let height = 34.0
  private static let layerDistance = 96.0
  private static let gap = 28.0
  private static let gapOfEdges = 4.0
  private static let margin = 30.0
  private static let sweeps = 12

  /// A table, or a place where a long edge goes through a layer.
  private struct Item {
    var width: Double
    var layer: Int
    var x = 0.0
    var above: [Int] = []
    var below: [Int] = []
    var isTable = true
  }

  private var items: [Item] = []
  private var layers: [[Int]] = []

  /// `labels` is how much room the longest text beside an edge needs.
  init(_ graph: OrderGraph, labels: Double) {
    widths = graph.nodes.map { Double($0.name.count) * 7.6 + 26 }
    let layers = Self.layers(of: graph)
    items = zip(widths, layers).map { Item(width: $0, layer: $1) }
    let ways = graph.edges.map { addEdge($0, layers) }
    let count = (items.map(\.layer).max() ?? -1) + 1
    self.layers = (0..<count).map { layer in items.indices.filter { items[$0].layer == layer } }
    arrange()
    place(labels)
    nodes = graph.nodes.indices.map(point)
    edges = ways.map { $0.map(point) }
  }

  /// Each table below all that come before it in the order and lead to it.
  private static func layers(of graph: OrderGraph) -> [Int] {
    var layers = [Int](repeating: 0, count: graph.nodes.count)
    for edge in graph.edges.filter({ $0.from < $0.to }).sorted(by: { $0.from < $1.from }) {
      layers[edge.to] = max(layers[edge.to], layers[edge.from] + 1)
    }
    return layers
  }

  /// The items that an edge goes through.
  private mutating func addEdge(_ edge: OrderGraph.Edge, _ layers: [Int]) -> [Int] {
    guard edge.from != edge.to else { return [edge.from] }
    let isDown = layers[edge.from] <= layers[edge.to]
    let (top, bottom) = isDown ? (edge.from, edge.to) : (edge.to, edge.from)
    var way = [top]
    for layer in layers[top]..<max(layers[bottom], layers[top] + 1) where layer > layers[top] {
      items.append(Item(width: 8, layer: layer, isTable: false))
      way.append(items.count - 1)
    }
    way.append(bottom)
    if layers[top] < layers[bottom] {
      for (upper, lower) in zip(way, way.dropFirst()) {
        items[upper].below.append(lower)
        items[lower].above.append(upper)
      }
    }
    return isDown ? way : way.reversed()
  }

  /// Moves what belongs together close to each other: each item to the mean of its neighbours.
  private mutating func arrange() {
    for index in items.indices { items[index].x = 0 }
    for layer in layers {
      for (place, item) in layer.enumerated() { items[item].x = Double(place) }
    }
    for sweep in 0..<Self.sweeps {
      let isDown = sweep.isMultiple(of: 2)
      for number in isDown ? Array(layers.indices) : layers.indices.reversed() {
        let means = layers[number].map { item in
          let others = isDown ? items[item].above : items[item].below
          let sum = others.reduce(0.0) { $0 + items[$1].x }
          return others.isEmpty ? items[item].x : sum / Double(others.count)
        }
        let order = layers[number].indices.sorted {
          (means[$0], $0) < (means[$1], $1)
        }
        layers[number] = order.map { layers[number][$0] }
        for (place, item) in layers[number].enumerated() { items[item].x = Double(place) }
      }
    }
  }

  /// Gives the items their places: as near to their neighbours as their widths allow.
  private mutating func place(_ labels: Double) {
    for layer in layers {
      for (place, item) in layer.enumerated() {
        items[item].x = place == 0 ? 0 : items[layer[place - 1]].x + distance(layer, place)
      }
    }
    for sweep in 0..<Self.sweeps {
      for layer in sweep.isMultiple(of: 2) ? layers : layers.reversed() { settle(layer) }
    }
    let left = items.map { $0.x - $0.width / 2 }.min() ?? 0
    for index in items.indices { items[index].x += Self.margin + labels - left }
    let right = items.map { $0.x + $0.width / 2 }.max() ?? 0
    size = Point(
      x: right + 2 * Self.margin + labels,
      y: Double(max(layers.count - 1, 0)) * Self.layerDistance + Self.height + 2 * Self.margin)
  }

  private mutating func settle(_ layer: [Int]) {
    let wanted = layer.map { item -> Double in
      let others = items[item].above + items[item].below
      return others.isEmpty
        ? items[item].x : others.reduce(0.0) { $0 + items[$1].x } / Double(others.count)
    }
    // From both sides, so that neither is preferred.
    var fromLeft = wanted
    var fromRight = wanted
    for place in layer.indices.dropFirst() {
      fromLeft[place] = max(wanted[place], fromLeft[place - 1] + distance(layer, place))
    }
    for place in layer.indices.dropLast().reversed() {
      fromRight[place] = min(wanted[place], fromRight[place + 1] - distance(layer, place + 1))
    }
    for (place, item) in layer.enumerated() {
      items[item].x = (fromLeft[place] + fromRight[place]) / 2
    }
  }

  /// How far apart an item of a layer and the one before it have to be.
  private func distance(_ layer: [Int], _ place: Int) -> Double {
    let (item, other) = (items[layer[place]], items[layer[place - 1]])
    return (item.width + other.width) / 2
      + (item.isTable && other.isTable ? Self.gap : Self.gapOfEdges)
  }

  private func point(_ item: Int) -> Point {
    Point(
      x: items[item].x,
      y: Self.margin + Self.height / 2 + Double(items[item].layer) * Self.layerDistance)
  }
}
