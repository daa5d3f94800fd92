/// Words that are looked for in texts, by their hashes: two words of one hash are taken for one.
struct MentionedWords: Sendable {
  /// The numbers of those who look for a word.
  private var byHash: [UInt64: [Int]] = [:]
  /// Whether some word has a hash that ends so.
  private var endings = [Bool](repeating: false, count: 1 << 16)

  /// Each number's spellings.
  init(_ spellings: [Set<String>]) {
    for (number, words) in spellings.enumerated() {
      for word in words {
        let hash = word.utf8.reduce(Self.start, Self.next)
        byHash[hash, default: []].append(number)
        endings[Int(hash & 0xFFFF)] = true
      }
    }
  }

  /// The numbers of the words in a text, in which words may have hyphens.
  func found(in text: [UInt8], withHyphens: Bool) -> Set<Int> {
    var result: Set<Int> = []
    text.withUnsafeBufferPointer { text in
      var hash = Self.start
      for byte in text {
        if Self.isOfWord(byte) || withHyphens && byte == UInt8(ascii: "-") {
          hash = Self.next(hash, byte)
        } else if hash != Self.start {
          if endings[Int(hash & 0xFFFF)], let numbers = byHash[hash] { result.formUnion(numbers) }
          hash = Self.start
        }
      }
      if let numbers = byHash[hash] { result.formUnion(numbers) }
    }
    return result
  }

  /// FNV-1a.
  private static let start: UInt64 = 0xCBF2_9CE4_8422_2325

  private static func next(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: true
    default: false
    }
  }
}
