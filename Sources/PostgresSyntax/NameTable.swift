#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Finds the case that a name stands for, by its bytes, without making a string.
///
/// Made once and kept for the life of the process; looked up for every name of every tree, so its
/// memory is plain and not counted.
struct NameTable<Value: Sendable>: @unchecked Sendable {
  private struct Slot {
    var bytes: UnsafePointer<UInt8>?
    var count: Int
    var value: Value
  }
  // Written in `init` only.
  private let slots: UnsafeMutablePointer<Slot>
  private let missing: Value

  init(_ names: [(String, Value)], missing: Value) {
    slots = .allocate(capacity: Self.slotCount)
    slots.initialize(
      repeating: Slot(bytes: nil, count: 0, value: missing), count: Self.slotCount)
    self.missing = missing
    precondition(names.count < Self.slotCount / 2, "the table would be too full")
    for (name, value) in names where !name.isEmpty { insert(name, value) }
  }

  private func insert(_ name: String, _ value: Value) {
    let bytes = Array(name.utf8)
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
    copy.initialize(from: bytes, count: bytes.count)
    var slot = Self.slot(UnsafeBufferPointer(start: copy, count: bytes.count))
    while slots[slot].bytes != nil { slot = (slot + 1) & (Self.slotCount - 1) }
    slots[slot] = Slot(bytes: UnsafePointer(copy), count: bytes.count, value: value)
  }

  private static var slotCount: Int { 2048 }

  @inline(__always)
  private static func slot(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    var hash = UInt32(truncatingIfNeeded: name.count)
    for index in 0..<name.count { hash = (hash ^ UInt32(name[index])) &* 0x0100_0193 }
    return Int((hash ^ (hash >> 15)) & UInt32(slotCount - 1))
  }

  @inline(__always)
  subscript(name: UnsafeBufferPointer<UInt8>) -> Value {
    var slot = Self.slot(name)
    while let bytes = slots[slot].bytes {
      if slots[slot].count == name.count, memcmp(bytes, name.baseAddress!, name.count) == 0 {
        return slots[slot].value
      }
      slot = (slot + 1) & (Self.slotCount - 1)
    }
    return missing
  }
}
