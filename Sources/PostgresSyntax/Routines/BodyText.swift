/// A file's text in which the bodies of its routines can be read as SQL.
///
/// Doubled quotes of bodies between quotes are rewritten, and what a tool or the application fills
/// in before the file runs, such as `:schema` and `${name}`, is masked there as in other statements.
struct BodyText {
  /// As long as the file; only the bodies count.
  var bytes: [UInt8] { masked.bytes }
  /// The file's placeholders and those in bodies, in the order of the text.
  var placeholders: [Placeholder] { masked.placeholders }

  private var masked: MaskedText

  init(_ file: MaskedText) {
    masked = file
    let places = file.statements.compactMap { Self.place(in: file.bytes, statement: $0.range) }
      .filter { $0.quoting != .unreadable }
    for place in places
    where place.quoting == .quote && QuotedBody.hasQuotes(file.bytes, body: place.range) {
      QuotedBody.unquote(&masked.bytes, body: place.range)
    }
    let unquoted = masked.bytes
    for place in places { mask(place.range, in: unquoted) }
    guard masked.placeholders.count > file.placeholders.count else { return }
    masked.placeholders.sort { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// The body of a statement that may create or run a routine.
  private static func place(in text: [UInt8], statement: Range<Int>) -> RoutineText? {
    let isDo: Bool? = text.withUnsafeBufferPointer { buffer in
      var words = Words(text: buffer, lexer: Lexer(buffer, range: statement))
      if words.skip("do") { return true }
      guard words.skip("create") else { return nil }
      if words.skip("or") { _ = words.skip("replace") }
      return words.skip("function") || words.skip("procedure") ? false : nil
    }
    guard let isDo else { return nil }
    return RoutineText(in: text, statement: statement, isDo: isDo)
  }

  /// The first words of a statement.
  private struct Words {
    let text: UnsafeBufferPointer<UInt8>
    var lexer: Lexer
    private var next: Token?

    init(text: UnsafeBufferPointer<UInt8>, lexer: Lexer) {
      self.text = text
      self.lexer = lexer
      advance()
    }

    private mutating func advance() {
      repeat { next = lexer.next() } while next?.kind == .comment
    }

    /// Goes past a word if it is here.
    mutating func skip(_ word: StaticString) -> Bool {
      guard let next, text.spells(word, at: next) else { return false }
      advance()
      return true
    }
  }

  private mutating func mask(_ body: Range<Int>, in text: [UInt8]) {
    let tokens = PLTokens(text: text, range: body).tokens
    let at = UInt8(ascii: "@")
    guard
      tokens.contains(where: { token in
        switch token.kind {
        case .placeholder, .colon: true
        case .operator: token.range.count == 1 && text[token.start] == at
        default: false
        }
      })
    else { return }
    text.withUnsafeBufferPointer {
      PlaceholderMasker(text: $0, tokens: tokens, isInBody: true).mask(&masked)
    }
  }
}
