package import Diagnostics
package import PostgresSyntax

/// A comment that speaks to this tool: `-- sqllock:…`, `/* sqllock:… */`.
package struct Directive: Sendable {
  /// What it says.
  package enum Kind: Sendable, Equatable {
    /// Hides findings of these rules on the next statement.
    case ignore([String])
    /// Hides findings of these rules in the file.
    case ignoreFile([String])
    /// Hides findings of these rules up to `ignore-end`.
    case ignoreStart([String])
    case ignoreEnd
    /// The rows of the next statement come sorted by these columns.
    case ordered([String])
    /// It can't be understood; the text says why.
    case malformed(String)
  }

  package let kind: Kind
  /// The comment, half-open, in bytes of the file.
  package let range: Range<Int>

  /// The directives of a file in the order of the text.
  package static func all(in file: ParsedFile) -> [Directive] {
    file.comments.compactMap { range in
      // `--- x`, and `* x` on a line of a block.
      let bytes = file.source.bytes[range].dropFirst(2).drop { byte in
        (0x09...0x0D).contains(byte) || byte == 0x20 || byte == UInt8(ascii: "-")
          || byte == UInt8(ascii: "*")
      }
      guard bytes.starts(with: "sqllock:".utf8) else {
        return isMistyped(bytes)
          ? Directive(
            kind: .malformed("write `sqllock:` in small letters, with the colon"), range: range)
          : nil
      }
      var text = String(decoding: bytes.dropFirst(8), as: UTF8.self)
      if text.hasSuffix("*/") {
        text.removeLast(2)
        while let last = text.last, last.isWhitespace || last == "*" { text.removeLast() }
      }
      return Directive(kind: parse(text), range: range)
    }
  }

  /// `SQLLOCK:ignore …`, `sqllock ignore …`, `sqllock-ignore …`: meant for this tool, but not said to it.
  private static func isMistyped(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, first | 0x20 == UInt8(ascii: "s") else { return false }
    let text = String(decoding: bytes.prefix(24), as: UTF8.self).lowercased()
    return ["ignore", "ordered"].contains { word in
      [":", " ", ": ", "-", "_"].contains { text.hasPrefix("sqllock\($0)\(word)") }
    }
  }

  /// The statement that the comment is about: the last one that has text before it on the
  /// comment's line, else the next one.
  package func target(in statements: NestedRanges, of source: SourceFile) -> NestedRanges.Place? {
    if let before = statements.last(startingBefore: range.lowerBound) {
      let line = source.position(of: range.lowerBound).line
      let last = source.position(of: max(before.range.upperBound - 1, 0)).line
      if !before.range.contains(range.lowerBound), last == line { return before }
      // The innermost statement around the comment, unless one of its parts comes next.
      if let around = statements.innermost(at: range.lowerBound) {
        return statements.first(startingFrom: range.upperBound, within: around.range) ?? around
      }
    }
    return statements.first(startingFrom: range.upperBound)
  }

  private static func parse(_ text: String) -> Kind {
    let text = withoutReason(text)
    let word = text.prefix { $0.isLetter || $0 == "-" }
    let rest = text.dropFirst(word.count)
    let names = rest.split(separator: ",", omittingEmptySubsequences: false)
      .map { trimmed($0) }
    let isEmpty = names.count == 1 && names[0].isEmpty
    if !isEmpty, names.contains(where: { $0.isEmpty || $0.contains(" ") }) {
      return .malformed("names after `sqllock:\(word)` are separated by commas")
    }
    switch word {
    case "ignore": return isEmpty ? missing(word, "rule") : .ignore(names)
    case "ignore-file": return isEmpty ? missing(word, "rule") : .ignoreFile(names)
    case "ignore-start": return isEmpty ? missing(word, "rule") : .ignoreStart(names)
    case "ignore-end": return .ignoreEnd
    case "ordered": return isEmpty ? missing(word, "column") : .ordered(names)
    default: return .malformed("`sqllock:\(word)` is not known")
    }
  }

  private static func missing(_ word: Substring, _ what: String) -> Kind {
    .malformed("`sqllock:\(word)` names no \(what)")
  }

  /// The text up to ` -- reason`.
  private static func withoutReason(_ text: String) -> String {
    var end = text.startIndex
    while end < text.endIndex {
      if text[end...].hasPrefix(" -- ") || text[end...].hasPrefix(" --\n") { break }
      end = text.index(after: end)
    }
    return trimmed(text[..<end])
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var result = Substring(text)
    while let first = result.first, first.isWhitespace { result.removeFirst() }
    while let last = result.last, last.isWhitespace { result.removeLast() }
    return String(result)
  }
}
