import PostgresSyntax

/// Words that are looked for in texts, by their hashes: two words of one hash are taken for one.
struct MentionedWords: Sendable {
  /// The numbers of those who look for a word.
  private var byHash: [UInt64: [Int]] = [:]
  /// Whether some word has a hash that ends so.
  private var endings = [Bool](repeating: false, count: 1 << 18)
  /// Whether `A` in a text is `a`.
  private let foldsCase: Bool

  /// Each number's spellings, in small letters where `foldingCase`.
  init(_ spellings: [Set<String>], foldingCase: Bool = false) {
    foldsCase = foldingCase
    for (number, words) in spellings.enumerated() {
      for word in words {
        var hash = StableHash()
        for byte in word.utf8 { hash.add(byte) }
        byHash[hash.value, default: []].append(number)
        endings[Int(hash.value & 0x3FFFF)] = true
      }
    }
  }

  /// The numbers of the words in a text, in which words may have hyphens; of those of `isCall` only
  /// those that a parenthesis or the end of a literal follows.
  func found(
    in text: ArraySlice<UInt8>, withHyphens: Bool, isCall: (Int) -> Bool = { _ in false }
  ) -> Set<Int> {
    var result: Set<Int> = []
    text.withUnsafeBufferPointer { text in
      var hash = StableHash()
      var isInside = false
      func endWord(before next: UInt8?) {
        guard isInside else { return }
        if endings[Int(hash.value & 0x3FFFF)], let numbers = byHash[hash.value] {
          let isCalled = next.map(Self.callers.contains) ?? false
          result.formUnion(numbers.filter { isCalled || !isCall($0) })
        }
        hash = StableHash()
        isInside = false
      }
      for byte in text {
        if Self.isOfWord(byte) || withHyphens && byte == UInt8(ascii: "-") {
          hash.add(foldsCase && 0x41...0x5A ~= byte ? byte | 0x20 : byte)
          isInside = true
        } else {
          endWord(before: byte)
        }
      }
      endWord(before: nil)
    }
    return result
  }

  /// `f(`, `"f"`, `'f'`, `` `f` ``
  private static let callers: Set<UInt8> = [0x28, 0x22, 0x27, 0x60]

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: true
    default: false
    }
  }
}
