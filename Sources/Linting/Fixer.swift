package import Diagnostics
package import LockAnalysis

/// Applies the fixes of findings until none is left that can be.
package struct Fixer {
  private let linter: Linter
  private let reader: ProjectReader
  private let least: Fix.Applicability

  /// A fix can take a hazard away that hid another one; so often this is tried.
  private static let roundLimit = 10

  /// Applies safe fixes, or unsafe ones as well.
  package init(_ linter: Linter, _ reader: ProjectReader, unsafe: Bool) {
    self.linter = linter
    self.reader = reader
    least = unsafe ? .unsafe : .safe
  }

  /// What fixing came to.
  package struct Outcome {
    /// What is left.
    package var result: LintResult
    /// The files with their fixes, those without any included.
    package var files: [ProjectFile]
    /// The number of fixes.
    package var count = 0
    /// The number of fixes for files of which nothing would come.
    package var settled = 0
  }

  /// Whether a step has brought nothing that was not there.
  private func isBetter(_ new: LintResult, than old: LintResult) -> Bool {
    func errors(_ result: LintResult) -> Int {
      result.findings.count { $0.rule == MetaRules.syntaxError.id }
    }
    return errors(new) <= errors(old) && new.findings.count <= old.findings.count
  }

  /// Applies the fixes of the findings of a result that are `wanted`, and tells of the edits of each file,
  /// in the order of the text.
  package func fix(
    _ files: [ProjectFile], wanted: (LintResult) -> [Finding],
    edited: (SourceFile, [Edit]) -> Void
  ) -> Outcome {
    var outcome = Outcome(result: linter.lint(files, with: reader), files: files)
    for _ in 0..<Self.roundLimit {
      let findings = wanted(outcome.result)
      // A fix can be about another statement of the circle, in another file.
      let isSettled: (Finding) -> Bool = { [result = outcome.result] finding in
        finding.fix?.edits.first.map { result.isSettled($0.range.file) } ?? false
      }
      outcome.settled = findings.count { $0.fix.map(applies) ?? false && isSettled($0) }
      let edits = edits(of: findings.filter { !isSettled($0) })
      guard !edits.isEmpty else { break }
      let fixed = outcome.files.map { file in
        guard let found = edits[ObjectIdentifier(file.source)] else { return file }
        let whole = Fix(applicability: .safe, message: "", edits: found.flatMap { $0 })
        return file.with(bytes: whole.applied(to: file.source))
      }
      let result = linter.lint(fixed, with: reader)
      guard isBetter(result, than: outcome.result) else { break }
      for file in outcome.files {
        guard let found = edits[ObjectIdentifier(file.source)] else { continue }
        edited(file.source, found.flatMap { $0 })
        outcome.count += found.count
      }
      (outcome.files, outcome.result) = (fixed, result)
    }
    return outcome
  }

  /// The edits of fixes that don't get in each other's way, by file, in the order of the text.
  private func edits(of findings: [Finding]) -> [ObjectIdentifier: [[Edit]]] {
    var result: [ObjectIdentifier: [[Edit]]] = [:]
    // A statement takes one fix at a time: the next one is made for what has become of it.
    var statements: [ObjectIdentifier: [Range<Int>]] = [:]
    for finding in findings where finding.suppression == nil {
      guard let fix = finding.fix, applies(fix), let first = fix.edits.first,
        let last = fix.edits.last
      else { continue }
      let file = ObjectIdentifier(first.range.file)
      var range = first.range.bytes.lowerBound..<last.range.bytes.upperBound + 1
      if let own = finding.statement, own.file === first.range.file,
        own.bytes.overlaps(range)
      {
        range =
          min(own.bytes.lowerBound, range.lowerBound)..<max(own.bytes.upperBound, range.upperBound)
      }
      let isFree = !(statements[file] ?? []).contains { $0.overlaps(range) }
      guard isFree else { continue }
      statements[file, default: []].append(range)
      result[file, default: []].append(fix.edits)
    }
    return result.mapValues { fixes in
      fixes.sorted { $0[0].range.bytes.lowerBound < $1[0].range.bytes.lowerBound }
    }
  }

  private func applies(_ fix: Fix) -> Bool {
    switch fix.applicability {
    case .safe: true
    case .unsafe: least == .unsafe
    case .displayOnly: false
    }
  }
}
