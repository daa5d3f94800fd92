public import Diagnostics

/// The JSON of reviewdog's Diagnostic Format, with fixes as suggestions.
public struct RDJSONReport: Report {
  /// A report without settings.
  public init() {}

  private struct Document: Encodable {
    let source: Source
    let diagnostics: [Diagnostic]
  }

  private struct Source: Encodable { private(set) var name = "sqllock" }

  private struct Diagnostic: Encodable {
    let message: String
    let location: Location
    let severity: String
    let code: Code
    let suggestions: [Suggestion]?
    let relatedLocations: [Related]?

    enum CodingKeys: String, CodingKey {
      case message, location, severity, code, suggestions
      case relatedLocations = "related_locations"
    }
  }

  private struct Code: Encodable { let value: String }

  private struct Related: Encodable {
    let message: String
    let location: Location
  }

  private struct Suggestion: Encodable {
    let range: Range
    let text: String
  }

  private struct Location: Encodable {
    let path: String
    let range: Range

    init(_ range: SourceRange) {
      path = withoutDotSlash(range.file.path)
      self.range = Range(range)
    }
  }

  private struct Range: Encodable {
    let start: Position
    let end: Position

    init(_ range: SourceRange) {
      start = Position(range.start, range.file)
      end = Position(range.end, range.file)
    }
  }

  /// Columns are bytes from 1.
  private struct Position: Encodable {
    let line: Int
    let column: Int

    init(_ position: SourcePosition, _ file: SourceFile) {
      line = position.line
      column = position.offset - file.byteRange(ofLine: position.line).lowerBound + 1
    }
  }

  /// The document on several lines.
  public func render(_ findings: [Finding], _ context: ReportContext) -> String {
    let diagnostics = findings.map { finding in
      Diagnostic(
        message: ([finding.message] + finding.advice).joined(separator: "\n"),
        location: Location(finding.range), severity: Self.severity(finding.severity),
        code: Code(value: finding.rule),
        suggestions: finding.fix.flatMap(Self.suggestion).map { [$0] },
        relatedLocations: finding.labels.isEmpty
          ? nil
          : finding.labels.map { Related(message: $0.text, location: Location($0.range)) })
    }
    return encodedJSON(Document(source: Source(), diagnostics: diagnostics), pretty: true) + "\n"
  }

  /// A fix as one piece of text, since suggestions are taken one by one.
  private static func suggestion(_ fix: Fix) -> Suggestion? {
    guard fix.applicability != .displayOnly, let first = fix.edits.first,
      let last = fix.edits.last
    else { return nil }
    let file = first.range.file
    let bytes = first.range.bytes.lowerBound..<last.range.bytes.upperBound
    let tail = file.bytes.count - bytes.upperBound
    let fixed = fix.applied(to: file)
    return Suggestion(
      range: Range(SourceRange(file: file, bytes: bytes)),
      text: String(decoding: fixed[bytes.lowerBound..<fixed.count - tail], as: UTF8.self))
  }

  private static func severity(_ severity: Severity) -> String {
    switch severity {
    case .error: "ERROR"
    case .warning: "WARNING"
    case .note: "INFO"
    }
  }
}
