/// The text on one line and without characters that steer a terminal or reorder what is read.
///
/// Paths, identifiers and source come from files that nobody vouches for: whatever comes from them
/// goes through here before it reaches a terminal or a format made of lines. JSON has
/// `encodedJSON`.
public func printable(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if let scalar = printable(scalar) { result.append(scalar) }
  }
  return String(result)
}

/// A path that begins a line, printable: GitHub would take `::error::` there for a command.
public func printable(path: String) -> String {
  let path = printable(path)
  let isCommand = path.drop { $0.isWhitespace }.hasPrefix("::")
  return isCommand ? "./" + path : path
}

/// The lines of a text whose line ends are meant, each printable.
public func printableLines(_ text: String) -> [String] {
  text.split(whereSeparator: \.isNewline).map { printable(String($0)) }
}

/// What stands for a scalar on a terminal; nil for a byte-order mark, which has no shape.
func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
  switch scalar.value {
  case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value)
  case 0x7F: "\u{2421}"
  case 0xFEFF: nil
  default: isSteering(scalar) ? "\u{FFFD}" : scalar
  }
}

/// Whether a scalar controls a terminal, ends a line or changes the direction of text.
func isSteering(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F,
    0xFFF9...0xFFFB:
    true
  default:
    false
  }
}

/// How many columns of a terminal a scalar takes: 0, 1 or 2.
func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x300 { return 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: return isWide(scalar.value) ? 2 : 1
  }
}

/// How many columns of a terminal a text takes.
public func displayWidth(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { $0 + displayWidth($1) }
}

/// Unicode's East Asian Width, classes W and F, by block.
private func isWide(_ value: UInt32) -> Bool {
  switch value {
  case 0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x25FD...0x25FE, 0x2614...0x2615,
    0x26A1, 0x2705, 0x274C, 0x2753...0x2755, 0x2757, 0x2795...0x2797, 0x2B1B...0x2B1C, 0x2B50,
    0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F7E0...0x1F7EB,
    0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
    true
  default:
    false
  }
}

/// A line without the blanks at its end.
package func trimmedEnd(_ line: String) -> String {
  String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
}

/// A text with blanks up to a width; `plain` is the text as it is seen, without colour.
package func padded(_ text: String, _ width: Int, plain: String? = nil) -> String {
  text + String(repeating: " ", count: max(0, width - displayWidth(plain ?? text)))
}
