/// Finds the case that a name stands for, by its bytes, without making a string.
struct NameTable<Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    let bytes: [UInt8]
    let value: Value
  }
  private let slots: [[Entry]]
  private let missing: Value

  init(_ names: [(String, Value)], missing: Value) {
    var slots = [[Entry]](repeating: [], count: Self.slotCount)
    for (name, value) in names where !name.isEmpty {
      let bytes = Array(name.utf8)
      let slot = bytes.withUnsafeBufferPointer { Self.slot($0) }
      slots[slot].append(Entry(bytes: bytes, value: value))
    }
    self.slots = slots
    self.missing = missing
  }

  private static var slotCount: Int { 2048 }

  private static func slot(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    var hash = UInt32(truncatingIfNeeded: name.count)
    for byte in name { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return Int((hash ^ (hash >> 15)) & UInt32(slotCount - 1))
  }

  subscript(name: UnsafeBufferPointer<UInt8>) -> Value {
    for entry in slots[Self.slot(name)]
    where entry.bytes.count == name.count && entry.bytes.elementsEqual(name) {
      return entry.value
    }
    return missing
  }
}
