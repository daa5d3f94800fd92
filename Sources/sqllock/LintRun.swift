import Diagnostics
import LockAnalysis
import Linting

/// A run of the linter with all that picks its findings: a baseline, what has changed, fixes.
struct LintRun {
  let read: InputOptions.Input
  let baseline: Baseline?
  private let linter: Linter
  private let fixes: FixOptions
  private var changes: Changes?

  /// All that was found, apart from what the baseline has.
  private(set) var result: LintResult
  /// The files, with their fixes if they are wanted.
  private(set) var files: [ProjectFile]
  /// The number of fixes.
  private(set) var fixed = 0
  /// The number of fixes for files of which nothing would come.
  private(set) var settled = 0
  /// The entries of the baseline that nothing was found of.
  private(set) var stale: [Baseline.Entry] = []

  init(
    read: InputOptions.Input, linter: Linter, baseline: Baseline?, changes: Changes?,
    fixes: FixOptions
  ) {
    self.read = read
    self.linter = linter
    self.baseline = baseline
    self.changes = changes
    self.fixes = fixes
    files = read.files
    result = LintResult()
  }

  mutating func run() {
    if fixes.isAsked {
      let fixer = Fixer(linter, read.reader, unsafe: fixes.unsafeFixes)
      var changes = changes
      var paths: [ObjectIdentifier: String] = [:]
      let outcome = fixer.fix(read.files) { result in
        for file in result.sources { paths[ObjectIdentifier(file)] = result.path(of: file) }
        return Self.wanted(Self.hidden(result, baseline), changes)
      } edited: { file, edits in
        changes?.follow(edits, of: paths[ObjectIdentifier(file)] ?? file.path)
      }
      self.changes = changes
      (result, files, fixed) = (outcome.result, outcome.files, outcome.count)
      settled = outcome.settled
    } else {
      result = linter.lint(read.files, with: read.reader)
    }
    if let baseline {
      stale = baseline.stale(after: result.findings + result.suppressed) { entry in
        result.hasLooked(for: entry) || result.hasAsked(entry.rule) && read.isGone(entry.path)
      }
    }
    result = Self.hidden(result, baseline)
  }

  private static func hidden(_ result: LintResult, _ baseline: Baseline?) -> LintResult {
    var result = result
    if let baseline { result.hide(baseline) }
    return result
  }

  private static func wanted(_ result: LintResult, _ changes: Changes?) -> [Finding] {
    guard let changes else { return result.findings }
    return result.findings.filter { changes.touch($0, in: result) }
  }

  /// The findings that are reported.
  var findings: [Finding] { Self.wanted(result, changes) }

  /// The findings that only tell what migrations do to the application, and the others.
  var divided: (migrations: [Finding], others: [Finding]) {
    var result = result
    result.findings = findings
    return result.divided()
  }

  /// What could not be modelled, where it is reported.
  var notAnalysed: [Finding] {
    guard let changes else { return result.notAnalysed }
    return result.notAnalysed.filter { changes.touch($0, in: result) }
  }

  /// The number of findings about what has not changed.
  var elsewhere: Int { result.findings.count - findings.count }
}
