import Diagnostics
import PostgresSyntax
import PostgresTesting
import Testing

/// An example of a page that says what two sessions on a server come to.
struct ServerExample: Sendable, CustomTestStringConvertible {
  let page: String
  let block: RulePage.Block

  /// The examples of all pages.
  static func all() throws -> [ServerExample] {
    try RulePages.read().flatMap { page in
      page.blocks.filter { $0.isKind("sql", "deadlocks") || $0.isKind("sql", "survives") }
        .map { ServerExample(page: page.id, block: $0) }
    }
  }

  /// A deadlock is promised, not its absence.
  var deadlocks: Bool { block.isKind("sql", "deadlocks") }

  var testDescription: String { "\(page):\(block.firstLine)" }

  /// Where a failure points to.
  var location: SourceLocation {
    SourceLocation(
      fileID: "rules/\(page)/README.md", filePath: RulePages.path(of: page),
      line: block.firstLine, column: 1)
  }

  /// What to run: two copies of the block, or its parts where it names sessions.
  ///
  /// The functions and procedures that the block defines are there before the sessions begin.
  func experiment() throws -> DeadlockExperiment {
    let parts = sessions()
    let settings = try statements(block.setup.settings)
    let routines = try statements(block.text, routines: true).map { $0 + ";\n" }
    return DeadlockExperiment(
      schema: block.setup.schema + routines.joined(),
      first: .init(try statements(parts[0])),
      second: .init(try statements(parts[1]), settings: settings),
      others: try parts.dropFirst(2).map { .init(try statements($0)) },
      blocker: block.setup.blocker.isEmpty ? nil : block.setup.blocker)
  }

  /// The text of each session, divided at `-- session: 1`, `-- session: 2` and so on; two at least.
  private func sessions() -> [String] {
    let lines = block.text.split(separator: "\n", omittingEmptySubsequences: false)
    let mark = "-- session: "
    func number(_ line: Substring) -> Int? {
      line.hasPrefix(mark) ? Int(line.dropFirst(mark.count)) : nil
    }
    var texts = [String](repeating: "", count: max(2, lines.compactMap(number).max() ?? 0))
    var current: Int?
    for line in lines {
      if let session = number(line) {
        current = session - 1
      } else {
        for index in texts.indices where current ?? index == index { texts[index] += line + "\n" }
      }
    }
    return texts
  }

  /// The definitions of routines in a text, or its other statements without `BEGIN` and `COMMIT`:
  /// the experiment adds its own.
  private func statements(_ text: String, routines: Bool = false) throws -> [String] {
    let file = FileParser.parse(
      SourceFile(path: RulePages.path(of: page), bytes: Array(text.utf8)))
    if let failure = file.failures.first {
      throw RulePage.Malformed(id: page, line: block.firstLine, description: failure.message)
    }
    return file.statements
      .filter { ($0.kind == "CreateFunctionStmt") == routines && !Self.isBoundary($0) }
      .map { file.source.text($0.range) }
  }

  /// Whether a statement begins or ends a transaction.
  private static func isBoundary(_ statement: Statement) -> Bool {
    guard case .transaction(let control) = statement.command else { return false }
    return control.savepoint == nil
  }
}
