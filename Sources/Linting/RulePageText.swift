/// A rule's page for people: without what is in it for the tests.
public struct RulePageText: Sendable {
  private struct Block {
    let kind: [Substring]
    var lines: [Substring] = []

    /// What sets the stage for a test on a server says nothing to a reader.
    var isHidden: Bool { kind.contains("blocker") || kind.contains("settings") }

    /// What stands above the block.
    var title: String? {
      guard kind.first == "sql" else {
        return kind.first == "toml" ? "With the configuration" : nil
      }
      switch Set(kind.dropFirst()) {
      case ["bad", "deadlocks"]: return "Found, and two sessions that run it deadlock"
      case ["good", "survives"]: return "Fine, and two sessions that run it do not deadlock"
      case let words where words.contains("bad"): return "Found"
      case let words where words.contains("good"): return "Fine"
      case ["schema"]: return "With the tables"
      case ["fixed"]: return "After --fix"
      default: return nil
      }
    }

    /// The lines without the marks of the tests.
    var text: [String] {
      lines.map { line in
        guard let mark = line.firstRange(of: "-- finding") else { return String(line) }
        let other = line[mark.upperBound...].drop { $0 == ":" || $0 == " " }
        return line[..<mark.lowerBound] + "-- found here"
          + (other.isEmpty ? "" : ", by \(other)")
      }
    }
  }

  private enum Part {
    case line(Substring)
    case block(Block)
  }

  private var parts: [Part] = []

  /// Reads a page.
  public init(_ page: String) {
    var block: Block?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if let open = block {
        if line == "```" {
          parts.append(.block(open))
          block = nil
        } else {
          block?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        block = Block(kind: line.dropFirst(3).split(separator: " "))
      } else {
        parts.append(.line(line))
      }
    }
  }

  /// For a terminal: blocks are indented and say what they are.
  public var plain: String {
    text { block in
      let title = block.title.map { ["  \($0):", ""] } ?? []
      return title + block.text.map { $0.isEmpty ? "" : "      " + $0 }
    }
  }

  /// Markdown that any viewer shows.
  public var markdown: String {
    text { block in
      let title = block.title.map { ["\($0):", ""] } ?? []
      return title + ["```\(block.kind.first ?? "")"] + block.text + ["```"]
    }
  }

  private func text(_ render: (Block) -> [String]) -> String {
    var lines: [String] = []
    for part in parts {
      switch part {
      case .line(let line):
        // Two empty lines are left where a hidden block was.
        if line.isEmpty, lines.last?.isEmpty ?? true { continue }
        lines.append(String(line))
      case .block(let block):
        if !block.isHidden { lines += render(block) }
      }
    }
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines.map { $0 + "\n" }.joined()
  }
}
