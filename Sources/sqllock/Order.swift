import ArgumentParser
import LockAnalysis
import LockModel
import Reports

/// `sqllock order`
struct Order: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Propose one order in which to lock tables.",
    discussion: """
      The order that as few transactions as possible break, first what is to be locked first, the \
      transactions that break it, and the line for the configuration. Tables that are never locked \
      together with another one are left out.

      EXAMPLES
        sqllock order
        sqllock order --output-format json db/
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How the order is written.")
  var outputFormat: Rules.Format?

  @OptionGroup var verbosity: Verbosity

  func run() async throws {
    let (order, workload) = try await input.lockOrder(verbosity)
    let document = Document(order, workload)
    switch try outputFormat ?? Output.format(among: Rules.Format.self) ?? .text {
    case .json: try Output.write(encodedJSON(document, pretty: true) + "\n")
    case .text: try Output.write(document.text)
    }
  }

  /// The JSON, version 1.
  private struct Document: Encodable {
    let version = 1
    /// First those that are locked first.
    let tables: [String]
    /// Whether no other order is broken less often.
    let isExact: Bool
    let broken: [Broken]

    struct Broken: Encodable {
      let transaction: String
      let held: String
      let heldAt: String
      let request: String
      let requestAt: String
    }

    init(_ order: LockOrder, _ workload: Workload) {
      let canonical = CanonicalOrder(order)
      let names = order.tables.map(\.short)
      tables = canonical.joined.map { names[$0] }
      isExact = canonical.isExact
      broken = canonical.broken.flatMap { edge in
        edge.sites.map { site in
          Broken(
            transaction: site.transaction, held: names[edge.held],
            heldAt: workload.place(of: site.held), request: names[edge.request],
            requestAt: workload.place(of: site.request))
        }
      }
    }

    var text: String {
      guard !tables.isEmpty else { return "no table is locked while another one is held\n" }
      let lines = broken.map { place in
        printable(
          "  \(place.transaction): asks for \(place.request) (\(place.requestAt)) while it holds "
            + "\(place.held) (\(place.heldAt))") + "\n"
      }
      let names = tables.map { name in
        "\"" + printable(name).flatMap { "\\\"".contains($0) ? ["\\", $0] : [$0] } + "\""
      }
      return tables.map { printable($0) + "\n" }.joined() + "\n" + verdict + lines.joined() + "\n"
        + "lock-order = [\(names.joined(separator: ", "))]\n"
    }

    private var verdict: String {
      let kind = isExact ? "no other order is broken less often" : "found by a heuristic"
      guard !broken.isEmpty else { return "all transactions follow it\n" }
      let count = broken.count == 1 ? "1 place breaks it" : "\(broken.count) places break it"
      return "\(count) (\(kind)):\n"
    }
  }
}
