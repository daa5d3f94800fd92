package import PostgresSyntax

/// How a partitioned table divides its rows.
package struct Partitioning: Sendable {
  package enum Strategy: Sendable { case list, range, hash }
  package let strategy: Strategy
  /// The columns of the key; nil for an expression.
  package let columns: [String?]

  init(_ node: Node) {
    switch node.string(.strategy)?.lowercased() {
    case "list", "l": strategy = .list
    case "hash", "h": strategy = .hash
    default: strategy = .range
    }
    columns = node.list(.partParams).map { $0.string(.name) }
  }
}

/// Which rows of its parent a partition has.
package enum PartitionBound: Sendable {
  /// An end of a range in one column.
  package enum Datum: Sendable, Equatable {
    case minimum, maximum
    case value(Literal)
    /// NULL, or something that is not a literal.
    case unknown
  }

  case list([Datum], hasNull: Bool)
  case range(from: [Datum], to: [Datum])
  case hash(modulus: Int, remainder: Int)
  /// Everything that no other partition has.
  case `default`

  init?(_ node: Node?) {
    guard let node else { return nil }
    if node.flag(.is_default) {
      self = .default
      return
    }
    switch node.string(.strategy) {
    case "l":
      let items = Array(node.list(.listdatums))
      self = .list(
        items.compactMap { Literal($0).map { .value($0) } },
        hasNull: items.contains { $0.flag(.isnull) })
    case "h": self = .hash(modulus: node.int(.modulus), remainder: node.int(.remainder))
    default:
      self = .range(
        from: node.list(.lowerdatums).map(Self.datum), to: node.list(.upperdatums).map(Self.datum))
    }
  }

  private static func datum(_ node: Node) -> Datum {
    if case .column(let names) = Expression(node) {
      return names.last?.lowercased() == "minvalue" ? .minimum : .maximum
    }
    return Literal(node).map { .value($0) } ?? .unknown
  }

  /// Whether rows with these values of the key can be in the partition; nil values are not known.
  func admits(_ values: [Literal?]) -> Bool {
    switch self {
    case .default, .hash: return true
    case .list(let items, _):
      guard let value = values.first ?? nil else { return true }
      return items.contains(.value(value))
        || !items.contains { Self.compare(.value(value), $0) != nil }
    case .range(let from, let to):
      return Self.isAtLeast(values, from) && !Self.isAtLeast(values, to, whenUnknown: false)
    }
  }

  /// Whether it can have rows whose key begins with more than a value, or as much unless strict.
  func reaches(above value: Literal, isStrict: Bool) -> Bool {
    switch self {
    case .default, .hash: return true
    case .list(let items, _):
      return items.contains { item in
        let order = Self.compare(item, .value(value))
        return order != .less && !(isStrict && order == .equal)
      }
    case .range(_, let to):
      guard let end = to.first else { return true }
      let order = Self.compare(end, .value(value))
      return order != .less && !(order == .equal && to.count == 1)
    }
  }

  /// Whether it can have rows whose key begins with less than a value, or as much unless strict.
  func reaches(below value: Literal, isStrict: Bool) -> Bool {
    switch self {
    case .default, .hash: return true
    case .list(let items, _):
      return items.contains { item in
        let order = Self.compare(item, .value(value))
        return order != .greater && !(isStrict && order == .equal)
      }
    case .range(let from, _):
      guard let start = from.first else { return true }
      let order = Self.compare(start, .value(value))
      return order != .greater && !(isStrict && order == .equal && from.count == 1)
    }
  }

  /// Whether ranges of a single column, in the order of their bounds, hold all from `start` to
  /// `end`.
  static func isCovered(
    from start: Datum, to end: Datum, isStrict: Bool, by bounds: [PartitionBound]
  ) -> Bool {
    var reached = start
    for case .range(let from, let to) in bounds {
      guard from.count == 1, to.count == 1, let first = compare(from[0], reached),
        let last = compare(to[0], reached)
      else { return false }
      if first == .greater { return false }
      if last == .greater { reached = to[0] }
      switch compare(reached, end) {
      case .greater?: return true
      case .equal? where reached == .maximum || isStrict: return true
      default: continue
      }
    }
    return false
  }

  private static func isAtLeast(
    _ values: [Literal?], _ bound: [Datum], whenUnknown: Bool = true
  ) -> Bool {
    for (position, datum) in bound.enumerated() {
      guard position < values.count, let value = values[position] else { return whenUnknown }
      switch compare(.value(value), datum) {
      case .less?: return false
      case .greater?: return true
      case .equal?: continue
      case nil: return whenUnknown
      }
    }
    return true
  }

  private enum Comparison { case less, equal, greater }

  private static func compare(_ left: Datum, _ right: Datum) -> Comparison? {
    switch (left, right) {
    case (.minimum, .minimum), (.maximum, .maximum): return .equal
    case (.minimum, _), (_, .maximum): return .less
    case (.maximum, _), (_, .minimum): return .greater
    case (.value(let left), .value(let right)):
      if left == right { return .equal }
      if let precedes = compareText(left, right) { return precedes ? .less : .greater }
      return nil
    default: return nil
    }
  }

  /// Dates and numbers in quotes compare as text of one shape does.
  private static func compareText(_ left: Literal, _ right: Literal) -> Bool? {
    if let result = left.precedes(right) { return result }
    if case .string(let text) = left, let number = Int(text) {
      return Literal.integer(number).precedes(right)
    }
    if case .string(let text) = right, let number = Int(text) {
      return left.precedes(.integer(number))
    }
    guard case .string(let left) = left, case .string(let right) = right,
      left.count >= 10, right.count >= 10
    else { return nil }
    return left < right
  }

  /// The order in which PostgreSQL goes over partitions: that of their bounds, the default one
  /// last (`partition_bounds_create` in `partbounds.c`).
  static func precedes(_ left: Catalog.Relation, _ right: Catalog.Relation) -> Bool {
    switch (left.bound, right.bound) {
    case (.default?, .default?): break
    case (.default?, _): return false
    case (_, .default?): return true
    case (.hash(let modulus, let remainder)?, .hash(let other, let second)?):
      return (modulus, remainder) < (other, second)
    default:
      for (left, right) in zip(left.bound?.start ?? [], right.bound?.start ?? []) {
        switch compare(left, right) {
        case .less?: return true
        case .greater?: return false
        case .equal?, nil: continue
        }
      }
    }
    return left.number < right.number
  }

  private var start: [Datum] {
    switch self {
    case .list(let items, let hasNull):
      var least: Datum? = items.first
      for item in items {
        if let current = least, Self.compare(item, current) == .less { least = item }
      }
      // A partition for NULL alone comes after those for values.
      return least.map { [$0] } ?? (hasNull ? [.maximum] : [])
    case .range(let from, _): return from
    case .hash, .default: return []
    }
  }
}
