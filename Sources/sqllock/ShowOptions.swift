import ArgumentParser
import Diagnostics
import Linting
import SQLLockRules

/// What is shown instead of findings, or besides.
struct ShowOptions: ParsableArguments {
  @Flag(help: "Count the findings of each rule as well.")
  var statistics = false

  @Flag(help: "Show how each file would be read, and stop.")
  var showFiles = false

  @Flag(help: "Show the settings that apply, and stop.")
  var showSettings = false

  /// Shows what is asked for; false when that is nothing. Throws `UserError`.
  func write(_ read: InputOptions.Input, _ lint: Lint) throws -> Bool {
    if showFiles {
      try Output.write(Files.table(FileListing.make(read.files, with: read.reader)))
    }
    if showSettings {
      try Output.write(SettingsText(read.configuration, failOn: lint.failOn?.rawValue).text)
    }
    return showFiles || showSettings
  }
}

/// The findings of each rule, most first.
enum Statistics {
  static func text(_ findings: [Finding]) -> String {
    let counts = findings.reduce(into: [:]) { $0[$1.rule, default: 0] += 1 }
    let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let width = rows.map { String($0.value).count }.max() ?? 0
    return rows.map { rule, count in
      let fixable = findings.count { $0.rule == rule && $0.fix != nil }
      let digits = String(count)
      return String(repeating: " ", count: width - digits.count)
        + "\(digits)  \(rule)\(fixable > 0 ? "  (\(fixable) with a fix)" : "")\n"
    }.joined()
  }
}
