import PostgresSyntax

/// Decides conditions about what a trigger was called for: `TG_OP = 'INSERT'` and the like.
enum TriggerTest {
  /// Whether an arm is taken; nil when that depends on more.
  static func verdict(
    _ value: PLQuery?, _ conditions: [PLQuery], _ trigger: TriggerEvent?
  ) -> Bool? {
    if value == nil, conditions.count == 1 {
      let text = conditions[0].text.lowercased()
      if text == "true" || text == "false" { return text == "true" }
    }
    guard let trigger else { return nil }
    if let value {
      guard value.text.lowercased() == "tg_op" else { return nil }
      let literals = conditions.flatMap { quoted($0.text) }
      return conditions.isEmpty ? nil : literals.contains(trigger.kind.rawValue)
    }
    guard conditions.count == 1 else { return nil }
    return verdict(conditions[0].text, trigger)
  }

  private static func verdict(_ text: String, _ trigger: TriggerEvent) -> Bool? {
    let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard words.hasPrefix("tg_op") || words.hasPrefix("(tg_op") else { return nil }
    let hasMore =
      words.contains(" and ") || words.contains(" not ") || words.contains("new.")
      || words.contains("old.")
    let rest = words.replacing("tg_op", with: "").filter { !" ()'=,".contains($0) }
    let known = ["insert", "update", "delete", "truncate", "or", "in", "<>", "!"]
    var left = rest
    for word in known { left = left.replacing(word, with: "") }
    let isIn = quoted(text).contains(trigger.kind.rawValue)
    if words.contains("<>") || words.contains("!=") {
      return left.isEmpty && !hasMore ? !isIn : nil
    }
    // `TG_OP = 'INSERT' AND more` is false for other operations at least.
    if hasMore, !words.contains(" or "), !words.contains(" not "), !isIn { return false }
    return left.isEmpty && !hasMore ? isIn : nil
  }

  /// The strings in a condition.
  private static func quoted(_ text: String) -> [String] {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }
}
