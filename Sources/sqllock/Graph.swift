import ArgumentParser
import Diagnostics
import LockAnalysis
import LockModel
import Reports

/// `sqllock graph`
struct Graph: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show which tables are locked while others are held.",
    discussion: """
      Reads everything as `lint` does. An edge leads from a table of which something is held to one \
      of which something is asked for then; red, or marked, are those of transactions that can \
      deadlock. Pictures leave out edges that follow from others.

      EXAMPLES
        sqllock graph
        sqllock graph --output-format html --output-file lock-order.html
        sqllock graph --output-format dot | dot -Tpng > lock-order.png
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How the graph is written.")
  var outputFormat: GraphFormat?

  @OptionGroup var output: OutputOptions

  @OptionGroup var verbosity: Verbosity

  func run() async throws {
    let (order, workload) = try await input.lockOrder(verbosity)
    let graph = OrderGraph(order, workload)
    let format = try outputFormat ?? Output.format(among: GraphFormat.self) ?? .text
    try output.write(Array(format.render(graph, color: output.isColored).utf8))
  }
}

extension GraphFormat: ExpressibleByArgument {}

extension InputOptions {
  /// The lock order of everything that was named.
  func lockOrder(_ verbosity: Verbosity) async throws -> (order: LockOrder, workload: Workload) {
    let read = try await read(verbosity)
    let project = read.reader.read(read.files).project
    let workload = WorkloadBuilder(project: project, threads: threads).build()
    return (LockOrder(workload), workload)
  }
}

extension OrderGraph {
  /// A lock order, its tables as few as possible of its edges go against.
  init(_ order: LockOrder, _ workload: Workload) {
    let tables = CanonicalOrder(order).tables
    let places = Dictionary(uniqueKeysWithValues: tables.enumerated().map { ($1, $0) })
    let red = Set(order.circles.flatMap(\.tables))
    self.init(
      nodes: tables.map { Node(name: order.tables[$0].short, isOfCircle: red.contains($0)) },
      edges: order.edges.map { edge in
        Edge(
          from: places[edge.held] ?? 0, to: places[edge.request] ?? 0,
          sites: edge.sites.map { Site($0, workload) }, isOfCircle: edge.isOfCircle)
      }.sorted { ($0.from, $0.to) < ($1.from, $1.to) },
      circles: order.circles.map { circle in
        Circle(nodes: circle.tables.compactMap { places[$0] }, transactions: circle.transactions)
      })
  }
}

extension OrderGraph.Site {
  fileprivate init(_ site: LockOrder.Site, _ workload: Workload) {
    self.init(
      transaction: site.transaction, held: workload.place(of: site.held),
      request: workload.place(of: site.request))
  }
}

extension Workload {
  /// `path:line` of a lock.
  func place(of id: AcquisitionID) -> String {
    let range = self[id].range
    return "\(printable(path: range.file.path)):\(range.start.line)"
  }
}
