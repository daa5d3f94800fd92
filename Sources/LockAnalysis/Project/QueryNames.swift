import Diagnostics
import PostgresSyntax

/// The names that a file gives its queries.
struct QueryNames {
  private var names: [Int: String] = [:]

  init(_ file: ParsedFile) {
    for range in file.comments {
      guard let name = Self.name(in: file.source.bytes[range]) else { continue }
      // The name belongs to the statement that comes next.
      let next = Self.firstStatement(of: file, from: range.upperBound)
      guard next < file.statements.count else { continue }
      for statement in file.statements[next...] {
        names[statement.range.lowerBound] = name
        // A query of several statements is a transaction.
        guard file.statements[next].node.tag == .TransactionStmt else { break }
        if statement.node.tag == .TransactionStmt, statement.range != file.statements[next].range {
          break
        }
      }
    }
  }

  /// The index of the first statement at or after an offset.
  private static func firstStatement(of file: ParsedFile, from offset: Int) -> Int {
    var low = 0
    var high = file.statements.count
    while low < high {
      let middle = (low + high) / 2
      if file.statements[middle].range.lowerBound < offset {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// The name in a comment before a statement, when no other statement comes between.
  func name(of statement: Statement) -> String? { names[statement.range.lowerBound] }

  /// `-- name: X :one`, `-- :name X`, `/* @name X */`.
  private static func name(in comment: ArraySlice<UInt8>) -> String? {
    let start = comment.dropFirst(2).drop { $0 == 0x20 || $0 == 0x09 }
    guard ["name:", ":name ", "@name "].contains(where: { start.starts(with: $0.utf8) }) else {
      return nil
    }
    var text = Substring(String(decoding: start, as: UTF8.self))
    let prefixes = ["name:", ":name ", "@name "]
    guard let prefix = prefixes.first(where: { text.hasPrefix($0) }) else { return nil }
    text = text.dropFirst(prefix.count).drop(while: \.isWhitespace)
    let name = text.prefix { !$0.isWhitespace && $0 != "*" }
    return name.isEmpty ? nil : String(name)
  }
}
