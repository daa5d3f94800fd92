import LockAnalysis
import Testing

/// Ranges within ranges, looked up by place, held to going over all of them.
@Suite("Nested ranges")
struct NestedRangesTests {
  private static let cases: [[Range<Int>]] = [
    [], [2..<5], [2..<5, 7..<9], [0..<10, 2..<4, 3..<4, 6..<8], [6..<8, 0..<10, 2..<4],
    [1..<9, 1..<9, 3..<4], [0..<4, 2..<6, 3..<5], [2..<2, 2..<5, 4..<4],
    [0..<10, 0..<8, 0..<6, 1..<3, 9..<10],
  ]

  @Test("Every place is found as by going over all ranges", arguments: cases)
  func places(ranges: [Range<Int>]) {
    let nested = NestedRanges(ranges)
    let sorted = ranges.enumerated().sorted { left, right in
      (left.element.lowerBound, -left.element.count, left.offset)
        < (right.element.lowerBound, -right.element.count, right.offset)
    }
    for offset in 0...11 {
      #expect(
        nested.last(startingBefore: offset)?.index
          == sorted.last { $0.element.lowerBound < offset }?.offset)
      #expect(
        nested.first(startingFrom: offset)?.index
          == sorted.first { $0.element.lowerBound >= offset }?.offset)
      #expect(
        nested.innermost(at: offset)?.index
          == sorted.last { $0.element.contains(offset) }?.offset)
      #expect(nested.contains(offset) == ranges.contains { $0.contains(offset) })
      #expect(
        nested.first(startingFrom: offset, within: 0..<8)?.index
          == sorted.first { $0.element.lowerBound >= offset && $0.element.upperBound <= 8 }?.offset)
    }
  }
}
