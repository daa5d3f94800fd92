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
