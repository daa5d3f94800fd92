/// A line divided at blanks, so that each part takes at most so many columns, as far as its words do;
/// what stands in backticks may be divided as well.
func wrapped(_ line: String, to width: Int) -> [String] {
  // On a terminal of a few columns nothing is gained.
  let width = max(width, 30)
  guard displayWidth(line) > width else { return [line] }
  var lines: [String] = []
  var current = ""
  var columns = 0
  for word in line.split(separator: " ", omittingEmptySubsequences: false) {
    let size = displayWidth(String(word))
    if !current.isEmpty, columns + 1 + size > width {
      lines.append(current)
      current = ""
      columns = 0
    }
    if !current.isEmpty {
      current += " "
      columns += 1
    }
    current += word
    columns += size
  }
  return lines + [current]
}
