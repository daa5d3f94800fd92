/// The figures as text.
struct Table {
  let text: String

  init(_ figures: LintFigures, _ binary: BinaryFigures?) {
    func row(_ title: String, _ cost: Cost, _ ratio: Cost) -> String {
      "| \(title) | \(cost.wall.text(3)) | \(cost.cpu.text(3)) "
        + "| \(ratio.wall.text(2)) | \(ratio.cpu.text(2)) |"
    }
    func row(_ title: String, _ work: LintFigures.Work) -> String {
      row(title, work.cost, work.ratio)
    }
    var lines = [
      "\(figures.files) files (\(figures.skipped) left out), \(figures.bytes) bytes, "
        + "\(figures.statements) statements, \(figures.findings) findings",
      "",
      "| work | wall s | CPU s | wall ratio | CPU ratio |",
      "|---|---|---|---|---|",
      row("pg_query_parse, 1 thread", figures.parse, Cost(wall: 1, cpu: 1)),
      row("lint, 1 thread", figures.lint),
      row("lint with reading, 1 thread", figures.lintWithReading),
      row("lint, \(figures.threads) threads", figures.parallel),
      row("lint with reading, \(figures.threads) threads", figures.parallelWithReading),
    ]
    if let binary {
      let megabytes = Double(binary.peakMemory) / 1_000_000
      lines += [
        "",
        "`sqllock lint`: \(binary.lint.text(4)) s, peak memory \(megabytes.text(1)) MB",
        "`sqllock --version`: \((binary.start * 1000).text(2)) ms, "
          + "median of \(BinaryFigures.starts)",
      ]
    }
    text = lines.joined(separator: "\n")
  }
}

extension Double {
  /// With a fixed number of decimals.
  fileprivate func text(_ decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1) { value, _ in value * 10 }
    let scaled = Int((self * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    return "\(scaled / scale)."
      + String(repeating: "0", count: max(0, decimals - fraction.count)) + fraction
  }
}
