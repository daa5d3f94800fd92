public import Diagnostics

/// One versioned JSON object with everything that is known, for programs.
public struct JSONReport: Report {
  /// A report without settings.
  public init() {}

  /// The object, on several lines.
  public func render(_ findings: [Finding], _ context: ReportContext) -> String {
    let document = JSONDocument(
      tool: JSONDocument.Tool(version: context.toolVersion), summary: context.summary,
      findings: findings.map(JSONDocument.Item.init))
    return encodedJSON(document, pretty: true) + "\n"
  }
}

/// One JSON object per finding and line, then one line with the summary; to be read as a stream.
public struct JSONLinesReport: Report {
  /// A report without settings.
  public init() {}

  /// The lines.
  public func render(_ findings: [Finding], _ context: ReportContext) -> String {
    let summary = JSONDocument(
      tool: JSONDocument.Tool(version: context.toolVersion), summary: context.summary,
      findings: nil)
    return findings.map { encodedJSON(JSONDocument.Item($0), pretty: false) + "\n" }.joined()
      + encodedJSON(summary, pretty: false) + "\n"
  }
}
