import Diagnostics

/// A line of source, or a window of a very long one, as a terminal shows it.
struct DisplayLine {
  /// The most columns that a line of source takes in an excerpt.
  static let widthLimit = 160
  /// The most columns that a line of a fix takes: it is there to be copied.
  static let fixWidthLimit = 2000
  private static let tabWidth = 4
  private static let lead = 40

  /// What to print: tabs expanded, steering characters replaced, cut ends marked by `…`.
  let text: String
  /// The byte offset in the file where the window starts.
  private let start: Int
  /// The display column of each byte of the window, and of its end.
  private let columns: [Int]
  private let reachesEnd: Bool

  /// The part of a line that starts at `start` and fits the limit.
  init(_ file: SourceFile, line: Range<Int>, from start: Int, limit: Int = widthLimit) {
    var input = file.bytes[start..<line.upperBound].makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var text = start > line.lowerBound ? "…" : ""
    var columns = [text.isEmpty ? 0 : 1]
    while columns[columns.count - 1] < limit,
      let (scalar, length) = Self.nextScalar(&parser, &input)
    {
      let column = columns[columns.count - 1]
      let shape = Self.shape(of: scalar, at: column)
      text += shape.text
      columns += Array(repeating: column, count: length - 1) + [column + shape.width]
    }
    self.start = start
    self.columns = columns
    reachesEnd = start + columns.count - 1 == line.upperBound
    self.text = reachesEnd ? text : text + "…"
  }

  private static func nextScalar(
    _ parser: inout Unicode.UTF8.ForwardParser, _ input: inout ArraySlice<UInt8>.Iterator
  ) -> (scalar: Unicode.Scalar, length: Int)? {
    switch parser.parseScalar(from: &input) {
    case .valid(let encoded): (Unicode.UTF8.decode(encoded), encoded.count)
    case .error(let length): ("\u{FFFD}", length)
    case .emptyInput: nil
    }
  }

  private static func shape(of scalar: Unicode.Scalar, at column: Int) -> (text: String, width: Int)
  {
    if scalar == "\t" {
      let width = tabWidth - column % tabWidth
      return (String(repeating: " ", count: width), width)
    }
    guard let scalar = printable(scalar) else { return ("", 0) }
    return (String(scalar), displayWidth(scalar))
  }

  /// The display column of a byte offset, or the nearest one in the window.
  func column(of offset: Int) -> Int {
    columns[min(max(offset - start, 0), columns.count - 1)]
  }

  /// Whether a range of the line lies in the window.
  private func shows(_ range: Range<Int>) -> Bool {
    range.lowerBound >= start
      && (reachesEnd || range.upperBound < start + columns.count)
  }

  /// The windows of a line that are needed to show where all of `ranges` begin, and the ranges
  /// (by index, from left to right) that belong to each.
  static func windows(
    _ file: SourceFile, line: Range<Int>, ranges: [Range<Int>]
  ) -> [(line: DisplayLine, ranges: [Int])] {
    let head = DisplayLine(file, line: line, from: line.lowerBound)
    var windows: [(line: DisplayLine, ranges: [Int])] = []
    let order = ranges.indices.sorted { ranges[$0].lowerBound < ranges[$1].lowerBound }
    for index in order {
      if let last = windows.indices.last, windows[last].line.shows(ranges[index]) {
        windows[last].ranges.append(index)
      } else if head.shows(ranges[index]) {
        windows.append((head, [index]))
      } else {
        let start = windowStart(file, line: line, range: ranges[index])
        windows.append((DisplayLine(file, line: line, from: start), [index]))
      }
    }
    return windows.isEmpty ? [(head, [])] : windows
  }

  /// A little before the range, at the first byte of a scalar.
  private static func windowStart(_ file: SourceFile, line: Range<Int>, range: Range<Int>) -> Int {
    var start = max(line.lowerBound, min(range.lowerBound, line.upperBound) - lead)
    while start > line.lowerBound, start < line.upperBound, file.bytes[start] & 0xC0 == 0x80 {
      start += 1
    }
    return start
  }
}
