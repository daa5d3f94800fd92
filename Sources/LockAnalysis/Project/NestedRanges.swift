import Algorithms

/// Ranges of a text, some within others, that are looked up by place.
package struct NestedRanges: Sendable {
  /// One of the ranges.
  package struct Place: Sendable {
    /// The range.
    package let range: Range<Int>
    /// Which of those given it is.
    package let index: Int
  }

  /// By their start, outer ones first.
  private let sorted: [Place]
  /// For each range the last one before it that ends later.
  private let longer: [Int?]
  /// For each range the furthest end of it and those before it.
  private let furthest: [Int]

  /// Sorts ranges once; those that are the same stay in the order given.
  package init(_ ranges: [Range<Int>]) {
    let sorted = ranges.enumerated().map { Place(range: $0.element, index: $0.offset) }
      .sorted { left, right in
        (left.range.lowerBound, -left.range.count, left.index)
          < (right.range.lowerBound, -right.range.count, right.index)
      }
    var longer: [Int?] = []
    var furthest: [Int] = []
    for place in sorted {
      var before = longer.isEmpty ? nil : longer.count - 1
      while let candidate = before,
        sorted[candidate].range.upperBound <= place.range.upperBound
      {
        before = longer[candidate]
      }
      longer.append(before)
      furthest.append(max(furthest.last ?? 0, place.range.upperBound))
    }
    self.sorted = sorted
    self.longer = longer
    self.furthest = furthest
  }

  /// Whether any range contains an offset.
  package func contains(_ offset: Int) -> Bool {
    let next = position(of: offset + 1)
    return next > 0 && furthest[next - 1] > offset
  }

  /// The last range that starts before an offset.
  package func last(startingBefore offset: Int) -> Place? {
    let next = position(of: offset)
    return next == 0 ? nil : sorted[next - 1]
  }

  /// The first range that starts at an offset or later.
  package func first(startingFrom offset: Int) -> Place? {
    let next = position(of: offset)
    return next == sorted.count ? nil : sorted[next]
  }

  /// The innermost range around an offset.
  package func innermost(at offset: Int) -> Place? {
    let next = position(of: offset + 1)
    var candidate = next == 0 ? nil : next - 1
    while let position = candidate, sorted[position].range.upperBound <= offset {
      // What starts between the two ends even earlier.
      candidate = longer[position]
    }
    return candidate.map { sorted[$0] }
  }

  /// The first range within another that starts at an offset or later.
  package func first(startingFrom offset: Int, within outer: Range<Int>) -> Place? {
    sorted[position(of: offset)...].lazy
      .prefix { $0.range.lowerBound <= outer.upperBound }
      .first { $0.range.upperBound <= outer.upperBound }
  }

  /// How many ranges start before an offset.
  private func position(of offset: Int) -> Int {
    sorted.partitioningIndex { $0.range.lowerBound >= offset }
  }
}
