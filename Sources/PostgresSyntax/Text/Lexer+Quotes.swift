/// Quotes and comments, with and without an end.
extension Lexer {
  mutating func quoted(escapes: Bool) -> Token.Kind {
    let start = position
    position += 1
    while position < end {
      let current = text[position]
      if escapes, current == UInt8(ascii: "\\") {
        position += 2
      } else if current == UInt8(ascii: "'") {
        position += 1
        guard byte(position) == UInt8(ascii: "'") else { return .string }
        position += 1
      } else {
        position += 1
      }
    }
    return unterminated(from: start)
  }

  mutating func quotedIdentifier() -> Token.Kind {
    let start = position
    position += 1
    if byte(position) == UInt8(ascii: "{"), byte(position + 1) == UInt8(ascii: "{"),
      let close = endOfQuotedTag()
    {
      position = close
      return .placeholder
    }
    while position < end {
      if text[position] == UInt8(ascii: "\"") {
        position += 1
        guard byte(position) == UInt8(ascii: "\"") else { return .quotedIdentifier }
      }
      position += 1
    }
    return unterminated(from: start)
  }

  /// The end of `"{{ index .Options "Namespace" }}"`, which has quotes within it; nil where it has
  /// none or does not end in the line.
  private func endOfQuotedTag() -> Int? {
    var index = position + 2
    var hasQuotes = false
    while index + 2 < end, text[index] != UInt8(ascii: "\n") {
      if text[index] == UInt8(ascii: "}"), text[index + 1] == UInt8(ascii: "}") {
        return hasQuotes && text[index + 2] == UInt8(ascii: "\"") ? index + 3 : nil
      }
      hasQuotes = hasQuotes || text[index] == UInt8(ascii: "\"")
      index += 1
    }
    return nil
  }

  /// Takes everything up to where a statement seems to begin again as one broken token: a line
  /// that begins with a statement's keyword, after an empty line where the quote may span lines.
  private mutating func unterminated(from start: Int, spansLines: Bool = false) -> Token.Kind {
    position = start + 1
    var wasEmpty = false
    while position < end {
      let line = position
      while position < end, text[position] != UInt8(ascii: "\n") { position += 1 }
      position = min(position + 1, end)
      let isEmpty = text[line..<position].allSatisfy(Self.isSpace)
      if line > start + 1, wasEmpty || !spansLines, beginsStatement(line) {
        position = line
        return .unterminated
      }
      wasEmpty = isEmpty
    }
    return .unterminated
  }

  private static let statementKeywords: [StaticString] = [
    "select", "insert", "update", "delete", "with", "create", "alter", "drop", "begin", "commit",
    "merge", "grant", "comment", "set", "do", "lock", "truncate", "copy",
  ]

  private func beginsStatement(_ start: Int) -> Bool {
    var last = start
    while last < end, Self.isLetter(text[last]) { last += 1 }
    let token = Token(kind: .word, start: start, end: last)
    return Self.statementKeywords.contains { text.spells($0, at: token) }
  }

  // MARK: Dollars

  mutating func dollar() -> Token.Kind {
    let start = position
    var index = position + 1
    if Self.isDigit(byte(index)) {
      while Self.isDigit(byte(index)) { index += 1 }
      position = index
      return .parameter
    }
    if byte(index) == UInt8(ascii: "{") { return delimited(opening: 2, by: .brace) }
    if byte(index) == UInt8(ascii: "%") { return delimited(opening: 2, by: .percentDollar) }
    while index < end, Self.isWordPart(text[index]), text[index] != UInt8(ascii: "$") { index += 1 }
    guard byte(index) == UInt8(ascii: "$") else {
      position = max(index, start + 1)
      return index > start + 1 ? .placeholder : .other
    }
    if index > start + 1, Self.isWordPart(byte(index + 1)), namesRole(before: start) {
      while Self.isWordPart(byte(index)) { index += 1 }
      position = index
      return .placeholder
    }
    return dollarQuote(tag: start..<(index + 1))
  }

  private static let roleWords: [StaticString] = ["to", "from", "role", "user", "by"]

  /// Whether a name is wanted, so that `$prefix$_x` is filled in and no string: after `TO` and the
  /// like.
  private func namesRole(before offset: Int) -> Bool {
    var end = offset
    while end > 0, Self.isSpace(text[end - 1]) { end -= 1 }
    var start = end
    while start > 0, Self.isLetter(text[start - 1]) { start -= 1 }
    let word = Token(kind: .word, start: start, end: end)
    return Self.roleWords.contains { text.spells($0, at: word) }
  }

  private mutating func dollarQuote(tag: Range<Int>) -> Token.Kind {
    if let last = ahead.lastTags?[Array(text[tag])], last < tag.upperBound {
      return unterminated(from: tag.upperBound - 1, spansLines: true)
    }
    var next = tag.upperBound
    while let index = text.firstIndex(of: UInt8(ascii: "$"), from: next, before: end) {
      guard index + tag.count <= end else { break }
      if (0..<tag.count).allSatisfy({ text[index + $0] == text[tag.lowerBound + $0] }) {
        position = index + tag.count
        return .string
      }
      next = index + 1
    }
    if ahead.lastTags == nil { ahead.lastTags = lastTags(from: tag.lowerBound) }
    return unterminated(from: tag.upperBound - 1, spansLines: true)
  }

  /// Where each `$tag$` stands last; one stands between every two dollars without other signs
  /// between them.
  private func lastTags(from start: Int) -> [[UInt8]: Int] {
    var result: [[UInt8]: Int] = [:]
    var opening: Int?
    for index in start..<end {
      if text[index] == UInt8(ascii: "$") {
        if let opening { result[Array(text[opening...index])] = opening }
        opening = index
      } else if !Self.isWordPart(text[index]) {
        opening = nil
      }
    }
    return result
  }

  // MARK: Comments

  mutating func lineComment() -> Token.Kind {
    let line = text.firstIndex(of: UInt8(ascii: "\n"), from: position, before: end) ?? end
    position = text.firstIndex(of: UInt8(ascii: "\r"), from: position, before: line) ?? line
    return .comment
  }

  mutating func blockComment() -> Token.Kind {
    if ahead.hasCommentEnd, let close = endOfComment(nests: !ahead.sawOpenComment) {
      position = close
      return .comment
    }
    if ahead.sawOpenComment { ahead.hasCommentEnd = false }
    ahead.sawOpenComment = true
    return unterminated(from: position, spansLines: true)
  }

  /// Where the comment that begins here ends; nil when it does not.
  private func endOfComment(nests: Bool) -> Int? {
    var depth = 1
    var index = position + 2
    while index < end {
      if nests, text[index] == UInt8(ascii: "/"), byte(index + 1) == UInt8(ascii: "*") {
        depth += 1
        index += 2
      } else if text[index] == UInt8(ascii: "*"), byte(index + 1) == UInt8(ascii: "/") {
        depth -= 1
        index += 2
        if depth == 0 { return index }
      } else {
        index += 1
      }
    }
    return nil
  }
}
