import Diagnostics

/// One finding as the `full` format shows it.
struct FullFinding {
  private let finding: Finding
  private let style: Style
  /// The number of columns that prose may take.
  private let width: Int
  private let excerpts: [Excerpt]
  /// How many digits the margin has room for.
  private let digits: Int

  init(_ finding: Finding, _ style: Style, width: Int) {
    self.finding = finding
    self.width = width
    self.style = style
    let groups = Self.groupedByFile(Annotation.all(of: finding))
    excerpts = groups.map { Excerpt($0[0].range.file, $0, finding.severity, style) }
    digits = String(excerpts.map(\.lastLine).max() ?? 1).count
  }

  private static func groupedByFile(_ annotations: [Annotation]) -> [[Annotation]] {
    annotations.reduce(into: []) { groups, annotation in
      let path = annotation.range.file.path
      if let index = groups.firstIndex(where: { $0[0].range.file.path == path }) {
        groups[index].append(annotation)
      } else {
        groups.append([annotation])
      }
    }
  }

  /// The lines from the severity to the fix.
  var lines: [String] {
    let rest = tableLines + notes + fixLines
    return head + excerpts.enumerated().flatMap(excerptLines)
      + (rest.isEmpty ? [] : [bar] + rest)
  }

  private var head: [String] {
    let word = finding.severity.rawValue
    let severity = style.paint(word, .severity(finding.severity))
    let space = String(repeating: " ", count: word.count + 2)
    let lines = wrapped(printable(finding.message), to: width - space.count)
    return lines.enumerated().map { index, line in
      index == 0 ? severity + style.paint(": " + line, .bold) : space + style.paint(line, .bold)
    }
  }

  private var bar: String { margin("│") }

  private func margin(_ mark: String, number: String = "") -> String {
    let space = String(repeating: " ", count: digits - number.count)
    return style.paint(space + number + " " + mark, .frame)
  }

  private func beside(_ text: String) -> String {
    text.isEmpty ? bar : bar + " " + text
  }

  private func excerptLines(_ index: Int, _ excerpt: Excerpt) -> [String] {
    let place = "\(printable(excerpt.file.path)):\(excerpt.start.line):\(excerpt.start.column)"
    let head =
      index == 0
      ? margin("┌─") + " " + place + "  " + style.paint(finding.rule, .bold)
      : margin("├─") + " " + place
    let before = index == 0 ? [] : [bar]
    return before + [head, bar]
      + excerpt.rows.map { row in
        switch row {
        case .source(let line, let text): trimmedEnd(margin("│", number: String(line)) + " " + text)
        case .remark(let text): trimmedEnd(beside(text))
        case .gap(let text): trimmedEnd(margin("⋮") + " " + text)
        }
      }
  }

  private var tableLines: [String] {
    let lines = InterleavingTable(finding, style).lines
    return lines.isEmpty ? [] : lines.map(beside) + [bar]
  }

  private var notes: [String] {
    let reasons = StepRow.rows(of: finding.flows).flatMap { row in
      row.cells.compactMap { cell in
        cell.step.reasonInWords.map { ("step \(row.moment)", $0) }
      }
    }
    let assumptions = finding.assumptions.map { ("assumed", $0) }
    let help = finding.help.map { [("help", $0)] } ?? []
    return (folded(reasons) + assumptions + help).flatMap { note($0, $1) }
  }

  /// The reasons of steps, once when all steps have the same one.
  private func folded(_ reasons: [(String, String)]) -> [(String, String)] {
    let steps = finding.flows.reduce(0) { $0 + $1.steps.count }
    guard reasons.count == steps, Set(reasons.map(\.1)).count == 1, let reason = reasons.first
    else {
      return reasons
    }
    return finding.message.hasPrefix(reason.1) ? [] : [("every step", reason.1)]
  }

  private func note(_ title: String, _ text: String) -> [String] {
    let title = printable(title)
    let head = margin("=") + " " + style.paint(title + ":", .bold)
    let rest = String(repeating: " ", count: digits + 3 + displayWidth(title) + 2)
    let lines = printableLines(text).flatMap { wrapped($0, to: width - displayWidth(rest)) }
    return lines.enumerated().map { index, line in
      (index == 0 ? head + " " : rest) + line
    }
  }

  private var fixLines: [String] {
    guard let fix = finding.fix else { return [] }
    let indentation = String(repeating: " ", count: digits + 5)
    let diff = FixDiff(fix)?.lines(style) ?? []
    let kind =
      switch fix.applicability {
      case .safe: "fix (safe)"
      case .unsafe: "fix (unsafe)"
      case .displayOnly: "fix (display only)"
      }
    let caveat = fix.caveat.map { note("unsafe", $0) } ?? []
    return note(kind, fix.message) + caveat + diff.map { trimmedEnd(indentation + $0) }
  }
}
