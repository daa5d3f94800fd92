import ArgumentParser
import Diagnostics
import LockAnalysis
import Linting
import Reports
import SQLLockRules

/// `sqllock lint`
struct Lint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report lock orders that can deadlock.",
    discussion: """
      Exit code 0: nothing at or above --fail-on; 1: findings, or a patch with --diff; 2: the tool \
      could not do its work.

      EXAMPLES
        sqllock lint migrations/ queries/
        sqllock lint --select row-order --output-format concise
        sqllock lint --write-baseline sqllock-baseline.json
        sqllock lint --since origin/main
        sqllock lint --diff --unsafe-fixes | git apply
        cat query.sql | sqllock lint - --stdin-filename query.sql
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "Rules or groups to report, separated by commas; `all` for all.")
  var select: [String] = []

  @Option(help: "Rules or groups not to report, separated by commas.")
  var ignore: [String] = []

  @Option(help: "The least severity that makes the exit code 1; warning by default.")
  var failOn: FailOn?

  @OptionGroup(title: "Reports") var report: ReportOptions

  @OptionGroup(title: "Adoption") var adoption: AdoptionOptions

  @OptionGroup(title: "Fixes") var fixes: FixOptions

  @OptionGroup(title: "Looking around") var show: ShowOptions

  @OptionGroup var verbosity: Verbosity

  /// The least severity that fails.
  enum FailOn: String, ExpressibleByArgument, CaseIterable {
    case error, warning, note, never

    var severity: Severity? { Severity(rawValue: rawValue) }
  }

  func validate() throws {
    if adoption.writeBaseline != nil, fixes.isAsked {
      throw ValidationError("--write-baseline writes what is found now: fix in a run of its own")
    }
  }

  func run() async throws {
    let clock = ContinuousClock()
    let start = clock.now
    let selection = try makeSelection()
    _ = try report.chosenFormat()
    let changes = try await adoption.changes(in: input.paths)
    let read = try await input.read(verbosity, changes: changes)
    let baseline = try adoption.readBaseline(read.configuration)
    if try show.write(read, self) { return }
    guard !read.files.isEmpty else {
      try report.write([], .init())
      return
    }
    let progress = Progress(
      files: read.files.count, isShown: !verbosity.quiet && Output.errorIsTerminal)
    let linter = RuleCatalog.linter(
      selection: selection, configuration: read.configuration, threads: input.threads)
    var run = LintRun(
      read: read, linter: linter, baseline: baseline, changes: changes, fixes: fixes)
    run.run()
    // Kept until the process ends: freeing all that was read would cost time for nothing.
    _ = Unmanaged.passRetained(Kept(run))
    await progress.finish()
    try say(run.result.problems, of: read.configuration)
    if let file = adoption.writeBaseline { return try write(run.result.baseline, to: file) }
    if fixes.isAsked, try finishFixes(run) { return }
    try finish(run, selection, seconds: (clock.now - start).seconds)
  }

  // MARK: Results

  /// Reports what is left.
  private func finish(_ run: LintRun, _ selection: Selection, seconds: Double) throws {
    let result = run.result
    let configuration = run.read.configuration
    let least = failOn.map(\.severity) ?? configuration.failOn ?? .warning
    let countsNotes = selection.names(MetaRules.notAnalysed.id)
    let showsNotes = verbosity.verbose || countsNotes
    let showsMigrations = verbosity.verbose || !select.isEmpty || least == .note
    let (migrations, others) = showsMigrations ? ([], run.findings) : run.divided
    let findings = others + (showsNotes ? run.notAnalysed : [])
    var summary = self.summary(run, findings)
    summary.migrationNotes = migrations.count
    let toStandardError = fixes.fix && input.readsStandardInput
    if toStandardError {
      for finding in findings {
        Output.error(ConciseReport().render([finding], .init(toolVersion: "")))
      }
    } else {
      try report.write(findings, suppressed: result.suppressed, summary)
    }
    if !verbosity.quiet {
      Output.error(SummaryLine.text(summary, findings, seconds: seconds, lists: showsNotes))
      if show.statistics { Output.error(Statistics.text(findings)) }
    }
    try finishBaseline(run)
    let counted = (countsNotes ? findings : run.findings).filter { finding in
      finding.rule != MetaRules.syntaxError.id || finding.severity > .note
        || selection.names(finding.rule)
    }
    if let least, counted.contains(where: { $0.severity >= least }) { throw ExitCode(1) }
  }

  private func summary(_ run: LintRun, _ findings: [Finding]) -> Summary {
    let result = run.result
    func count(_ severity: Severity) -> Int { findings.count { $0.severity == severity } }
    return Summary(
      files: result.files, tests: result.tests, otherDatabases: result.otherDatabases,
      statements: result.statements, transactions: result.transactions,
      notAnalysed: Set(result.notAnalysed.compactMap { $0.statement ?? $0.range }).count,
      errors: count(.error), warnings: count(.warning), notes: count(.note),
      suppressed: result.suppressed.count { $0.suppression == .comment },
      baselined: result.suppressed.count { $0.suppression == .baseline },
      elsewhere: run.elsewhere, fixed: run.fixed)
  }

  /// Writes the patch, or the files; true when nothing else is to be said.
  private func finishFixes(_ run: LintRun) throws -> Bool {
    let files = FixOptions.changed(run.read.files, run.files)
    if run.settled > 0, !verbosity.quiet {
      let fixes = SummaryLine.count(run.settled, "fix", "fixes")
      Output.errorLine(
        "left out \(fixes) for migrations that have run, as it seems, or for dumps: "
          + "name a file to fix it, or write a new migration")
    }
    if fixes.diff {
      try report.output.write(FixOptions.patch(files))
      if !verbosity.quiet, files.isEmpty { Output.error("no fixes\n") }
      if !files.isEmpty { throw ExitCode(1) }
      return true
    }
    let isInput: (SourceFile) -> Bool = { [name = input.stdinFilename] file in
      input.readsStandardInput && file.path == name
    }
    try FixOptions.write(files.filter { !isInput($0.old) })
    if let file = run.files.last?.source, isInput(file) { try Output.write(file.bytes) }
    return false
  }

  // MARK: Baseline

  private func write(_ baseline: Baseline, to file: String) throws(UserError) {
    try adoption.write(baseline, to: file)
    guard !verbosity.quiet else { return }
    Output.errorLine(
      "wrote \(SummaryLine.count(baseline.findings.count, "finding")) to \(file)")
  }

  /// Says which entries are stale, or takes them out.
  private func finishBaseline(_ run: LintRun) throws(UserError) {
    guard let baseline = run.baseline, let file = adoption.file(run.read.configuration) else {
      return
    }
    let stale = run.stale
    guard !stale.isEmpty else { return }
    let entries = stale.count == 1 ? "1 entry" : "\(stale.count) entries"
    if adoption.pruneBaseline {
      try adoption.write(baseline.without(stale), to: file)
      if !verbosity.quiet { Output.errorLine("took \(entries) out of \(file)") }
    } else if !verbosity.quiet {
      Output.errorLine(
        "\(entries) of \(file) \(stale.count == 1 ? "is" : "are") gone from the code; "
          + "--prune-baseline takes \(stale.count == 1 ? "it" : "them") out")
    }
  }

  // MARK: Settings

  /// Says what does not fit in the configuration. Throws `UserError` for errors.
  private func say(
    _ problems: [ConfigurationProblem], of configuration: Configuration
  ) throws(UserError) {
    func line(_ problem: ConfigurationProblem) -> String {
      "\(configuration.path ?? ""):\(problem.line):\(problem.column): "
        + "\(problem.isError ? "error" : "warning"): \(problem.message)"
    }
    let errors = problems.filter(\.isError)
    guard errors.isEmpty else { throw UserError(lines: errors.map(line)) }
    if !verbosity.quiet { for problem in problems { Output.errorLine(line(problem)) } }
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
}

/// A reference to a value.
private final class Kept<Value> {
  private let value: Value

  init(_ value: Value) { self.value = value }
}

extension Duration {
  /// In seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
