internal import Diagnostics

/// Turns what the parser says into failures with places in the file.
struct FailureReader {
  let source: SourceFile
  /// The text that was parsed.
  let text: [UInt8]

  /// A failure of a statement whose text, with its semicolon, ends at `end`.
  func failure(
    _ error: PgQuery.Failure, statement whole: Range<Int>, end: Int
  ) -> ParseFailure {
    // At the end of the text the last token is the place.
    let isAtEnd = error.offset >= end
    let token = token(
      in: (isAtEnd ? whole.lowerBound : max(error.offset, whole.lowerBound))..<end, isLast: isAtEnd)
    let offset = token?.start ?? whole.lowerBound
    let line = source.byteRange(ofLine: source.position(of: offset).line)
    let range = offset..<max(offset, min(token?.end ?? offset, max(line.upperBound, offset)))
    var message = error.message
    if message.hasPrefix("syntax error at or near"), !range.isEmpty {
      message = "syntax error at or near `\(source.text(range).prefix(40))`"
    } else {
      message = Self.withoutQuotation(message)
    }
    return ParseFailure(message: message, range: range, statement: whole)
  }

  /// A failure of a statement that is not given to the parser.
  func tooDeep(_ whole: Range<Int>) -> ParseFailure {
    ParseFailure(
      message: "may nest deeper than the parser can follow (\(FileParser.depthLimit) levels)",
      range: whole.lowerBound..<min(whole.lowerBound + 40, whole.upperBound), statement: whole)
  }

  /// The first or the last token in a range, without comments.
  private func token(in range: Range<Int>, isLast: Bool) -> Token? {
    text.withUnsafeBufferPointer { text in
      var lexer = Lexer(text, range: range)
      var found: Token?
      while let token = lexer.next() {
        if token.kind == .comment { continue }
        found = token
        if !isLast { break }
      }
      return found
    }
  }

  /// A message without ` at or near "…"`, which may quote the rest of the file.
  private static func withoutQuotation(_ message: String) -> String {
    var end = message.startIndex
    while end < message.endIndex, !message[end...].hasPrefix(" at or near \"") {
      end = message.index(after: end)
    }
    return String(message[..<end])
  }
}
