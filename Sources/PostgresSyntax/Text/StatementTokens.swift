import Algorithms

/// The tokens of one statement with their parentheses matched, for finding clauses in the text.
///
/// The grammar keeps where a node starts, seldom where it ends and never where a locking clause
/// is; the tokens tell. Made on demand, for statements that are reported or shown.
package struct StatementTokens: Sendable {
  private let text: [UInt8]
  /// In the order of the text, without comments.
  package let tokens: [Token]
  /// For every token the index of the parenthesis that it stands in, -1 outside of all.
  private let groups: [Int]
  /// For every opening parenthesis its closing one.
  private let closings: [Int: Int]

  /// Reads the tokens of a statement of a file; those of EXECUTE where it is dynamic.
  package init(_ statement: Statement, in file: ParsedFile) {
    self.init(text: file.masked, range: statement.range)
  }

  /// Reads the tokens up to a place and a few behind it, as many as a table's name and alias have.
  package init(_ statement: Statement, in file: ParsedFile, through offset: Int) {
    self.init(text: file.masked, range: statement.range, through: offset)
  }

  private static let tokensOfTable = 9

  init(text: [UInt8], range: Range<Int>, through offset: Int = .max) {
    var left = Self.tokensOfTable
    self.text = text
    var tokens: [Token] = []
    var groups: [Int] = []
    var closings: [Int: Int] = [:]
    text.withUnsafeBufferPointer { buffer in
      var lexer = Lexer(buffer, range: range)
      var open: [Int] = []
      while let token = lexer.next() {
        guard token.kind != .comment else { continue }
        if token.kind == .rightParenthesis, let last = open.popLast() {
          closings[last] = tokens.count
        }
        groups.append(open.last ?? -1)
        if token.kind == .leftParenthesis { open.append(tokens.count) }
        tokens.append(token)
        if token.start >= offset { left -= 1 }
        if left == 0 { break }
      }
    }
    self.tokens = tokens
    self.groups = groups
    self.closings = closings
  }

  /// The token at a byte offset, or the first one after it.
  package func index(at offset: Int) -> Int? {
    let place = tokens.partitioningIndex { $0.end > offset }
    return place < tokens.count ? place : nil
  }

  /// Whether a token is a word, without regard to case.
  package func spells(_ word: StaticString, at index: Int) -> Bool {
    guard tokens.indices.contains(index) else { return false }
    return text.withUnsafeBufferPointer { $0.spells(word, at: tokens[index]) }
  }

  /// The parenthesis that a token stands in, -1 outside of all.
  package func group(of index: Int) -> Int { groups[index] }

  /// The first token after `start` that spells one of some words inside the parentheses `group`,
  /// and of which `fits` holds.
  package func first(
    _ words: [StaticString], after start: Int, inGroup group: Int,
    where fits: (Int) -> Bool = { _ in true }
  ) -> Int? {
    var index = start + 1
    while index < end(ofGroup: group) {
      if groups[index] == group, words.contains(where: { spells($0, at: index) }), fits(index) {
        return index
      }
      index += 1
    }
    return nil
  }

  /// The last token before `start` that spells a word inside the same parentheses.
  package func last(_ word: StaticString, before start: Int, inGroup group: Int) -> Int? {
    var index = start - 1
    while index > group, index >= 0 {
      if groups[index] == group, spells(word, at: index) { return index }
      index -= 1
    }
    return nil
  }

  /// The index after the last token of a group.
  package func end(ofGroup group: Int) -> Int {
    group >= 0 ? (closings[group] ?? tokens.count) : tokens.count
  }

  /// The tokens of the n-th locking clause (from 0) of the query that has something at `offset`.
  ///
  /// A clause belongs to the parentheses that the query's own text stands in, or, after a query
  /// in parentheses, to those around it.
  package func lockingClause(_ position: Int, ofQueryAt offset: Int) -> Range<Int>? {
    guard var anchor = index(at: offset) else { return nil }
    var group = groups[anchor]
    while true {
      var found: [Range<Int>] = []
      var index = anchor
      while let next = first(["for"], after: index, inGroup: group) {
        if let clause = lockingClause(at: next) { found.append(clause) }
        index = next
      }
      if position < found.count { return found[position] }
      guard group >= 0 else { return nil }
      anchor = closings[group] ?? anchor
      group = groups[group]
    }
  }

  /// `FOR [NO KEY] UPDATE | [KEY] SHARE [OF …] [NOWAIT | SKIP LOCKED]` from a FOR on.
  private func lockingClause(at start: Int) -> Range<Int>? {
    var index = start + 1
    if spells("no", at: index), spells("key", at: index + 1) {
      index += 2
    } else if spells("key", at: index) {
      index += 1
    }
    guard spells("update", at: index) || spells("share", at: index) else { return nil }
    index += 1
    if spells("of", at: index) {
      index += 1
      while index + 1 < tokens.count,
        [.comma, .dot].contains(tokens[index + 1].kind)
          || [.comma, .dot].contains(tokens[index].kind)
      {
        index += 1
      }
      index += 1
    }
    if spells("nowait", at: index) { index += 1 }
    if spells("skip", at: index), spells("locked", at: index + 1) { index += 2 }
    return start..<min(index, tokens.count)
  }

  /// The byte range from one token to before another.
  package func bytes(_ range: Range<Int>) -> Range<Int> {
    guard !range.isEmpty, range.upperBound <= tokens.count else { return 0..<0 }
    return tokens[range.lowerBound].start..<tokens[range.upperBound - 1].end
  }
}
