import Algorithms

/// A place in the text that the application or a routine's caller fills in before or while the
/// statement runs.
public struct Placeholder: Sendable {
  /// Half-open, in bytes of the file.
  public let range: Range<Int>
  /// As it is written.
  public let text: String
  /// Whether it stands for several values, as in `IN :ids` and `VALUES :rows`.
  public let isList: Bool
  /// Whether it is a reference to a variable or parameter of a routine, with all its names.
  package var isVariable = false
}

extension [Placeholder] {
  /// Those of them, in the order of the text, that begin in a range of the text.
  func inside(_ range: Range<Int>) -> [Placeholder] {
    Array(self[index(after: range.lowerBound)..<index(after: range.upperBound)])
  }

  /// The first that does not begin before an offset.
  private func index(after offset: Int) -> Int {
    partitioningIndex { $0.range.lowerBound >= offset }
  }
}
