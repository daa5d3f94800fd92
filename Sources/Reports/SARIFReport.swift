public import Diagnostics

/// A SARIF 2.1.0 log with one run, for code scanning and viewers of static analysis.
public struct SARIFReport: Report {
  /// A report without settings.
  public init() {}

  /// The log, on several lines; with what something hides, and what hides it.
  public func render(_ findings: [Finding], _ context: ReportContext) -> String {
    let indices = Dictionary(
      context.rules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let rules = context.rules.map { SARIFLog.Rule($0, help: context.ruleHelp[$0.id]) }
    let paths = SARIFPaths(inRepository: context.pathInRepository)
    let results = (findings + context.suppressed).map { finding in
      SARIFLog.Result(finding, ruleIndex: indices[finding.rule], paths)
    }
    let driver = SARIFLog.Driver(version: context.toolVersion, rules: rules)
    let run = SARIFLog.Run(tool: SARIFLog.Tool(driver: driver), results: results)
    return encodedJSON(SARIFLog(runs: [run]), pretty: true) + "\n"
  }
}
