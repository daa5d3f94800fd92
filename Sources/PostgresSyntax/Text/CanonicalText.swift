/// SQL without what says nothing: comments, blanks and the case of words outside of quotes.
package enum CanonicalText {
  /// Calls `body` with the bytes of the text, tokens divided by single blanks.
  package static func forEachByte(of text: ArraySlice<UInt8>, _ body: (UInt8) -> Void) {
    text.withUnsafeBufferPointer { text in
      var lexer = Lexer(text)
      var isFirst = true
      while let token = lexer.next() {
        if token.kind == .comment { continue }
        if !isFirst { body(0x20) }
        isFirst = false
        let isWord = token.kind == .word
        for byte in text[token.range] {
          body(isWord && (0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
      }
    }
  }
}
