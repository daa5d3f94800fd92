import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

/// The text of a statement, for writing edits of it.
package struct StatementText {
  let range: SourceRange
  let tokens: StatementTokens

  init(_ statement: LoweredStatement) { self.init(statement.statement, in: statement.file) }

  init(_ statement: Statement, in file: ParsedFile) {
    range = SourceRange(file: file.source, bytes: statement.range)
    tokens = StatementTokens(statement, in: file)
  }

  private var file: SourceFile { range.file }

  func insertion(_ text: String, at offset: Int) -> Edit {
    Edit(range: SourceRange(file: file, bytes: offset..<offset), replacement: text)
  }

  func replacement(_ text: String, of range: Range<Int>) -> Edit {
    Edit(range: SourceRange(file: file, bytes: range), replacement: text)
  }

  func text(_ range: Range<Int>) -> String { file.text(range) }

  /// An insertion of a clause in front of a token: on a line of its own where the token begins
  /// one, with the file's line end, else followed by a blank.
  func clause(_ text: String, before token: Int) -> Edit {
    let offset = tokens.tokens[token].start
    let line = file.byteRange(ofLine: file.position(of: offset).line)
    let indent = file.bytes[line.lowerBound..<offset]
    let startsLine = indent.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    guard startsLine, offset > range.bytes.lowerBound else {
      return insertion(text + " ", at: offset)
    }
    return insertion(
      text + lineEnd(at: line.upperBound) + String(decoding: indent, as: UTF8.self), at: offset)
  }

  /// An insertion of a clause after a token: on a line of its own where `sibling`, the clause
  /// ahead of it, begins one, else after a blank.
  func clause(_ text: String, after token: Int, sibling: Int) -> Edit {
    let offset = tokens.tokens[token].end
    let start = tokens.tokens[sibling].start
    let line = file.byteRange(ofLine: file.position(of: start).line)
    let indent = file.bytes[line.lowerBound..<start]
    guard indent.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else {
      return insertion(" " + text, at: offset)
    }
    return insertion(
      lineEnd(at: line.upperBound) + String(decoding: indent, as: UTF8.self) + text, at: offset)
  }

  /// The token in front of which an ORDER BY ends: LIMIT, OFFSET, FETCH or the locking clause; of the
  /// query whose last clause that can be is `clause`.
  func endOfOrder(before clause: Int, inGroup group: Int) -> Int? {
    var start = tokens.last("select", before: clause, inGroup: group) ?? clause
    if let sort = tokens.last("order", before: clause, inGroup: group), sort > start {
      start = sort
    }
    return tokens.first(["limit", "offset", "fetch", "for"], after: start, inGroup: group)
      .map { min($0, clause) }
  }

  /// An insertion of ORDER BY into a SELECT that has none, which is the whole statement.
  func orderBy(_ columns: String) -> Edit? {
    let end = tokens.tokens.count
    guard end > 0 else { return nil }
    let group = tokens.group(of: end - 1)
    if let place = endOfOrder(before: end, inGroup: group) {
      return clause("ORDER BY \(columns)", before: place)
    }
    let from = tokens.last("from", before: end, inGroup: group)
    return clause(
      "ORDER BY \(columns)", after: end - 1,
      sibling: tokens.last("where", before: end, inGroup: group) ?? from ?? end - 1)
  }

  private func lineEnd(at offset: Int) -> String {
    // The last line of a file may have no end.
    let isLast = offset >= file.bytes.count
    let end = isLast ? file.byteRange(ofLine: 1).upperBound : offset
    return end < file.bytes.count && file.bytes[end] == UInt8(ascii: "\r") ? "\r\n" : "\n"
  }

  /// An identifier as it must be written.
  package static func quoted(_ name: String) -> String {
    let isPlain =
      !name.isEmpty && !Keywords.reserved.contains(name) && !Keywords.functions.contains(name)
      && name.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
      }
      && !(0x30...0x39).contains(name.utf8.first ?? 0x30)
    return isPlain
      ? name
      : "\""
        + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        + "\""
  }
}

/// Words that can't be a column's name without quotes (manual, appendix C).
private enum Keywords {
  /// "Reserved (can be function or type)".
  static let functions: Set<String> = [
    "authorization", "binary", "collation", "concurrently", "cross", "current_schema", "freeze",
    "full", "ilike", "inner", "is", "isnull", "join", "left", "like", "natural", "notnull",
    "outer", "overlaps", "right", "similar", "tablesample", "verbose",
  ]
  /// "Reserved".
  static let reserved: Set<String> = [
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case",
    "cast", "check", "collate", "column", "constraint", "create", "current_catalog",
    "current_date", "current_role", "current_time", "current_timestamp", "current_user",
    "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch",
    "for", "foreign", "from", "grant", "group", "having", "in", "initially", "intersect", "into",
    "lateral", "leading", "limit", "localtime", "localtimestamp", "not", "null", "offset", "on",
    "only", "or", "order", "placing", "primary", "references", "returning", "select",
    "session_user", "some", "symmetric", "system_user", "table", "then", "to", "trailing", "true",
    "union",
    "unique", "user", "using", "variadic", "when", "where", "window", "with",
  ]
}
