public import Diagnostics
import LockAnalysis

/// All that a run has found.
public struct LintResult: Sendable {
  /// By path as given, then by place.
  public var findings: [Finding]
  /// What could not be modelled; not part of `findings`.
  public var notAnalysed: [Finding]
  /// What comments or a baseline hide, by path as given, then by place.
  public var suppressed: [Finding]
  /// The files that were looked at.
  package var sources: [SourceFile]
  /// The number of files that were looked at.
  public var files: Int { sources.count }
  /// The number of files that were left out as tests are.
  public var tests: Int
  /// The number of files that were left out as they are not PostgreSQL's.
  public var otherDatabases: Int
  /// The files that the user named.
  let named: Set<ObjectIdentifier>
  /// The number of statements of the files, those that don't parse included.
  public var statements: Int
  /// The number of transactions.
  public var transactions: Int
  /// What is wrong with the configuration.
  public var problems: [ConfigurationProblem]
  /// The paths of the files in their repository.
  let paths: [ObjectIdentifier: String]
  /// The files that have run, as it seems, or that a tool writes: migrations that are neither new nor
  /// named, and dumps. What is changed in them changes no database.
  let settled: Set<ObjectIdentifier>
  /// The rules whose findings are wanted everywhere.
  let asked: Set<String>
  /// The paths in their repository of files of which something does not parse.
  let unread: Set<String>
  /// What the findings were found in. Freeing it takes time, which a process that ends next saves
  /// by keeping the result.
  let workload: Workload?

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

  /// Hides the findings that are in a baseline.
  public mutating func hide(_ baseline: Baseline) {
    let known = baseline.fingerprints
    suppressed += findings.filter { known.contains($0.fingerprint) }.map { finding in
      var finding = finding
      finding.suppression = .baseline
      return finding
    }
    findings.removeAll { known.contains($0.fingerprint) }
  }

  /// A baseline of the findings that nothing hides, and of those that a baseline hides.
  public var baseline: Baseline {
    let all = findings + suppressed.filter { $0.suppression == .baseline }
    return Baseline(all.map { ($0, path(of: $0.range.file)) })
  }

  /// The path of a file in its repository.
  public func path(of file: SourceFile) -> String { paths[ObjectIdentifier(file)] ?? file.path }

  /// Whether a finding of a baseline would have been found if it was still there: its rule was asked, and
  /// its file was read to its end.
  public func hasLooked(for entry: Baseline.Entry) -> Bool {
    asked.contains(entry.rule) && !unread.contains(entry.path) && paths.values.contains(entry.path)
  }

  /// Whether nothing comes of a change of a file.
  package func isSettled(_ file: SourceFile) -> Bool { settled.contains(ObjectIdentifier(file)) }

  /// Whether a rule was asked.
  public func hasAsked(_ rule: String) -> Bool { asked.contains(rule) }
}

extension LintResult {
  /// Nothing, of no files.
  package init() {
    self.init(
      findings: [], notAnalysed: [], suppressed: [], sources: [], tests: 0, otherDatabases: 0,
      named: [], statements: 0, transactions: 0, problems: [], paths: [:],
      settled: [], asked: [], unread: [], workload: nil)
  }
}
