/// Divides a page into headings and fenced blocks.
struct PageReader {
  private let lines: [Substring]
  private var next = 0

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The title and the sections; the first section is what stands above the first `##`.
  mutating func read() throws(RulePage.Malformed) -> (id: String, sections: [RulePage.Section]) {
    let id = lines.first { $0.hasPrefix("# ") }.map { String($0.dropFirst(2)) } ?? ""
    var sections = [RulePage.Section(heading: "", line: 1)]
    while next < lines.count {
      let line = lines[next]
      if line.hasPrefix("## ") {
        sections.append(RulePage.Section(heading: String(line.dropFirst(3)), line: next + 1))
      } else if line.hasPrefix("```") {
        let firstLine = next + 2
        let kind = line.dropFirst(3).split(separator: " ").map(String.init)
        let text = try block(of: id)
        sections[sections.count - 1].append(kind: kind, text: text, firstLine: firstLine)
      }
      next += 1
    }
    return (id, sections)
  }

  /// Reads from an opening fence to the closing one and stops there.
  private mutating func block(of id: String) throws(RulePage.Malformed) -> String {
    let opening = next
    var text = ""
    next += 1
    while next < lines.count, lines[next] != "```" {
      text += lines[next] + "\n"
      next += 1
    }
    guard next < lines.count else {
      throw RulePage.Malformed(id: id, line: opening + 1, description: "the block has no end")
    }
    return text
  }
}
