/// A place in the text that the application fills in before or while the statement runs.
public struct Placeholder: Sendable {
  /// Half-open, in bytes of the file.
  public let range: Range<Int>
  /// As it is written.
  public let text: String
  /// Whether it stands for several values, as in `IN :ids` and `VALUES :rows`.
  public let isList: Bool
}
