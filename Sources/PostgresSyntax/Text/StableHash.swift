/// A hash of bytes that is the same in every run: FNV-1a, 64 bits.
package struct StableHash: Sendable {
  /// The hash of what has been added.
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Of nothing yet.
  package init() {}

  /// Adds a byte.
  package mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

  /// Adds a text and its end.
  package mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    add(0xFF)
  }
}
