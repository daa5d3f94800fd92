/// Text of other languages in SQL: placeholders and the tags of templates.
extension Lexer {
  /// `{{ x }}` and `{x}` stand for something; `{% … %}` and `{# … #}` are blanks to SQL.
  mutating func brace() -> Token.Kind {
    switch byte(position + 1) {
    case UInt8(ascii: "{"):
      delimited(opening: 2, by: .braces, as: isTemplateControl ? .blank : .placeholder)
    case UInt8(ascii: "%"): delimited(opening: 2, by: .percentBrace, as: .blank)
    case UInt8(ascii: "#"): delimited(opening: 2, by: .hashBrace, as: .blank)
    default: delimited(opening: 1, by: .brace)
    }
  }

  private static let templateWords: [StaticString] = [
    "if", "else", "end", "range", "with", "define", "template", "block", "break", "continue",
  ]

  /// Whether `{{` begins a line of a Go template's program: `{{ if .X }}`, `{{- end }}`.
  private var isTemplateControl: Bool {
    var index = position + 2
    if byte(index) == UInt8(ascii: "-") { index += 1 }
    while byte(index) == UInt8(ascii: " ") { index += 1 }
    var end = index
    while Self.isLetter(byte(end)) { end += 1 }
    let word = Token(kind: .word, start: index, end: end)
    return Self.templateWords.contains { text.spells($0, at: word) }
  }

  /// Takes everything up to a closing, or one byte where there is none.
  mutating func delimited(
    opening: Int, by closing: Lookahead.Closing, as kind: Token.Kind = .placeholder
  ) -> Token.Kind {
    guard let close = find(closing, from: position + opening) else { return single(.other) }
    position = close + closing.text.utf8CodeUnitCount
    return kind
  }

  /// Tags that are longer are not looked for.
  private static let longestTag = 4096

  /// The next place of a closing, in the line and the statement unless it is a far one.
  private mutating func find(_ closing: Lookahead.Closing, from start: Int) -> Int? {
    let count = closing.text.utf8CodeUnitCount
    let limit = min(end - count, start + Self.longestTag)
    var index = max(start, ahead.searched[closing] ?? 0)
    let first = index
    defer {
      ahead.searched[closing] = index
      ahead.steps += index - first
    }
    while index <= limit {
      let isHere = (0..<count).allSatisfy { text[index + $0] == closing.text.utf8Start[$0] }
      if isHere { return index }
      if !closing.isFar, text[index] == UInt8(ascii: ";") || text[index] == UInt8(ascii: "\n") {
        return nil
      }
      index += 1
    }
    return nil
  }

  /// `<%= x %>`, which stands for something, or `<% if x %>`, which is a blank to SQL; nil for the
  /// operators `<%` and `%>` of pg_trgm, which begin and end alike.
  mutating func embeddedTag() -> Token.Kind? {
    let isValue = byte(position + 2) == UInt8(ascii: "=")
    guard isValue || byte(position + 2) == UInt8(ascii: " "),
      let close = find(.percentAngle, from: position + 2),
      isValue || isControl(position + 3..<close)
    else { return nil }
    position = close + 2
    return isValue ? .placeholder : .blank
  }

  private static let controlWords: [StaticString] = [
    "if", "unless", "else", "elsif", "end", "for", "while", "until",
  ]

  /// Whether a tag's text is no operand of SQL but a line of Ruby: `if x`, `end`, `each do |x|`.
  private func isControl(_ range: Range<Int>) -> Bool {
    guard let first = range.first(where: { !Self.isSpace(text[$0]) }) else { return false }
    let last = range.upperBound - (Self.isSpace(text[range.upperBound - 1]) ? 2 : 1)
    if text[last] == UInt8(ascii: "|") { return true }
    let wordEnd = range[first...].first { !Self.isLetter(text[$0]) } ?? range.upperBound
    let word = Token(kind: .word, start: first, end: wordEnd)
    return Self.controlWords.contains { text.spells($0, at: word) }
  }

  /// The length of `%(name)s` at an offset.
  func namedFormatLength(at start: Int) -> Int? {
    guard byte(start + 1) == UInt8(ascii: "(") else { return nil }
    var index = start + 2
    while Self.isWordPart(byte(index)) || byte(index) == UInt8(ascii: ".") { index += 1 }
    guard index > start + 2, byte(index) == UInt8(ascii: ")"), Self.isLetter(byte(index + 1)),
      !Self.isWordPart(byte(index + 2))
    else { return nil }
    return index + 2 - start
  }
}
