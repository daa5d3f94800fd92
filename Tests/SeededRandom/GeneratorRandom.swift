/// Random numbers that a seed fixes (SplitMix64).
public struct GeneratorRandom: RandomNumberGenerator {
  private var state: UInt64

  /// The numbers of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// True in that many of a hundred cases.
  public mutating func chance(_ percent: Int) -> Bool { number(0...99) < percent }

  /// Any number of a range.
  public mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self)
  }

  /// Any of some items, which must not be none.
  public mutating func pick<Item>(_ items: [Item]) -> Item { items[number(0...(items.count - 1))] }

  /// Any of some items, each as often as its weight says.
  public mutating func pick<Item>(weighted items: [(weight: Int, item: Item)]) -> Item {
    var left = number(1...items.reduce(0) { $0 + $1.weight })
    for (weight, item) in items {
      left -= weight
      if left <= 0 { return item }
    }
    return items[items.count - 1].item
  }

  /// At least one and at most `limit` of some items, in any order.
  public mutating func some<Item>(of items: [Item], atMost limit: Int) -> [Item] {
    Array(items.shuffled(using: &self).prefix(number(1...max(1, min(limit, items.count)))))
  }
}
