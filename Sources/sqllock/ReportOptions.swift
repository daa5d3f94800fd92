public import ArgumentParser
import Diagnostics
import Linting
public import Reports
import SQLLockRules

/// How findings are written, and where.
struct ReportOptions: ParsableArguments {
  @Option(help: "How findings are written: github under GitHub Actions, else full by default.")
  var outputFormat: OutputFormat?

  @OptionGroup var output: OutputOptions

  /// Writes a report. Throws `UserError` where that is not possible, or the format is none.
  func write(
    _ findings: [Finding], suppressed: [Finding] = [], _ summary: Summary
  ) throws(UserError) {
    let format = try chosenFormat()
    let report = format.report().render(
      findings,
      ReportContext(
        toolVersion: SQLLock.version, summary: summary, color: output.isColored,
        width: output.outputFile == nil ? Output.width : 80,
        rules: RuleCatalog.descriptions,
        ruleHelp: format == .sarif
          ? RuleCatalog.pages.mapValues { RulePageText($0).markdown } : [:],
        suppressed: suppressed, pathInRepository: RepositoryPath.function()))
    try output.write(Array(report.utf8))
  }

  func chosenFormat() throws(UserError) -> OutputFormat {
    if let outputFormat { return outputFormat }
    return try Output.format(among: OutputFormat.self)
      ?? (Output.environment("GITHUB_ACTIONS") == "true" ? .github : .full)
  }
}

extension OutputFormat: ExpressibleByArgument {}

extension Output {
  /// The format that the environment asks for, if a command has it. Throws `UserError` for one that
  /// no command has.
  static func format<Format: RawRepresentable & CaseIterable>(
    among type: Format.Type
  ) throws(UserError) -> Format? where Format.RawValue == String {
    guard let name = environment("SQLLOCK_OUTPUT_FORMAT") else { return nil }
    if let format = Format(rawValue: name) { return format }
    let all = OutputFormat.allCases.map(\.rawValue) + GraphFormat.allCases.map(\.rawValue)
    // It is said for all commands at once.
    guard !all.contains(name) else { return nil }
    let names = Format.allCases.map(\.rawValue).joined(separator: ", ")
    throw UserError(message: "SQLLOCK_OUTPUT_FORMAT: `\(name)` is not one of \(names)")
  }
}

/// Paths as services want them that know a repository only.
enum RepositoryPath {
  /// What makes paths that are given relative to the working directory relative to the root of its
  /// repository; outside of one they stay as they are.
  static func function() -> @Sendable (String) -> String {
    let folder = FileSystem.canonical(".")
    var root = folder
    while !root.isEmpty, !FileSystem.exists(root + "/.git") {
      root = root.lastIndex(of: "/").map { String(root[..<$0]) } ?? ""
    }
    guard !root.isEmpty else { return { $0 } }
    let prefix = root
    let below = folder.dropFirst(root.count + 1)
    return { path in
      if path.hasPrefix("/") {
        return path.hasPrefix(prefix + "/") ? String(path.dropFirst(prefix.count + 1)) : path
      }
      var parts = below.split(separator: "/")
      for part in path.split(separator: "/") where part != "." {
        if part != ".." {
          parts.append(part)
        } else if parts.popLast() == nil {
          return path
        }
      }
      return parts.joined(separator: "/")
    }
  }
}
