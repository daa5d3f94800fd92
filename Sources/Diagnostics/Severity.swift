/// How strong the evidence for a finding is.
public enum Severity: String, Sendable, CaseIterable, Comparable {
  /// It depends on something that was not seen, or it only informs.
  case note
  /// Transactions that were seen can deadlock on each other.
  case warning
  /// As a warning, and it must not pass. No rule gives it by itself.
  case error

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }

  /// Orders by gravity: note, warning, error.
  public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}
