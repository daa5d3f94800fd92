import Diagnostics

/// The envelope of sqllock's own JSON, version 1.
struct JSONDocument: Encodable {
  private(set) var version = 1
  let tool: Tool
  let summary: Summary
  /// Nil on the last line of a stream, whose other lines are the findings.
  let findings: [Item]?

  struct Tool: Encodable {
    private(set) var name = "sqllock"
    let version: String
  }

  struct Label: Encodable {
    let location: JSONLocation
    let text: String
  }

  struct Step: Encodable {
    let location: JSONLocation
    let action: String
    let target: String
    let text: String
    let reason: [String]
    let call: Call?
  }

  /// Where the host program calls the statement.
  struct Call: Encodable {
    let path: String
    let line: Int
  }

  struct Flow: Encodable {
    let title: String
    let steps: [Step]
  }

  struct Edit: Encodable {
    let location: JSONLocation
    let replacement: String
  }

  struct Fix: Encodable {
    let applicability: String
    let message: String
    let caveat: String?
    let edits: [Edit]
  }

  /// A finding.
  struct Item: Encodable {
    let rule: String
    let severity: String
    let message: String
    let help: String?
    let location: JSONLocation
    let labels: [Label]
    let flows: [Flow]
    let assumptions: [String]?
    let fix: Fix?
    let fingerprint: String?
  }
}

extension JSONDocument.Label {
  init(_ label: Finding.Label) {
    self.init(location: .init(label.range), text: label.text)
  }
}

extension JSONDocument.Step {
  init(_ step: Finding.Step) {
    self.init(
      location: .init(step.range), action: step.action.rawValue, target: step.target,
      text: step.text, reason: step.reason,
      call: step.call.map { JSONDocument.Call(path: $0.path, line: $0.line) })
  }
}

extension JSONDocument.Flow {
  init(_ flow: Finding.Flow) {
    self.init(title: flow.title, steps: flow.steps.map(JSONDocument.Step.init))
  }
}

extension JSONDocument.Edit {
  init(_ edit: Diagnostics.Edit) {
    self.init(location: .init(edit.range), replacement: edit.replacement)
  }
}

extension JSONDocument.Fix {
  init(_ fix: Diagnostics.Fix) {
    self.init(
      applicability: fix.applicability.rawValue, message: fix.message, caveat: fix.caveat,
      edits: fix.edits.map(JSONDocument.Edit.init))
  }
}

extension JSONDocument.Item {
  init(_ finding: Finding) {
    self.init(
      rule: finding.rule, severity: finding.severity.rawValue, message: finding.message,
      help: finding.help, location: .init(finding.range),
      labels: finding.labels.map(JSONDocument.Label.init),
      flows: finding.flows.map(JSONDocument.Flow.init),
      assumptions: finding.assumptions.isEmpty ? nil : finding.assumptions,
      fix: finding.fix.map(JSONDocument.Fix.init),
      fingerprint: finding.fingerprint.isEmpty ? nil : finding.fingerprint)
  }
}
