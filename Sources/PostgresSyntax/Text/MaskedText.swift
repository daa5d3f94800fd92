/// The text of a file with everything that is not SQL replaced by as many bytes of SQL.
///
/// Offsets in it are offsets in the file.
struct MaskedText {
  /// As long as the file.
  var bytes: [UInt8]
  /// Comments in the order of the text.
  var comments: [Range<Int>] = []
  /// Placeholders in the order of the text.
  var placeholders: [Placeholder] = []
  /// What psql includes by `\i` or `\ir`, as it is written, in the order of the text.
  var included: [String] = []
  /// Statements as the lexer divides them, in the order of the text, without the semicolon.
  var statements: [RawStatement] = []
  /// Bytes that no SQL text may have.
  var problems: [ReadProblem] = []

  /// A statement before it is parsed.
  struct RawStatement {
    /// From after the last semicolon to before the next one.
    var range: Range<Int>
    /// An upper bound of the depth of its parse tree.
    var depth: Int
  }
}

/// Something about the bytes of a file that PostgreSQL would refuse.
public struct ReadProblem: Sendable {
  /// What is wrong.
  public let message: String
  /// Where it is first, half-open, in bytes.
  public let range: Range<Int>
}
