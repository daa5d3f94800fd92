/// The value of a string literal, with the place of each of its bytes in the file.
struct StringLiteral {
  private(set) var bytes: [UInt8] = []
  private(set) var places: [Int] = []

  /// Reads an `A_Const` that is a string; nil for another node.
  init?(_ node: Node) {
    guard node.tag == .A_Const, let value = node.child(.sval)?.string(.sval),
      let location = node.location
    else { return nil }
    if location < node.tree.text.count { read(node.tree.text, at: location) }
    guard bytes != Array(value.utf8) else { return }
    // Escapes, or several literals that follow one another.
    bytes = Array(value.utf8)
    places = bytes.map { _ in location }
  }

  var string: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func read(_ text: [UInt8], at start: Int) {
    let end = text.withUnsafeBufferPointer { buffer in
      var lexer = Lexer(buffer, range: start..<buffer.count)
      return lexer.next()?.end ?? start
    }
    switch text[start] {
    case UInt8(ascii: "$"):
      let tag = 2 + text[(start + 1)...].prefix { $0 != UInt8(ascii: "$") }.count
      guard start + tag <= end - tag else { return }
      places = Array(start + tag..<end - tag)
    case UInt8(ascii: "'"):
      var offset = start + 1
      while offset < end - 1 {
        places.append(offset)
        offset += text[offset] == UInt8(ascii: "'") ? 2 : 1
      }
    default: return
    }
    bytes = places.map { text[$0] }
  }
}
