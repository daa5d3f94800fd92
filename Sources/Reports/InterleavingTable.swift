import Diagnostics

/// The steps of all sessions in their common order, one column per session.
struct InterleavingTable {
  private let rows: [StepRow]
  private let columns: [InterleavingColumn]
  private let style: Style

  init(_ finding: Finding, _ style: Style) {
    rows = StepRow.rows(of: finding.flows)
    columns = finding.flows.map { InterleavingColumn($0, path: finding.range.file.path) }
    self.style = style
  }

  /// A header and one line per moment; empty without steps.
  var lines: [String] {
    guard let last = rows.last else { return [] }
    let numberWidth = max(2, String(last.moment).count)
    let titles = columns.map { padded(style.paint($0.title, .bold), $0.width, plain: $0.title) }
    let header = String(repeating: " ", count: numberWidth + 2) + titles.joined(separator: "   ")
    return [trimmedEnd(header)]
      + rows.map { row in
        let number = String(row.moment)
        let margin = String(repeating: " ", count: numberWidth - number.count)
        return margin + style.paint(number, .frame) + "  " + body(of: row)
      }
  }

  private func body(of row: StepRow) -> String {
    let cells = columns.indices.map { index in
      guard let step = row.cells.first(where: { $0.flow == index })?.step else {
        return String(repeating: " ", count: columns[index].width)
      }
      let text = columns[index].text(of: step)
      let painted = step.action == .waits ? style.paint(text, .severity(.warning)) : text
      return padded(painted, columns[index].width, plain: text)
    }
    let line = cells.joined(separator: "   ")
    guard row.cells.contains(where: \.step.deadlocks) else { return trimmedEnd(line) }
    return line + "   " + style.paint("deadlock", .deadlock)
  }
}

/// One session of an interleaving: its title, and how its steps are laid out.
struct InterleavingColumn {
  let title: String
  let width: Int
  private let homePath: String
  private let textWidth: Int

  /// The column of a flow; `path` is the file that is meant when the title names none.
  init(_ flow: Finding.Flow, path: String) {
    let paths = flow.steps.map(\.range.file.path)
    let homePath = paths.first { flow.title.hasPrefix($0) } ?? path
    let textWidth = flow.steps.map { displayWidth(printable($0.text)) }.max() ?? 0
    title = printable(flow.title)
    let places = flow.steps.map { Self.place(of: $0, homePath, title: flow.title) }
    let placeWidth = places.map(displayWidth).max() ?? 0
    width = max(displayWidth(title), textWidth + 2 + placeWidth)
    self.homePath = homePath
    self.textWidth = textWidth
  }

  /// What the step does and where.
  func text(of step: Finding.Step) -> String {
    let words = printable(step.text)
    let gap = String(repeating: " ", count: textWidth - displayWidth(words) + 2)
    return words + gap + Self.place(of: step, homePath, title: title)
  }

  /// Where the host program calls the statement, or else where the statement is; without the path that
  /// the title names.
  private static func place(
    of step: Finding.Step, _ homePath: String, title: String
  ) -> String {
    if let call = step.call {
      let path = printable(call.path)
      return (title.contains("(\(path):") ? "" : path) + ":\(call.line)"
    }
    let path = step.range.file.path
    return (path == homePath ? "" : printable(path)) + ":\(step.range.start.line)"
  }
}
