public import ArgumentParser
import Diagnostics
import Linting
public import Reports
import SQLLockRules

/// `sqllock lint`
struct Lint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report lock orders that can deadlock.",
    discussion: """
      Exit code 0: nothing at or above --fail-on; 1: findings; 2: the tool could not do its work.

      EXAMPLES
        sqllock lint migrations/ queries/
        sqllock lint --select row-order --output-format concise
        cat query.sql | sqllock lint - --stdin-filename query.sql
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How findings are written: github under GitHub Actions, else full by default.")
  var outputFormat: OutputFormat?

  @Option(help: ArgumentHelp("Write the report to a file.", valueName: "file"))
  var outputFile: String?

  @Option(help: "Rules or groups to report, separated by commas; `all` for all.")
  var select: [String] = []

  @Option(help: "Rules or groups not to report, separated by commas.")
  var ignore: [String] = []

  @Option(help: "The least severity that makes the exit code 1; warning by default.")
  var failOn: FailOn?

  @Option(help: "When to write in colour.")
  var color: ColorChoice = .auto

  @Flag(name: [.short, .long], help: "Write no summary.")
  var quiet = false

  @Flag(name: [.short, .long], help: "List what was not analysed as well.")
  var verbose = false

  /// The least severity that fails.
  enum FailOn: String, ExpressibleByArgument, CaseIterable {
    case error, warning, note, never

    var severity: Severity? { Severity(rawValue: rawValue) }
  }

  func run() async throws {
    let clock = ContinuousClock()
    let start = clock.now
    let selection = try makeSelection()
    let format = try chosenFormat()
    let read = try await input.read(isQuiet: quiet)
    guard !read.files.isEmpty else {
      if !quiet { Output.error("note: no SQL files found\n") }
      try write([], format, .init())
      return
    }
    let progress = Progress(files: read.files.count, isShown: !quiet && Output.errorIsTerminal)
    let result = RuleCatalog.linter(
      selection: selection, configuration: read.configuration, threads: input.threads
    )
    .lint(read.files, with: read.reader)
    // Kept until the process ends: freeing all that was read would cost time for nothing.
    _ = Unmanaged.passRetained(Kept(result))
    await progress.finish()
    try report(result.problems, of: read.configuration)
    let least = failOn.map(\.severity) ?? read.configuration.failOn ?? .warning
    let countsNotes = selection.names(MetaRules.notAnalysed.id)
    let showsNotes = verbose || countsNotes
    let showsMigrations = verbose || !select.isEmpty || least == .note
    let (migrations, others) = showsMigrations ? ([], result.findings) : result.divided()
    let findings = others + (showsNotes ? result.notAnalysed : [])
    var summary = self.summary(result, findings)
    summary.migrationNotes = migrations.count
    try write(findings, format, summary)
    if !quiet {
      Output.error(
        SummaryLine.text(
          summary, findings, seconds: (clock.now - start).seconds, lists: showsNotes))
    }
    let counted = countsNotes ? findings : result.findings
    if let least, counted.contains(where: { $0.severity >= least }) {
      throw ExitCode(1)
    }
  }

  /// Says what does not fit in the configuration. Throws `UserError` for errors.
  private func report(
    _ problems: [ConfigurationProblem], of configuration: Configuration
  ) throws(UserError) {
    func line(_ problem: ConfigurationProblem) -> String {
      "\(configuration.path ?? ""):\(problem.line):\(problem.column): "
        + "\(problem.isError ? "error" : "warning"): \(problem.message)"
    }
    let errors = problems.filter(\.isError)
    guard errors.isEmpty else { throw UserError(lines: errors.map(line)) }
    if !quiet { for problem in problems { Output.errorLine(line(problem)) } }
  }

  private func makeSelection() throws -> Selection {
    func names(_ values: [String]) -> [String] {
      values.flatMap { $0.split(separator: ",").map { String($0.filter { $0 != " " }) } }
    }
    do {
      return try Selection(
        select: names(select), ignore: names(ignore), rules: RuleCatalog.descriptions)
    } catch {
      throw UserError(
        message: error.message + (error.suggestion == nil ? "; `sqllock rules` lists them" : ""))
    }
  }

  private func summary(
    _ result: Linter.Result, _ findings: [Finding]
  ) -> Summary {
    func count(_ severity: Severity) -> Int { findings.count { $0.severity == severity } }
    return Summary(
      files: result.files, tests: result.tests, otherDatabases: result.otherDatabases,
      statements: result.statements, transactions: result.transactions,
      notAnalysed: Set(result.notAnalysed.compactMap { $0.statement ?? $0.range }).count,
      errors: count(.error), warnings: count(.warning), notes: count(.note),
      suppressed: result.suppressed)
  }

  private func write(_ findings: [Finding], _ format: OutputFormat, _ summary: Summary) throws {
    let isColored = outputFile == nil && color.applies(terminal: Output.isTerminal)
    let report = format.report().render(
      findings,
      ReportContext(
        toolVersion: SQLLock.version, summary: summary, color: isColored,
        rules: RuleCatalog.descriptions, ruleHelp: format == .sarif ? RuleCatalog.pages : [:]))
    if let outputFile {
      try FileSystem.write(report, to: outputFile)
    } else {
      try Output.write(report)
    }
  }

  private func chosenFormat() throws -> OutputFormat {
    if let outputFormat { return outputFormat }
    if let name = Output.environment("SQLLOCK_OUTPUT_FORMAT") {
      guard let format = OutputFormat(rawValue: name) else {
        let names = OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw UserError(message: "SQLLOCK_OUTPUT_FORMAT: `\(name)` is not one of \(names)")
      }
      return format
    }
    return Output.environment("GITHUB_ACTIONS") == "true" ? .github : .full
  }
}

/// A reference to a value.
private final class Kept<Value> {
  private let value: Value

  init(_ value: Value) { self.value = value }
}

extension OutputFormat: ExpressibleByArgument {}

extension Duration {
  /// In seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
