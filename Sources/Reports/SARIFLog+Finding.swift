import Diagnostics

extension SARIFLog.Rule {
  init(_ rule: RuleDescription, help page: String?) {
    self.init(
      id: rule.id, shortDescription: .init(text: rule.summary),
      help: page.map { .init(text: $0, markdown: $0) },
      defaultConfiguration: .init(level: rule.severity.rawValue),
      properties: .init(tags: [rule.group.rawValue]))
  }
}

/// Paths as the log has them.
struct SARIFPaths {
  /// Makes a path that is relative to the working directory relative to the repository's root.
  let inRepository: (String) -> String
}

extension SARIFLog.Suppression {
  init(_ suppression: Finding.Suppression) {
    switch suppression {
    case .comment: self.init(kind: "inSource")
    case .baseline: self.init(kind: "external")
    }
  }
}

extension SARIFLog.Result {
  init(_ finding: Finding, ruleIndex: Int?, _ paths: SARIFPaths) {
    let related = finding.labels.enumerated().map { index, label in
      SARIFLog.Location(label.range, id: index + 1, text: label.text, paths)
    }
    let threads = finding.flows.filter { !$0.steps.isEmpty }.map { SARIFLog.ThreadFlow($0, paths) }
    let fix = finding.fix.flatMap { SARIFLog.Fix($0, paths) }
    self.init(
      ruleId: finding.rule, ruleIndex: ruleIndex, level: finding.severity.rawValue,
      message: .init(text: ([finding.message] + finding.advice).joined(separator: "\n")),
      locations: [.init(finding.range, text: finding.rangeText, paths)],
      relatedLocations: related.isEmpty ? nil : related,
      codeFlows: threads.isEmpty ? nil : [.init(threadFlows: threads)],
      fixes: fix.map { [$0] },
      partialFingerprints: finding.fingerprint.isEmpty
        ? nil : ["sqllock/v1": finding.fingerprint],
      suppressions: finding.suppression.map { [.init($0)] })
  }
}

extension SARIFLog.Location {
  init(_ range: SourceRange, id: Int? = nil, text: String = "", _ paths: SARIFPaths) {
    self.init(
      id: id,
      physicalLocation: .init(artifactLocation: .init(range.file, paths), region: .init(range)),
      message: text.isEmpty ? nil : .init(text: text))
  }
}

extension SARIFLog.ArtifactLocation {
  init(_ file: SourceFile, _ paths: SARIFPaths) {
    let path = paths.inRepository(withoutDotSlash(file.path))
    self.init(
      uri: uriReference(forPath: path),
      uriBaseId: path.hasPrefix("/") ? nil : "%SRCROOT%")
  }
}

extension SARIFLog.Region {
  init(_ range: SourceRange) {
    let start = range.start
    let end = range.end
    self.init(
      startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column,
      byteOffset: range.bytes.lowerBound, byteLength: range.bytes.count)
  }
}

extension SARIFLog.ThreadFlow {
  init(_ flow: Finding.Flow, _ paths: SARIFPaths) {
    self.init(
      id: flow.title, message: .init(text: flow.title),
      locations: flow.steps.map { SARIFLog.ThreadFlowLocation($0, paths) })
  }
}

extension SARIFLog.ThreadFlowLocation {
  init(_ step: Finding.Step, _ paths: SARIFPaths) {
    let call = step.call.map { ", called at \($0.path):\($0.line)" } ?? ""
    let via = call + (step.reasonInWords.map { ", \($0)" } ?? "")
    self.init(
      location: .init(step.range, text: step.text + via, paths), executionOrder: step.moment,
      importance: step.deadlocks ? "essential" : "important")
  }
}

extension SARIFLog.Fix {
  /// Nil for a fix that is only to be read, since viewers offer to apply what is listed.
  init?(_ fix: Diagnostics.Fix, _ paths: SARIFPaths) {
    guard fix.applicability != .displayOnly, let file = fix.edits.first?.range.file else {
      return nil
    }
    let replacements = fix.edits.map { edit in
      SARIFLog.Replacement(
        deletedRegion: .init(edit.range), insertedContent: .init(text: edit.replacement))
    }
    self.init(
      description: .init(text: fix.description),
      artifactChanges: [.init(artifactLocation: .init(file, paths), replacements: replacements)])
  }
}

extension Fix {
  fileprivate var description: String {
    switch applicability {
    case .safe, .displayOnly: message
    case .unsafe: message + (caveat.map { " (unsafe: \($0))" } ?? " (unsafe)")
    }
  }
}
