import Diagnostics

extension Finding {
  /// The whole finding in plain words, for places that show no columns: several lines.
  var explanation: String {
    ([message] + rangesInWords + stepsInWords + advice).joined(separator: "\n")
  }

  /// The ranges that no step speaks of.
  private var rangesInWords: [String] {
    let steps = Set(flows.flatMap(\.steps).map(\.range))
    let own = rangeText.isEmpty ? [] : [Label(range: range, text: rangeText)]
    return (own + labels).filter { !steps.contains($0.range) }.map(\.inWords)
  }

  /// What is assumed, what to do and which fix there is, one line each.
  var advice: [String] {
    var lines = assumptions.map { "Assumed: \($0)" }
    if let help { lines.append("Help: \(help)") }
    if let fix { lines.append("\(fix.heading.capitalizedFirst): \(fix.message)") }
    return lines
  }

  private var stepsInWords: [String] {
    StepRow.rows(of: flows).flatMap { row in
      row.cells.map { cell in
        let step = cell.step
        let place = "\(step.range.file.path):\(step.range.start.line)"
        let title = flows[cell.flow].title
        let actor = place.hasPrefix(title) ? place : "\(title), \(place)"
        let via = step.reasonInWords.map { " (\($0))" } ?? ""
        return "\(row.moment). \(actor): \(step.text)\(via)\(step.deadlocks ? " - deadlock" : "")"
      }
    }
  }
}

extension Finding.Label {
  fileprivate var inWords: String {
    "\(range.file.path):\(range.start.line): \(text)"
  }
}

extension Finding.Step {
  /// Why the statement touches its target, when it is not plain to see.
  var reasonInWords: String? {
    let chain = reason.filter { $0 != "direct" }
    return chain.isEmpty ? nil : "through " + chain.joined(separator: " → ")
  }
}

extension Fix {
  /// The word `fix` with how safe it is.
  var heading: String {
    switch applicability {
    case .safe: "fix (safe)"
    case .unsafe: caveat.map { "fix (unsafe: \($0))" } ?? "fix (unsafe)"
    case .displayOnly: "fix (display only)"
    }
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
