package import Diagnostics
package import LockAnalysis

/// How grave the findings of rules are meant to be.
package struct RuleSeverities: Sendable {
  /// What is asked for.
  package enum Level: String, Sendable, CaseIterable {
    case off, note, warning, error

    var severity: Severity? { Severity(rawValue: rawValue) }
  }

  /// Levels by rule, for all files or for some.
  package struct Entry: Sendable {
    /// Empty for all files.
    package let patterns: [GlobPattern]
    package let levels: [String: Level]

    /// Levels by the ids of rules, for the files that any of some patterns matches.
    package init(_ patterns: [GlobPattern], _ levels: [String: Level]) {
      self.patterns = patterns
      self.levels = levels
    }
  }

  /// Of those that are about a file and a rule, the last one counts.
  package private(set) var entries: [Entry] = []

  /// Says nothing.
  package init() {}

  /// Adds levels that go before those added earlier.
  package mutating func add(_ entry: Entry) { entries.append(entry) }

  /// The level of a rule in a file, by its absolute path; nil where nothing is said.
  package func level(of rule: String, at path: String) -> Level? {
    entries.last { entry in
      entry.levels[rule] != nil
        && (entry.patterns.isEmpty || entry.patterns.contains { $0.matches(path) })
    }?.levels[rule]
  }

  /// The level of a rule in files that nothing special is said of.
  package func everywhere(_ rule: String) -> Level? {
    entries.last { $0.patterns.isEmpty && $0.levels[rule] != nil }?.levels[rule]
  }

  /// The severity of a finding of a rule, which has one by itself; nil where it is not wanted. What
  /// is less certain than the rule's other findings stays below them.
  package func severity(of finding: Finding, by rule: Severity, at path: String) -> Severity? {
    guard let level = level(of: finding.rule, at: path) else { return finding.severity }
    guard let severity = level.severity else { return nil }
    return finding.severity < rule ? min(finding.severity, severity) : severity
  }
}

/// The severities of the findings of a run.
struct Severities {
  private let configured: RuleSeverities
  private let rules: [String: Severity]
  /// The absolute paths of files.
  private let places: [ObjectIdentifier: String]

  init(_ configured: RuleSeverities, _ rules: [RuleDescription], _ files: [ProjectFile]) {
    self.configured = configured
    self.rules = Dictionary(uniqueKeysWithValues: rules.map { ($0.id, $0.severity) })
    places = Dictionary(
      files.map { (ObjectIdentifier($0.source), $0.place) }, uniquingKeysWith: { $1 })
  }

  /// Whether the findings of a rule are wanted in all files.
  func areWanted(_ rule: String) -> Bool {
    !configured.entries.contains { $0.levels[rule] == .off }
  }

  /// The severity of a finding; nil where it is not wanted.
  func severity(of finding: Finding) -> Severity? {
    guard !configured.entries.isEmpty else { return finding.severity }
    let file = finding.range.file
    return configured.severity(
      of: finding, by: rules[finding.rule] ?? finding.severity,
      at: places[ObjectIdentifier(file)] ?? file.path)
  }

  /// Findings that are wanted, with their severities.
  func applied(to findings: [Finding]) -> [Finding] {
    findings.map { finding in
      var finding = finding
      finding.severity = severity(of: finding) ?? finding.severity
      return finding
    }
  }
}
