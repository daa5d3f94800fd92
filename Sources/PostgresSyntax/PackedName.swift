/// A name of at most 24 bytes in three words, for hashing and comparing without a loop.
struct PackedName: Equatable {
  private(set) var first: UInt64 = 0
  private(set) var second: UInt64 = 0
  private(set) var third: UInt64 = 0

  static let longest = 24

  /// The empty name.
  init() {}

  /// Reads a name from text of `limit` bytes; a longer name is equal to none that fits.
  @inline(__always)
  init(_ text: UnsafePointer<UInt8>, _ range: Range<Int>, limit: Int) {
    let count = range.count
    let start = UnsafeRawPointer(text + range.lowerBound)
    guard count <= Self.longest, range.lowerBound + Self.longest <= limit else {
      self.init(slowly: UnsafeBufferPointer(start: text + range.lowerBound, count: count))
      return
    }
    self.init()
    first = Self.word(start, count)
    guard count > 8 else { return }
    second = Self.word(start + 8, count - 8)
    guard count > 16 else { return }
    third = Self.word(start + 16, count - 16)
  }

  /// At the end of the text not all bytes of three words are there.
  private init(slowly name: UnsafeBufferPointer<UInt8>) {
    self.init()
    guard name.count <= Self.longest else {
      first = .max
      return
    }
    for (index, byte) in name.enumerated() {
      let part = UInt64(byte) << UInt64(index % 8 * 8)
      switch index / 8 {
      case 0: first |= part
      case 1: second |= part
      default: third |= part
      }
    }
  }

  /// The first bytes of a word.
  @inline(__always)
  private static func word(_ start: UnsafeRawPointer, _ count: Int) -> UInt64 {
    let word = UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    return count >= 8 ? word : word & ((1 << UInt64(count * 8)) - 1)
  }

  var hash: UInt64 {
    (first ^ (second << 23 | second >> 41) ^ (third << 43 | third >> 21)) &* 0x9E37_79B9_7F4A_7C15
  }

  /// The offset of the next quote or backslash, found eight bytes at a time; there must be one.
  @inline(__always)
  static func quoteOrEscape(_ text: UnsafePointer<UInt8>, from start: Int, limit: Int) -> Int {
    var index = start
    while index + 8 <= limit {
      let loaded = UnsafeRawPointer(text + index).loadUnaligned(as: UInt64.self)
      let word = UInt64(littleEndian: loaded)
      let hits =
        zeroBytes(word ^ (ones &* UInt64(UInt8(ascii: "\""))))
        | zeroBytes(word ^ (ones &* UInt64(UInt8(ascii: "\\"))))
      if hits != 0 { return index + hits.trailingZeroBitCount / 8 }
      index += 8
    }
    while text[index] != UInt8(ascii: "\""), text[index] != UInt8(ascii: "\\") { index += 1 }
    return index
  }

  private static var ones: UInt64 { 0x0101_0101_0101_0101 }

  /// A word whose lowest set bit is in the first byte that is zero.
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- ones) & ~word & (ones << 7)
  }
}
