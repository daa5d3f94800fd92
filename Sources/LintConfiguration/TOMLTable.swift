import Linting

/// A table of the configuration that is read key by key; what is wrong with it is noted.
struct TOMLTable {
  private let members: [TOMLValue.Member]
  /// Where the table begins.
  let place: TOMLValue.Place
  private(set) var errors: [ConfigurationError] = []
  private var known: [String] = []

  /// A table; nil for another value.
  init?(_ value: TOMLValue) {
    guard case .table(let members) = value.content else { return nil }
    self.members = members
    place = value.place
  }

  /// The value of a key.
  mutating func value(_ key: String) -> TOMLValue? {
    known.append(key)
    return members.first { $0.key == key }?.value
  }

  mutating func fail(_ place: TOMLValue.Place, _ message: String) {
    errors.append(ConfigurationError(place: place, message: message))
  }

  mutating func fail(_ others: [ConfigurationError]) { errors += others }

  /// The value of a key that must be a string.
  mutating func string(_ key: String) -> (text: String, place: TOMLValue.Place)? {
    guard let value = value(key) else { return nil }
    guard case .string(let text) = value.content else {
      fail(value.place, "`\(key)` must be a string, not \(value.kind)")
      return nil
    }
    return (text, value.place)
  }

  /// The value of a key that must be one of some words.
  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Word.Type
  ) -> Word? where Word.RawValue == String {
    guard let value = value(key) else { return nil }
    return word(value, key, type)
  }

  /// A value that must be one of some words.
  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ value: TOMLValue, _ key: String, _ type: Word.Type
  ) -> Word? where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    guard case .string(let text) = value.content else {
      let list = words.map { "`\($0)`" }.joined(separator: ", ")
      fail(value.place, "`\(key)` must be one of \(list), not \(value.kind)")
      return nil
    }
    if let word = Word(rawValue: text) { return word }
    let hint = Spelling.nearest(to: text, in: words)
    let list = words.map { "`\($0)`" }.joined(separator: ", ")
    fail(
      value.place,
      "`\(text)` is not a value of `\(key)`"
        + (hint == nil ? "; it is one of \(list)" : Spelling.hint(hint)))
    return nil
  }

  /// The value of a key that must be an array of strings.
  mutating func strings(_ key: String) -> [(text: String, place: TOMLValue.Place)]? {
    guard let value = value(key) else { return nil }
    return strings(value, key)
  }

  /// A value that must be an array of strings.
  mutating func strings(
    _ value: TOMLValue, _ key: String
  ) -> [(text: String, place: TOMLValue.Place)]? {
    guard case .array(let elements) = value.content else {
      fail(value.place, "`\(key)` must be an array of strings, not \(value.kind)")
      return nil
    }
    return elements.compactMap { element in
      guard case .string(let text) = element.content else {
        fail(element.place, "`\(key)` must be an array of strings, this is \(element.kind)")
        return nil
      }
      return (text, element.place)
    }
  }

  /// The tables of an array of tables.
  mutating func tables(_ key: String) -> [TOMLTable] {
    guard let value = value(key) else { return [] }
    guard case .array(let elements) = value.content else {
      fail(value.place, "`\(key)` must be an array of tables (`[[\(key)]]`), not \(value.kind)")
      return []
    }
    return elements.compactMap { element in
      if let table = TOMLTable(element) { return table }
      fail(element.place, "`\(key)` must be an array of tables, this is \(element.kind)")
      return nil
    }
  }

  /// The table of a key, with all its members.
  mutating func table(_ key: String) -> [TOMLValue.Member] {
    guard let value = value(key) else { return [] }
    guard case .table(let members) = value.content else {
      fail(value.place, "`\(key)` must be a table, not \(value.kind)")
      return []
    }
    return members
  }

  /// What is wrong, the keys that nothing has asked for included.
  func close() -> [ConfigurationError] {
    let unknown = members.filter { !known.contains($0.key) }.map { member in
      let hint = Spelling.nearest(to: member.key, in: known)
      let list = known.map { "`\($0)`" }.joined(separator: ", ")
      return ConfigurationError(
        place: member.place,
        message: "unknown key `\(member.key)`"
          + (hint == nil ? "; there are \(list)" : Spelling.hint(hint)))
    }
    return errors + unknown
  }
}
