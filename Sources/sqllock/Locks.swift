import ArgumentParser
import Diagnostics
import Linting
import LockAnalysis
import LockModel
import Reports

/// `sqllock locks`
struct Locks: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what each statement locks, in which order.",
    discussion: """
      EXAMPLES
        sqllock locks queries/orders.sql
        sqllock locks --output-format json migrations/
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How locks are written.")
  var outputFormat: Rules.Format?

  @Option(help: "When to write in colour.")
  var color: ColorChoice = .auto

  @OptionGroup var verbosity: Verbosity

  func run() async throws {
    let read = try await input.read(verbosity)
    let listing = LockListing.make(read.files, with: read.reader, threads: input.threads)
    switch try outputFormat ?? Output.format(among: Rules.Format.self) ?? .text {
    case .json: try Output.write(encodedJSON(LocksDocument(listing), pretty: true) + "\n")
    case .text:
      let isColored = color.applies(terminal: Output.isTerminal)
      try Output.write(
        LocksText(style: Style(color: isColored), showsAll: verbosity.verbose).render(listing))
    }
    guard !verbosity.quiet else { return }
    for failure in listing.unreadable {
      let place = failure.range.start
      let path = printable(path: failure.range.file.path)
      Output.errorLine("\(path):\(place.line):\(place.column): note: \(failure.message)")
    }
  }
}
