public import Diagnostics
package import LockAnalysis
import PostgresSyntax

/// Reads files, models their locks and asks the rules.
public struct Linter: Sendable {
  private let rules: [any Rule.Type]
  private let selection: Selection
  private let configuration: Configuration
  private let threads: Int

  /// A linter with rules, of whose findings those selected are returned.
  package init(
    rules: [any Rule.Type], selection: Selection, configuration: Configuration = .init(),
    threads: Int
  ) {
    self.rules = rules
    self.selection = selection
    self.configuration = configuration
    self.threads = threads
  }

  /// All that a run has found.
  public struct Result: Sendable {
    /// By path as given, then by place.
    public var findings: [Finding]
    /// What could not be modelled; not part of `findings`.
    public var notAnalysed: [Finding]
    /// The number of files that were looked at.
    public var files: Int
    /// The number of files that were left out as tests are.
    public var tests: Int
    /// The number of files that were left out as they are not PostgreSQL's.
    public var otherDatabases: Int
    /// The files that the user named.
    fileprivate let named: Set<ObjectIdentifier>
    /// The number of statements of the files, those that don't parse included.
    public var statements: Int
    /// The number of transactions.
    public var transactions: Int
    /// The number of findings that comments hide.
    public var suppressed: Int
    /// What is wrong with the configuration.
    public var problems: [ConfigurationProblem]
    /// What the findings were found in. Freeing it takes time, which a process that ends next saves
    /// by keeping the result.
    fileprivate let workload: Workload

    /// The findings that only tell what migrations that the user did not name do to the
    /// application, and the others.
    public func divided() -> (migrations: [Finding], others: [Finding]) {
      (findings.filter(isAboutMigration), findings.filter { !isAboutMigration($0) })
    }

    /// Whether a finding only tells what a migration did to the application when it ran, which may
    /// be long ago.
    private func isAboutMigration(_ finding: Finding) -> Bool {
      finding.severity == .note && finding.isAboutMigration
        && !named.contains(ObjectIdentifier(finding.range.file))
    }
  }

  /// Lints files together.
  public func lint(_ sources: [SourceFile]) -> Result {
    lint(
      sources.map { ProjectFile($0, named: Int.max) },
      with: ProjectReader(threads: threads, includesTests: true, exists: { _ in false }))
  }

  /// Lints files together.
  package func lint(_ input: [ProjectFile], with reader: ProjectReader) -> Result {
    let (project, readings) = reader.read(input)
    let files = project.files
    let workload = WorkloadBuilder(project: project, threads: threads).build()
    let context = LintContext(workload: workload, declaredOrder: configuration.lockOrder)
    let descriptions = rules.map { $0.description } + MetaRules.all
    let rules = rules
    var findings = LargeStack.map(count: rules.count, threads: threads) { index in
      rules[index].init().check(context)
    }.flatMap { $0 }
    findings += files.flatMap { MetaRules.syntaxErrors(in: $0) }
    findings += MetaRules.unfoundedAssertions(in: workload)
    findings += MetaRules.notAnalysed(in: context)
    let severities = Severities(configuration.severities, descriptions, input)
    let isWanted: (Finding) -> Bool = {
      selection.contains($0.rule) && severities.severity(of: $0) != nil
    }
    let (left, hidden, meta) = Suppression(rules: descriptions)
      .apply(to: Self.distinct(findings, isWanted), in: project)
    // Ranking comes last: what is not wanted must not push out what is.
    var shown = Self.ranked(severities.applied(to: (left + meta).filter(isWanted)))
    Self.sort(&shown, as: input.map(\.source))
    Fingerprint.add(to: &shown)
    let isNote: (Finding) -> Bool = { $0.rule == MetaRules.notAnalysed.id }
    return Result(
      findings: shown.filter { !isNote($0) }, notAnalysed: shown.filter(isNote),
      files: files.count, tests: readings.count { $0.role == .test },
      otherDatabases: readings.count { $0.role == .otherDatabase },
      named: Set(input.filter(\.isNamed).map { ObjectIdentifier($0.source) }),
      statements: files.reduce(0) { $0 + Self.statementCount(of: $1) },
      transactions: workload.transactions.count + workload.inferred.count,
      suppressed: hidden.filter { isWanted($0) && !isNote($0) }.count,
      problems: ConfigurationProblem.all(in: context), workload: workload)
  }

  /// The statements that stand in a file itself, not those of routines in it.
  private static func statementCount(of file: ParsedFile) -> Int {
    guard !file.failures.isEmpty else { return file.statements.count }
    let statements = NestedRanges(file.statements.map(\.range))
    return file.statements.count
      + file.failures.count { !statements.contains($0.statement.lowerBound) }
  }

  /// The findings without those of which an earlier one that is wanted has the subject.
  private static func distinct(
    _ findings: [Finding], _ isWanted: (Finding) -> Bool
  ) -> [Finding] {
    var seen: [SourceRange: Set<String>] = [:]
    return findings.filter { finding in
      guard let subject = finding.subject, let statement = finding.statement,
        isWanted(finding)
      else { return true }
      return seen[statement, default: []].insert(subject).inserted
    }
  }

  /// Of several hazards of one statement the one that ranks first.
  private static func ranked(_ findings: [Finding]) -> [Finding] {
    var best: [SourceRange: Int] = [:]
    for finding in findings {
      guard let rank = finding.rank, let statement = finding.statement else { continue }
      best[statement] = min(best[statement] ?? .max, rank)
    }
    var seen: Set<SourceRange> = []
    return findings.filter { finding in
      guard let rank = finding.rank, let statement = finding.statement else { return true }
      return rank == best[statement] && seen.insert(statement).inserted
    }
  }

  private static func sort(_ findings: inout [Finding], as sources: [SourceFile]) {
    var position: [String: Int] = [:]
    for (index, source) in sources.enumerated() { position[source.path] = index }
    func key(_ finding: Finding) -> (Int, Int, String) {
      (position[finding.range.file.path] ?? 0, finding.range.bytes.lowerBound, finding.rule)
    }
    findings.sort { key($0) < key($1) }
  }
}

extension MetaRules {
  /// All of them.
  public static let all = [syntaxError, notAnalysed, unusedIgnore]
}
