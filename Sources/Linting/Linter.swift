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

  /// Lints files together.
  public func lint(_ sources: [SourceFile]) -> LintResult {
    lint(
      sources.map { ProjectFile($0, named: Int.max) },
      with: ProjectReader(threads: threads, includesTests: true, exists: { _ in false }))
  }

  /// Lints files together.
  package func lint(_ input: [ProjectFile], with reader: ProjectReader) -> LintResult {
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
    var all =
      Self.ranked(severities.applied(to: (left + meta).filter(isWanted)))
      + severities.applied(to: hidden.filter(isWanted))
    Self.sort(&all, as: input.map(\.source))
    Fingerprint.add(to: &all, input)
    let unread = Set(
      files.filter { !$0.failures.isEmpty }.map { ObjectIdentifier($0.source) })
    let isNote: (Finding) -> Bool = { $0.rule == MetaRules.notAnalysed.id }
    return LintResult(
      findings: all.filter { !isNote($0) && $0.suppression == nil },
      notAnalysed: all.filter { isNote($0) && $0.suppression == nil },
      suppressed: all.filter { !isNote($0) && $0.suppression != nil },
      sources: files.map(\.source), tests: readings.count { $0.role == .test },
      otherDatabases: readings.count { $0.role == .otherDatabase },
      named: Set(input.filter(\.isNamed).map { ObjectIdentifier($0.source) }),
      statements: files.reduce(0) { $0 + Self.statementCount(of: $1) },
      transactions: workload.transactions.count { !$0.statements.isEmpty }
        + workload.inferred.count,
      problems: ConfigurationProblem.all(in: context),
      paths: Dictionary(
        input.map { (ObjectIdentifier($0.source), $0.pathInRepository) },
        uniquingKeysWith: { first, _ in first }),
      settled: Set(
        zip(input, readings).filter { Self.isSettled($0, $1) }.map { ObjectIdentifier($0.0.source) }
      ),
      asked: Set(
        descriptions.map(\.id).filter { selection.contains($0) && severities.areWanted($0) }),
      unread: Set(
        input.filter { unread.contains(ObjectIdentifier($0.source)) }.map(\.pathInRepository)),
      workload: workload)
  }

  /// The statements that stand in a file itself, not those of routines in it.
  private static func statementCount(of file: ParsedFile) -> Int {
    guard !file.failures.isEmpty else { return file.statements.count }
    let statements = NestedRanges(file.statements.map(\.range))
    return file.statements.count
      + file.failures.count { !statements.contains($0.statement.lowerBound) }
  }

  /// Whether nothing comes of a change of a file.
  private static func isSettled(_ file: ProjectFile, _ reading: FileReading) -> Bool {
    switch reading.role {
    case .migration: !file.isPending && !reading.isSetUp
    case .schema: true
    case .application, .test, .otherDatabase: false
    }
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
