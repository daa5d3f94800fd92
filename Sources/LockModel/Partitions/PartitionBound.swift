package import PostgresSyntax

/// Which rows of its parent a partition has.
package enum PartitionBound: Sendable, Equatable {
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

  init(_ bound: PartitionBoundSpecification) {
    switch bound {
    case .default: self = .default
    case .list(let items):
      self = .list(
        items.filter { !$0.isNullConstant }.map { Literal($0).map { .value($0) } ?? .unknown },
        hasNull: items.contains(where: \.isNullConstant))
    case .range(let from, let to):
      self = .range(from: from.map(Self.datum), to: to.map(Self.datum))
    case .hash(let modulus, let remainder):
      self = .hash(modulus: modulus, remainder: remainder)
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
      let orders = items.map { Self.compare(.value(value), $0) }
      return orders.contains(.equal) || items.contains(.unknown)
        || (!items.isEmpty && orders.allSatisfy { $0 == nil })
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
      if case .string(let left) = left, case .string(let right) = right,
        let start = WrittenTime(left), let end = WrittenTime(right)
      {
        return start.isBefore(end).map { $0 ? .less : .greater }
      }
      if let precedes = compareText(left, right) { return precedes ? .less : .greater }
      return nil
    default: return nil
    }
  }

  /// Numbers in quotes compare as numbers do.
  private static func compareText(_ left: Literal, _ right: Literal) -> Bool? {
    if let result = left.precedes(right) { return result }
    if case .string(let text) = left, let number = Int(text) {
      return Literal.integer(number).precedes(right)
    }
    if case .string(let text) = right, let number = Int(text) {
      return left.precedes(.integer(number))
    }
    return nil
  }
}
