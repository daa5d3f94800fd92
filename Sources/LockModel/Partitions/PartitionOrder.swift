import PostgresSyntax

extension PartitionBound {
  /// The order in which PostgreSQL goes over partitions: that of their bounds, the default one
  /// last (`partition_bounds_create` in `partbounds.c`); children without bounds by their creation.
  ///
  /// Total, also where bounds of one table have different types.
  static func precedes(_ left: Catalog.Relation, _ right: Catalog.Relation) -> Bool {
    switch (left.bound, right.bound) {
    case (.hash(let modulus, let remainder)?, .hash(let other, let second)?):
      if (modulus, remainder) != (other, second) { return (modulus, remainder) < (other, second) }
    default:
      let ranks = (rank(left.bound), rank(right.bound))
      if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
      let (start, other) = (left.bound?.start ?? [], right.bound?.start ?? [])
      for (left, right) in zip(start, other) where left.key != right.key {
        return left.key < right.key
      }
      if start.count != other.count { return start.count < other.count }
    }
    return left.isOlder(than: right)
  }

  private static func rank(_ bound: PartitionBound?) -> Int {
    switch bound {
    case .hash?: 0
    case .list?, .range?: 1
    case nil: 2
    case .default?: 3
    }
  }

  /// Where its rows begin.
  private var start: [Datum] {
    switch self {
    case .list(let items, let hasNull):
      // A partition for NULL alone comes after those for values.
      items.min { $0.key < $1.key }.map { [$0] } ?? (hasNull ? [.maximum] : [])
    case .range(let from, _): from
    case .hash, .default: []
    }
  }
}

extension PartitionBound.Datum {
  /// What it is sorted by: its kind, then its value.
  struct Key: Comparable {
    let kind: Int
    var number = 0.0
    var text = ""

    static func < (left: Key, right: Key) -> Bool {
      if left.kind != right.kind { return left.kind < right.kind }
      if left.number != right.number { return left.number < right.number }
      return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
  }

  var key: Key {
    switch self {
    case .minimum: Key(kind: 0)
    case .value(.boolean(let value)): Key(kind: 1, number: value ? 1 : 0)
    case .value(.integer(let value)): Key(kind: 2, number: Double(value))
    case .value(.number(let text)): Double(text).map { Key(kind: 2, number: $0) } ?? Key(kind: 3)
    case .value(.string(let text)):
      // Numbers may be in quotes.
      Int(text).map { Key(kind: 2, number: Double($0)) } ?? Key(kind: 3, text: text)
    case .unknown: Key(kind: 4)
    case .maximum: Key(kind: 5)
    }
  }
}
