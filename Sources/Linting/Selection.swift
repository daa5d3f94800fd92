public import Diagnostics

/// Which rules' findings are wanted: ids, groups or `all`.
public struct Selection: Sendable {
  /// A name that is neither a rule nor a group.
  public struct UnknownName: Error, Sendable {
    /// As it was written.
    public let name: String
    /// The nearest name that there is.
    public let suggestion: String?
    /// What is wrong, with the nearest name if there is one.
    public var message: String { "`\(name)` is not a rule or group" + Spelling.hint(suggestion) }
  }

  private let selected: Set<String>
  private let isDefault: Bool

  /// Selects rules; everything when `select` is empty. Throws `UnknownName`.
  public init(
    select: [String], ignore: [String], rules: [RuleDescription]
  ) throws(UnknownName) {
    var selected: Set<String> = []
    for name in select.isEmpty ? ["all"] : select {
      selected.formUnion(try Self.expand(name, rules))
    }
    for name in ignore { selected.subtract(try Self.expand(name, rules)) }
    self.selected = selected
    isDefault = select.isEmpty
  }

  /// Whether a rule's findings are wanted.
  public func contains(_ rule: String) -> Bool { selected.contains(rule) }

  /// Whether a rule's findings were asked for, by its id, its group or `all`.
  public func names(_ rule: String) -> Bool { !isDefault && contains(rule) }

  /// The rules that a name stands for.
  static func expand(
    _ name: String, _ rules: [RuleDescription]
  ) throws(UnknownName) -> Set<String> {
    if let found = Self.rules(named: name, among: rules) { return found }
    throw UnknownName(name: name, suggestion: suggestion(for: name, among: rules))
  }

  /// The rules that the name of a rule, of a group or `all` stands for; nil for another name.
  package static func rules(named name: String, among rules: [RuleDescription]) -> Set<String>? {
    if name == "all" { return Set(rules.map(\.id)) }
    let found = rules.filter { $0.id == name || $0.group.rawValue == name }
    return found.isEmpty ? nil : Set(found.map(\.id))
  }

  /// The nearest name of a rule or a group, unless none is near.
  package static func suggestion(for name: String, among rules: [RuleDescription]) -> String? {
    let names = rules.map(\.id) + RuleDescription.Group.allCases.map(\.rawValue)
    return Spelling.nearest(to: name, in: names)
  }
}

/// Finds the word that was probably meant.
public enum Spelling {
  /// Ends a message about an unknown word: `; did you mean …?`, or nothing without a suggestion.
  public static func hint(_ suggestion: String?) -> String {
    suggestion.map { "; did you mean `\($0)`?" } ?? ""
  }

  /// The nearest of some words, unless none is near.
  public static func nearest(to word: String, in words: [String]) -> String? {
    // Half a word is a word that was cut off.
    if word.count > 2, let longer = words.first(where: { $0.hasPrefix(word) }) { return longer }
    let near = words.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
    guard let near, near.1 <= max(2, word.count / 3) else { return nil }
    return near.0
  }

  /// The number of letters to change, insert or delete (Levenshtein).
  private static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (index, character) in left.enumerated() {
      var previous = row[0]
      row[0] = index + 1
      for position in right.indices {
        let substitution = previous + (character == right[position] ? 0 : 1)
        previous = row[position + 1]
        row[position + 1] = min(substitution, row[position] + 1, row[position + 1] + 1)
      }
    }
    return row[right.count]
  }
}
