extension Range<Int> {
  /// Whether another range lies in it; an empty one also at either end.
  ///
  /// `contains` of a range looks for its numbers as a part of a sequence, and finds none everywhere.
  package func encloses(_ other: Range<Int>) -> Bool {
    lowerBound <= other.lowerBound && other.upperBound <= upperBound
  }
}
