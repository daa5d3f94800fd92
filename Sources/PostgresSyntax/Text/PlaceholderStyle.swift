/// What of a text is a placeholder, where the user says so. `$1` is SQL and always one.
public enum PlaceholderStyle: String, Sendable, CaseIterable {
  /// Whatever looks like one.
  case auto
  /// Nothing: the text is SQL as PostgreSQL reads it.
  case none
  /// `:name`
  case colon
  /// `@name`
  case at
  /// `?`
  case question
  /// `%s`, `%(name)s`
  case percent
  /// `${name}`, `$(name)`, `$/name/`
  case dollar
  /// `#{name}`
  case hash
  /// `{{ name }}`
  case braces

  /// Whether placeholders may begin with a byte.
  func allows(_ byte: UInt8) -> Bool {
    switch self {
    case .auto: true
    case .none: false
    case .colon: byte == UInt8(ascii: ":")
    case .at: byte == UInt8(ascii: "@")
    case .question: byte == UInt8(ascii: "?")
    case .percent: byte == UInt8(ascii: "%")
    case .dollar: byte == UInt8(ascii: "$")
    case .hash: byte == UInt8(ascii: "#")
    case .braces: byte == UInt8(ascii: "{")
    }
  }
}
