import Diagnostics

/// A range to mark in an excerpt, and what to say about it.
struct Annotation {
  let range: SourceRange
  let text: String
  /// Whether this is what the finding is about; other ranges explain it.
  let isPrimary: Bool
  /// The first line of the range.
  let firstLine: Int
  /// The last line of the range; a line end that closes the range starts no new line.
  let lastLine: Int

  init(range: SourceRange, text: String, isPrimary: Bool) {
    self.range = range
    self.text = text
    self.isPrimary = isPrimary
    firstLine = range.start.line
    let last = max(range.bytes.lowerBound, range.bytes.upperBound - 1)
    lastLine = range.file.position(of: last).line
  }

  var isMultiLine: Bool { lastLine > firstLine }

  /// The lines to show of it: all of a few, the first and the last of many.
  var shownLines: [Int] {
    guard lastLine - firstLine >= 6 else { return Array(firstLine...lastLine) }
    return Array(firstLine...firstLine + 2) + [lastLine - 1, lastLine]
  }

  /// All ranges of a finding, without those that only repeat another one.
  static func all(of finding: Finding) -> [Annotation] {
    var labels = finding.labels
    var text = finding.rangeText
    if text.isEmpty, let same = labels.firstIndex(where: { $0.range == finding.range }) {
      text = labels.remove(at: same).text
    }
    var seen: Set<Key> = [Key(range: finding.range, text: text)]
    let others = labels.filter { seen.insert(Key(range: $0.range, text: $0.text)).inserted }
    return [Annotation(range: finding.range, text: text, isPrimary: true)]
      + others.map { Annotation(range: $0.range, text: $0.text, isPrimary: false) }
  }

  private struct Key: Hashable {
    let range: SourceRange
    let text: String
  }
}
