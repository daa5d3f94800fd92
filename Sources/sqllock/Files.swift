import ArgumentParser
import Diagnostics
import Linting
import LockAnalysis
import Reports

/// `sqllock files`
struct Files: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how each file is read, and why.",
    discussion: """
      The files come in the order in which they take effect, those that are left out at the end.

        application   many copies at once
        migration     once, beside the application
        set-up        once, after all migrations: it defines what the application uses
        schema        never: it only tells what tables there are
        test          left out, unless --include-tests says otherwise
        other database   left out

      EXAMPLES
        sqllock files
        sqllock files --output-format json db/
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How the list is written.")
  var outputFormat: Rules.Format?

  @OptionGroup var verbosity: Verbosity

  func run() async throws {
    let read = try await input.read(verbosity)
    let listing = FileListing.make(read.files, with: read.reader)
    switch try outputFormat ?? Output.format(among: Rules.Format.self) ?? .text {
    case .json: try Output.write(encodedJSON(Document(listing), pretty: true) + "\n")
    case .text: try Output.write(Self.table(listing))
    }
  }

  static func table(_ listing: FileListing) -> String {
    let rows = listing.entries.map { entry in
      [
        entry.reading.purpose, entry.reading.transactions ?? "", printable(path: entry.path),
        printable(entry.reading.why),
      ]
    }
    let widths = (0..<3).map { column in (rows.map { $0[column].count }.max() ?? 0) + 2 }
    return rows.map { row in
      zip(row, widths).map { padded($0, $1) }.joined() + row[3] + "\n"
    }.joined()
  }

  /// The JSON of `sqllock files`, version 1.
  private struct Document: Encodable {
    let version = 1
    let files: [File]

    init(_ listing: FileListing) { files = listing.entries.map(File.init) }
  }

  private struct File: Encodable {
    let path: String
    let role: String
    let why: String
    let order: Int?
    let transactions: String?

    init(_ entry: FileListing.Entry) {
      path = entry.path
      role = entry.reading.purpose
      why = entry.reading.why
      order = entry.order
      transactions = entry.reading.transactions
    }
  }
}

extension FileReading {
  /// What the file is for, in a word or two.
  fileprivate var purpose: String { isSetUp ? "set-up" : role.rawValue }

  /// Where transactions begin and end when the text does not say so; nil where nothing is run.
  fileprivate var transactions: String? {
    guard role == .application || role == .migration, let first = sections.first else { return nil }
    if sections.count > 1 { return "one per section" }
    let text =
      switch first.boundary {
      case .statement: "one per statement"
      case .section: "one"
      case .pending: "one, with all pending"
      }
    return first.isReverse && !isReplaced ? text + ", undoes" : text
  }
}
