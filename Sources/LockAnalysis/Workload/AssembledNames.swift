/// Names of routines, and the two words that each can be put together from, as `'insert_' + table` and
/// `format('insert_%s', table)` do.
struct AssembledNames: Sendable {
  private let ordered: [String]
  private let halves: [(name: String, first: Int, endsWithBar: Bool)]
  private let words: MentionedWords

  /// Names in small letters, and those of them that may be put together.
  init(_ names: Set<String>, assembled: Set<String>) {
    ordered = names.sorted()
    var spellings: [Set<String>] = ordered.map { [$0] }
    var halves: [(name: String, first: Int, endsWithBar: Bool)] = []
    for name in assembled.sorted() {
      for split in name.indices.dropFirst() {
        let (left, right) = (name[..<split], name[split...])
        halves.append((name, spellings.count, left.last == "_"))
        spellings += [[String(left)], [String(right)]]
      }
    }
    self.halves = halves
    words = MentionedWords(spellings, foldingCase: true)
  }

  /// Which names and halves are words of a text, by their numbers.
  func found(in text: ArraySlice<UInt8>) -> Set<Int> { words.found(in: text, withHyphens: false) }

  /// The names that are found as they are, or in two halves.
  func names(_ found: Set<Int>) -> Set<String> {
    Set(ordered.indices.filter(found.contains).map { ordered[$0] }).union(
      halves.filter { found.contains($0.first) && found.contains($0.first + 1) }.map(\.name))
  }

  /// The names that are found in two halves the first of which ends with a bar: other words stand
  /// everywhere in SQL.
  func namesInSQL(_ found: Set<Int>) -> Set<String> {
    Set(
      halves.filter { $0.endsWithBar && found.contains($0.first) && found.contains($0.first + 1) }
        .map(
          \.name))
  }
}
