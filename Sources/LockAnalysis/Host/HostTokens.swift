/// The tokens of a host program with the partners of its brackets.
struct HostTokens: Sendable {
  private let tokens: [HostToken]
  /// For each bracket the position of its partner, -1 where there is none.
  private let partners: [Int]

  init(_ tokens: [HostToken]) {
    self.tokens = tokens
    var partners = [Int](repeating: -1, count: tokens.count)
    var open: [(position: Int, text: String)] = []
    for (index, token) in tokens.enumerated() where token.kind == .symbol {
      switch token.text {
      case "(", "[", "{": open.append((index, token.text))
      case ")", "]", "}":
        let wanted = token.text == ")" ? "(" : token.text == "]" ? "[" : "{"
        // What is not closed, in a text that does not compile, is passed over.
        guard let match = open.lastIndex(where: { $0.text == wanted }) else { continue }
        partners[index] = open[match].position
        partners[open[match].position] = index
        open.removeSubrange(match...)
      default: break
      }
    }
    self.partners = partners
  }

  var count: Int { tokens.count }
  subscript(_ index: Int) -> HostToken { tokens[index] }

  /// The text at a position; empty outside of the program.
  func text(_ index: Int) -> String { tokens.indices.contains(index) ? tokens[index].text : "" }

  func isWord(_ index: Int) -> Bool {
    tokens.indices.contains(index) && tokens[index].kind == .word
  }

  /// Where the bracket at a position is closed.
  func closing(_ open: Int) -> Int? {
    partners.indices.contains(open) && partners[open] > open ? partners[open] : nil
  }
  /// Where the bracket at a position was opened.
  func opening(_ close: Int) -> Int? {
    partners.indices.contains(close) && partners[close] >= 0 && partners[close] < close
      ? partners[close] : nil
  }

  /// The parts between commas outside of brackets.
  func split(_ range: Range<Int>) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      if let end = closing(index), end < range.upperBound {
        index = end + 1
      } else {
        if tokens[index].text == "," {
          parts.append(start..<index)
          start = index + 1
        }
        index += 1
      }
    }
    if start < range.upperBound { parts.append(start..<range.upperBound) }
    return parts
  }

  /// `a.b.c` from a position on: its text, and the position behind it.
  func path(at start: Int) -> (text: String, end: Int)? {
    guard isWord(start) else { return nil }
    var text = tokens[start].text
    var index = start + 1
    while ["?.", "!!", ".", "::"].contains(self.text(index)) {
      if self.text(index) == "!!" {
        index += 1
      } else {
        guard isWord(index + 1) else { break }
        text += "." + tokens[index + 1].text
        index += 2
      }
    }
    return (text, index)
  }

  /// Where the path begins that ends with the word at a position.
  func startOfPath(endingAt end: Int) -> Int {
    var start = end
    while start >= 2, [".", "?.", "::"].contains(text(start - 1)), isWord(start - 2) { start -= 2 }
    return start
  }

  /// Words that stand beside the names in a declaration, and names for what is dropped.
  private static let noNames: Set<String> = [
    "const", "let", "var", "val", "mut", "final", "if", "await", "err", "_",
  ]

  /// The names to the left of `=` or `:=` in the line of a position.
  func assigned(before position: Int) -> [String] {
    var index = position - 1
    var equals: Int?
    while index >= 0, position - index < 40, tokens[index].line == tokens[position].line,
      !["{", "}", ";"].contains(tokens[index].text)
    {
      if ["=", ":="].contains(tokens[index].text) { equals = index }
      index -= 1
    }
    guard let equals else { return [] }
    return (index + 1..<equals).filter(isWord).map { tokens[$0].text }
      .filter { !Self.noNames.contains($0) }
  }

  /// The words in a range.
  func words(_ range: Range<Int>) -> [String] { range.filter(isWord).map { tokens[$0].text } }
}
