import PostgresSyntax

/// What a condition about an error's code comes to when the error is a deadlock.
enum DeadlockTest {
  private static let code = "'40p01'"

  /// `SQLSTATE = '40P01'`, `state NOT IN ('40001', '40P01')`, and `WHEN '40P01'` of a CASE over the
  /// code; nil where it can't be told.
  static func verdict(_ value: PLQuery?, _ condition: PLQuery) -> Bool? {
    let text = condition.text.lowercased().filter { !$0.isWhitespace }
    if let value {
      guard value.text.lowercased().contains("state"), text.hasPrefix("'") else { return nil }
      return text == code
    }
    guard text.contains(code) || text.contains("sqlstate"), !text.contains("or"),
      !text.contains("and")
    else { return nil }
    let names = text.contains(code)
    if text.contains("notin(") { return !names }
    if text.contains("in(") { return names }
    if text.contains("<>") || text.contains("!=") { return !names }
    return text.contains("=") ? names : nil
  }
}
