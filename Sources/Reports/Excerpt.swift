import Diagnostics

/// The lines of one file that a finding talks about, with its ranges marked.
///
/// A range within a line is underlined. A range over several lines gets a bracket in a lane to the
/// left of the source; ranges that overlap get lanes of their own.
struct Excerpt {
  /// A row beneath each other, to be put behind a margin with line numbers.
  enum Row {
    case source(line: Int, String)
    case remark(String)
    case gap(String)
  }

  let file: SourceFile
  private let annotations: [Annotation]
  private let lanes: [[Annotation]]
  private let style: Style
  private let severity: Severity

  init(_ file: SourceFile, _ annotations: [Annotation], _ severity: Severity, _ style: Style) {
    self.file = file
    self.annotations = annotations
    self.severity = severity
    self.style = style
    lanes = Self.lanes(for: annotations.filter(\.isMultiLine))
  }

  /// Where to look first.
  var start: SourcePosition { annotations[0].range.start }

  /// The largest line number.
  var lastLine: Int { annotations.map(\.lastLine).max() ?? 1 }

  private static func lanes(for annotations: [Annotation]) -> [[Annotation]] {
    let sorted = annotations.sorted { ($0.firstLine, -$0.lastLine) < ($1.firstLine, -$1.lastLine) }
    return sorted.reduce(into: []) { lanes, annotation in
      let free = lanes.firstIndex { lane in
        lane.allSatisfy { $0.lastLine < annotation.firstLine }
      }
      if let free { lanes[free].append(annotation) } else { lanes.append([annotation]) }
    }
  }

  /// The rows from top to bottom.
  var rows: [Row] {
    let lines = shownLines
    var rows: [Row] = []
    for (index, line) in lines.enumerated() {
      if index > 0, line > lines[index - 1] + 1 {
        rows.append(.gap(bars(after: lines[index - 1], before: line)))
      }
      rows += sourceRows(line) + closingRows(line)
    }
    return rows
  }

  /// In order; a single line between two shown ones is shown instead of a gap.
  private var shownLines: [Int] {
    let lines = Set(annotations.flatMap(\.shownLines)).sorted()
    return lines.reduce(into: []) { shown, line in
      if let last = shown.last, line == last + 2 { shown.append(last + 1) }
      shown.append(line)
    }
  }

  private func sourceRows(_ line: Int) -> [Row] {
    let marked = annotations.filter { !$0.isMultiLine && $0.firstLine == line }
    let starts = annotations.filter { $0.isMultiLine && $0.firstLine == line }
    let lineBytes = file.byteRange(ofLine: line)
    let ranges = (marked + starts).map { $0.range.bytes.clamped(to: lineBytes) }
    let windows = DisplayLine.windows(file, line: lineBytes, ranges: ranges)
    return windows.enumerated().flatMap { index, window in
      let opening = index == 0 ? openings(line) : bars(after: line, before: line)
      let remarks = window.ranges.filter { $0 < marked.count }.map { marked[$0] }
        .sorted { $0.isPrimary && !$1.isPrimary }
        .map { bars(after: line, before: line) + marker($0, in: window.line) }
      return [.source(line: line, opening + window.line.text)] + remarks.map(Row.remark)
    }
  }

  private func marker(_ annotation: Annotation, in line: DisplayLine) -> String {
    let start = line.column(of: annotation.range.bytes.lowerBound)
    let end = max(start + 1, line.column(of: annotation.range.bytes.upperBound))
    let marks = String(repeating: annotation.isPrimary ? "^" : "-", count: end - start)
    let text = annotation.text.isEmpty ? "" : " " + printable(annotation.text)
    return String(repeating: " ", count: start) + style.paint(marks + text, role(of: annotation))
  }

  private func role(of annotation: Annotation) -> Role {
    annotation.isPrimary ? .severity(severity) : .label
  }

  /// What the lanes hold in front of a line of source.
  private func openings(_ line: Int) -> String {
    lanes.map { lane in
      guard let annotation = lane.first(where: { $0.firstLine...$0.lastLine ~= line }) else {
        return "  "
      }
      let opens = annotation.firstLine == line
      let shape = annotation.isPrimary ? (opens ? "┏" : "┃") : (opens ? "╭" : "│")
      return style.paint(shape, role(of: annotation)) + " "
    }.joined()
  }

  /// What the lanes hold in front of a row between two lines, or beneath a line.
  private func bars(after line: Int, before next: Int, lanes count: Int? = nil) -> String {
    lanes.prefix(count ?? lanes.count).map { lane in
      guard let annotation = lane.first(where: { $0.firstLine <= line && $0.lastLine >= next })
      else { return "  " }
      return style.paint(annotation.isPrimary ? "┃" : "│", role(of: annotation)) + " "
    }.joined()
  }

  /// The ends of the brackets that close after a line, the innermost first.
  private func closingRows(_ line: Int) -> [Row] {
    lanes.indices.reversed().compactMap { index in
      guard let annotation = lanes[index].first(where: { $0.lastLine == line }) else { return nil }
      let dash = annotation.isPrimary ? "━" : "─"
      let corner = annotation.isPrimary ? "┗" : "╰"
      let rule = corner + String(repeating: dash, count: 2 * (lanes.count - index) - 1)
      let text = annotation.text.isEmpty ? "" : " " + printable(annotation.text)
      return .remark(
        bars(after: line, before: line, lanes: index)
          + style.paint(rule + text, role(of: annotation)))
    }
  }
}
