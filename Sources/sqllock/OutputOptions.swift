import ArgumentParser

/// Where a report goes.
struct OutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the report to a file.", valueName: "file"))
  var outputFile: String?

  @Option(help: "When to write in colour.")
  var color: ColorChoice = .auto

  /// Whether the report is coloured: never in a file.
  var isColored: Bool { outputFile == nil && color.applies(terminal: Output.isTerminal) }

  /// Writes a report. Throws `UserError`.
  func write(_ bytes: [UInt8]) throws(UserError) {
    if let outputFile {
      try FileSystem.write(bytes, to: outputFile)
    } else {
      try Output.write(bytes)
    }
  }
}
