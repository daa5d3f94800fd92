package import Diagnostics

/// What a piece of text for people means, and so which colour it gets.
package enum Role {
  case severity(Severity)
  case bold
  case dim
  case frame
  case label
  case removed
  case added
  case hunk
  case deadlock

  /// The parameters of the ANSI sequence that switches the colour on.
  var code: String {
    switch self {
    case .severity(.error), .deadlock: "1;31"
    case .severity(.warning): "1;33"
    case .severity(.note): "1;36"
    case .bold: "1"
    case .dim: "2"
    case .frame, .label: "34"
    case .removed: "31"
    case .added: "32"
    case .hunk: "36"
    }
  }
}

/// Paints text for a terminal, or leaves it plain.
package struct Style {
  private let color: Bool

  /// Paints if told so.
  package init(color: Bool) { self.color = color }

  /// The text in the colour of its role.
  package func paint(_ text: String, _ role: Role) -> String {
    color && !text.isEmpty ? "\u{1B}[\(role.code)m\(text)\u{1B}[0m" : text
  }
}
