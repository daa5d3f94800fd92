/// What a lexer's searches have shown about the text ahead of it.
///
/// A search that finds nothing must not be made again from the next place where the same thing
/// begins: a file of openings without ends would take time in the square of its size.
struct Lookahead {
  /// For every `$tag$` the last place where it stands; nil until a dollar quote has no end.
  var lastTags: [[UInt8]: Int]?
  /// Whether a comment had no end when comments in it were counted.
  ///
  /// Later comments then end at their first `*/`: what was meant to be inside of what can't be told.
  var sawOpenComment = false
  /// Whether `*/` may stand ahead.
  var hasCommentEnd = true
  /// For every closing the first place that is not known to be without it.
  var searched: [Closing: Int] = [:]
  /// How many bytes were looked at for closings; tests hold it to the length of the text.
  var steps = 0

  /// What ends a placeholder or a tag of a template.
  enum Closing {
    case brace, braces, percentBrace, hashBrace, percentAngle, percentDollar

    var text: StaticString {
      switch self {
      case .brace: "}"
      case .braces: "}}"
      case .percentBrace: "%}"
      case .hashBrace: "#}"
      case .percentAngle: "%>"
      case .percentDollar: "%$"
      }
    }

    /// Whether it is looked for beyond the line and the statement.
    var isFar: Bool {
      switch self {
      case .brace, .percentAngle, .percentDollar: false
      case .braces, .percentBrace, .hashBrace: true
      }
    }
  }
}
