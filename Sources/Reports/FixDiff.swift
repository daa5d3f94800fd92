import Diagnostics

/// A fix as a unified diff, hunks only.
///
/// Only the lines near the edits are looked at. Line ends are left out, so a file with CRLF shows
/// the same diff as one without.
struct FixDiff {
  private static let context = 2

  private let old: SourceFile
  private let new: SourceFile
  /// The number of the first line of `old` and `new` in the whole file.
  private let firstLine: Int
  private let changes: [Change]

  /// Lines replaced by lines, by index into the excerpts `old` and `new`, from 1.
  private struct Change {
    var old: Range<Int>
    var new: Range<Int>
  }

  /// Nil when the fix has no edits.
  init?(_ fix: Fix) {
    guard let first = fix.edits.first, let last = fix.edits.last else { return nil }
    let file = first.range.file
    let top = max(1, first.range.start.line - Self.context)
    let bottom = min(file.lineCount, last.range.end.line + Self.context)
    let base = file.byteRange(ofLine: top).lowerBound
    let isLast = bottom == file.lineCount
    let end = isLast ? file.bytes.count : file.byteRange(ofLine: bottom + 1).lowerBound
    let old = SourceFile(path: file.path, bytes: Array(file.bytes[base..<end]))
    let moved = Self.moved(fix, by: -base, into: old)
    let new = SourceFile(path: file.path, bytes: moved.applied(to: old))
    firstLine = top
    changes = Self.changes(moved.edits, old, new)
    self.old = old
    self.new = new
  }

  private static func moved(_ fix: Fix, by distance: Int, into file: SourceFile) -> Fix {
    let edits = fix.edits.map { edit in
      let bytes = edit.range.bytes
      let place = bytes.lowerBound + distance..<bytes.upperBound + distance
      return Edit(range: SourceRange(file: file, bytes: place), replacement: edit.replacement)
    }
    return Fix(applicability: fix.applicability, message: fix.message, edits: edits)
  }

  private static func changes(_ edits: [Edit], _ old: SourceFile, _ new: SourceFile) -> [Change] {
    var shift = 0
    var changes: [Change] = []
    for edit in edits {
      let bytes = edit.range.bytes
      let start = bytes.lowerBound + shift
      let end = start + edit.replacement.utf8.count
      shift = end - bytes.upperBound
      let change = Change(
        old: edit.range.start.line..<edit.range.end.line + 1,
        new: new.position(of: start).line..<new.position(of: end).line + 1)
      if let last = changes.last, last.old.upperBound > change.old.lowerBound {
        changes[changes.count - 1].old = last.old.lowerBound..<change.old.upperBound
        changes[changes.count - 1].new = last.new.lowerBound..<change.new.upperBound
      } else {
        changes.append(change)
      }
    }
    return changes.map { narrowed($0, old, new) }.filter { !$0.old.isEmpty || !$0.new.isEmpty }
  }

  /// Without equal lines at either end.
  private static func narrowed(_ change: Change, _ old: SourceFile, _ new: SourceFile) -> Change {
    func same(_ oldLine: Int, _ newLine: Int) -> Bool {
      old.bytes[old.byteRange(ofLine: oldLine)] == new.bytes[new.byteRange(ofLine: newLine)]
    }
    var first = change.old.clamped(to: 1..<textLineCount(old) + 1)
    var second = change.new.clamped(to: 1..<textLineCount(new) + 1)
    while !first.isEmpty, !second.isEmpty, same(first.upperBound - 1, second.upperBound - 1) {
      first = first.dropLast()
      second = second.dropLast()
    }
    while !first.isEmpty, !second.isEmpty, same(first.lowerBound, second.lowerBound) {
      first = first.dropFirst()
      second = second.dropFirst()
    }
    return Change(old: first, new: second)
  }

  /// The number of lines, not counting the nothing after the last line end.
  private static func textLineCount(_ file: SourceFile) -> Int {
    file.bytes.isEmpty || file.bytes.last == UInt8(ascii: "\n")
      ? file.lineCount - 1 : file.lineCount
  }

  /// The lines of the diff, each behind `@@`, ` `, `-` or `+`.
  func lines(_ style: Style) -> [String] {
    hunks.flatMap { hunk in
      let old = extent(hunk.map(\.old), in: self.old)
      let new = extent(hunk.map(\.new), in: self.new)
      return [style.paint("@@ -\(place(old)) +\(place(new)) @@", .hunk)]
        + body(of: hunk, in: old, style)
    }
  }

  /// Changes so near that their contexts touch go together.
  private var hunks: [[Change]] {
    changes.reduce(into: []) { hunks, change in
      if let last = hunks.last?.last,
        change.old.lowerBound - last.old.upperBound <= 2 * Self.context
      {
        hunks[hunks.count - 1].append(change)
      } else {
        hunks.append([change])
      }
    }
  }

  private func extent(_ ranges: [Range<Int>], in file: SourceFile) -> Range<Int> {
    let start = max(1, ranges[0].lowerBound - Self.context)
    let end = min(Self.textLineCount(file) + 1, ranges[ranges.count - 1].upperBound + Self.context)
    return start..<max(start, end)
  }

  private func place(_ lines: Range<Int>) -> String {
    let start = firstLine + lines.lowerBound - 1 - (lines.isEmpty ? 1 : 0)
    return lines.count == 1 ? "\(start)" : "\(start),\(lines.count)"
  }

  private func body(of hunk: [Change], in extent: Range<Int>, _ style: Style) -> [String] {
    var lines: [String] = []
    var line = extent.lowerBound
    for change in hunk {
      lines += (line..<max(line, change.old.lowerBound)).map { " " + shown(old, $0) }
      lines += self.lines(of: change, style)
      line = change.old.upperBound
    }
    return lines + (line..<max(line, extent.upperBound)).map { " " + shown(old, $0) }
  }

  private func lines(of change: Change, _ style: Style) -> [String] {
    let difference = firstDifference(in: change)
    return change.old.map { style.paint("-" + changed(old, $0, difference), .removed) }
      + change.new.map { style.paint("+" + changed(new, $0, difference), .added) }
  }

  /// A changed line as a whole, so that it can be copied, unless it is absurdly long.
  private func changed(_ file: SourceFile, _ line: Int, _ difference: Int) -> String {
    let bytes = file.byteRange(ofLine: line)
    let limit = DisplayLine.fixWidthLimit
    guard bytes.count <= limit else { return shown(file, line, difference) }
    return DisplayLine(file, line: bytes, from: bytes.lowerBound, limit: limit + 1).text
  }

  /// How many bytes the first lines of a change have in common; long lines are shown from there.
  private func firstDifference(in change: Change) -> Int {
    guard !change.old.isEmpty, !change.new.isEmpty else { return 0 }
    let before = old.bytes[old.byteRange(ofLine: change.old.lowerBound)]
    let after = new.bytes[new.byteRange(ofLine: change.new.lowerBound)]
    return zip(before, after).prefix { $0 == $1 }.count
  }

  private func shown(_ file: SourceFile, _ line: Int, _ difference: Int = 0) -> String {
    let bytes = file.byteRange(ofLine: line)
    let start = min(bytes.lowerBound + difference, bytes.upperBound)
    let range = start..<min(start + 1, bytes.upperBound)
    return DisplayLine.windows(file, line: bytes, ranges: [range])[0].line.text
  }
}
