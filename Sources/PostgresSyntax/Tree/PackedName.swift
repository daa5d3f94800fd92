/// A name of at most 24 bytes in three words, for hashing and comparing without a loop.
struct PackedName: Equatable {
  private(set) var first: UInt64 = 0
  private(set) var second: UInt64 = 0
  private(set) var third: UInt64 = 0

  static let longest = 24

  /// The empty name.
  init() {}

  /// Packs a name; a longer one is equal to none that fits.
  init(_ name: some Sequence<UInt8>) {
    for (index, byte) in name.enumerated() {
      let part = UInt64(byte) << UInt64(index % 8 * 8)
      switch index / 8 {
      case 0: first |= part
      case 1: second |= part
      case 2: third |= part
      default: first = .max
      }
    }
  }

  /// The name from an offset to the next quote, and its length; a name has no escapes.
  @inline(__always)
  static func quoted(
    _ text: UnsafePointer<UInt8>, from start: Int, limit: Int
  ) -> (name: PackedName, count: Int) {
    guard start + longest <= limit else { return quotedSlowly(text, from: start) }
    var name = PackedName()
    var end = name.first.take(text + start)
    if end < 8 { return (name, end) }
    end = name.second.take(text + start + 8)
    if end < 8 { return (name, 8 + end) }
    end = name.third.take(text + start + 16)
    return end < 8 ? (name, 16 + end) : quotedSlowly(text, from: start)
  }

  /// At the end of the text not all bytes of three words are there.
  private static func quotedSlowly(
    _ text: UnsafePointer<UInt8>, from start: Int
  ) -> (name: PackedName, count: Int) {
    var count = 0
    while text[start + count] != UInt8(ascii: "\"") { count += 1 }
    return (PackedName(UnsafeBufferPointer(start: text + start, count: count)), count)
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
        word.bytes(equalTo: UInt8(ascii: "\"")) | word.bytes(equalTo: UInt8(ascii: "\\"))
      if hits != 0 { return index + hits.trailingZeroBitCount / 8 }
      index += 8
    }
    while text[index] != UInt8(ascii: "\""), text[index] != UInt8(ascii: "\\") { index += 1 }
    return index
  }
}

extension UInt64 {
  /// Takes the bytes before the next quote, at most eight; gives their number.
  @inline(__always)
  fileprivate mutating func take(_ text: UnsafePointer<UInt8>) -> Int {
    let word = UInt64(littleEndian: UnsafeRawPointer(text).loadUnaligned(as: UInt64.self))
    let hits = word.bytes(equalTo: UInt8(ascii: "\""))
    self = hits == 0 ? word : word & (((hits & (0 &- hits)) >> 7) &- 1)
    return hits.trailingZeroBitCount / 8
  }

  /// A word whose lowest set bit is the highest one of the first byte that is another's equal.
  @inline(__always)
  fileprivate func bytes(equalTo byte: UInt8) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let difference = self ^ (ones &* UInt64(byte))
    return (difference &- ones) & ~difference & (ones << 7)
  }
}
