import CPgQuery
import Testing

@testable import PostgresSyntax

/// SQL as an application has it, and what of it is filled in later.
struct MaskedCase: CustomTestStringConvertible, Sendable {
  let sql: String
  /// The placeholders as they are written.
  let placeholders: [String]
  /// Those of them that stand for several values.
  let lists: [String]

  init(_ sql: String, _ placeholders: [String] = [], lists: [String] = []) {
    self.sql = sql
    self.placeholders = placeholders
    self.lists = lists
  }

  var testDescription: String { sql }

  /// The masked text, held to what is true of every mask: as many bytes, as many lines, and SQL
  /// that the grammar reads.
  func masked() -> MaskedText {
    let bytes = Array(sql.utf8)
    let masked = Masker.mask(bytes)
    #expect(masked.bytes.count == bytes.count)
    let newline = UInt8(ascii: "\n")
    #expect(bytes.count { $0 == newline } == masked.bytes.count { $0 == newline })
    let text = String(decoding: masked.bytes, as: UTF8.self)
    let result = pg_query_parse(text)
    defer { pg_query_free_parse_result(result) }
    #expect(result.error == nil, "the grammar refuses \(text)")
    return masked
  }

  /// Masks, and compares the placeholders.
  func check() {
    let masked = masked()
    func text(_ placeholder: Placeholder) -> String {
      String(decoding: Array(sql.utf8)[placeholder.range], as: UTF8.self)
    }
    #expect(masked.placeholders.map(text) == placeholders)
    #expect(masked.placeholders.filter(\.isList).map(text) == lists)
  }
}
