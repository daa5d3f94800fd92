/// Finds the case that a name stands for, by its bytes, without making a string.
///
/// Made once and kept for the life of the process; looked up for every name of every tree, so its
/// memory is plain and not counted.
struct NameTable<Value: Sendable>: @unchecked Sendable {
  private struct Slot {
    var name: PackedName
    var value: Value
  }
  // Written in `init` only.
  private let slots: UnsafeMutablePointer<Slot>
  private let missing: Value

  init(_ names: [(String, Value)], missing: Value) {
    slots = .allocate(capacity: Self.slotCount)
    slots.initialize(
      repeating: Slot(name: Self.none, value: missing), count: Self.slotCount)
    self.missing = missing
    precondition(names.count < Self.slotCount / 2, "the table would be too full")
    for (name, value) in names where !name.isEmpty { insert(name, value) }
  }

  private func insert(_ name: String, _ value: Value) {
    precondition(name.utf8.count <= PackedName.longest, "the name would not be found")
    let name = PackedName(name.utf8)
    var slot = Self.slot(name)
    while slots[slot].name != Self.none { slot = (slot + 1) & (Self.slotCount - 1) }
    slots[slot] = Slot(name: name, value: value)
  }

  private static var slotCount: Int { 2048 }
  private static var none: PackedName { PackedName() }

  @inline(__always)
  private static func slot(_ name: PackedName) -> Int { Int(name.hash >> 53) }

  @inline(__always)
  subscript(name: PackedName) -> Value {
    var slot = Self.slot(name)
    while slots[slot].name != name {
      if slots[slot].name == Self.none { return missing }
      slot = (slot + 1) & (Self.slotCount - 1)
    }
    return slots[slot].value
  }
}
