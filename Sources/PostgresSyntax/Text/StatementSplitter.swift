/// Divides a list of statements at its semicolons.
enum StatementSplitter {
  /// The tokens of each statement, without the semicolons; empty statements are left out.
  static func split(_ tokens: PLTokens) -> [Range<Int>] {
    tokens.text.withUnsafeBufferPointer { buffer in
      var result: [Range<Int>] = []
      var boundary = StatementBoundary()
      var first = 0
      for index in 0..<tokens.count {
        if tokens[index].kind == .semicolon, boundary.semicolonEnds {
          if first < index { result.append(first..<index) }
          first = index + 1
          boundary = StatementBoundary()
        } else {
          boundary.read(tokens[index], in: buffer)
        }
      }
      if first < tokens.count { result.append(first..<tokens.count) }
      return result
    }
  }
}
