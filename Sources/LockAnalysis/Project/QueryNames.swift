import Diagnostics
import PostgresSyntax

/// The names that a file gives its queries.
struct QueryNames {
  private var names: [Int: String] = [:]
  private static let prefixes = ["name:", ":name ", "@name "]

  init(_ file: ParsedFile) {
    var comments = file.comments[...]
    var end = 0
    var ofTransaction: String?
    for statement in file.statements {
      var own: String?
      while let comment = comments.first, comment.upperBound <= statement.range.lowerBound {
        comments.removeFirst()
        // A comment within the statement before is that statement's.
        guard comment.lowerBound >= end else { continue }
        own = Self.name(in: file.source.bytes[comment]) ?? own
      }
      end = statement.range.upperBound
      names[statement.range.lowerBound] = own ?? ofTransaction
      // A query of several statements is a transaction.
      guard case .transaction(let control) = statement.command else { continue }
      switch control.command {
      case .begin: ofTransaction = own
      case .commit, .rollback, .prepare, .commitPrepared, .rollbackPrepared: ofTransaction = nil
      case .savepoint, .release, .rollbackToSavepoint: break
      }
    }
  }

  /// Whether any statement has a name.
  var hasNames: Bool { !names.isEmpty }

  /// The name in a comment before a statement, when no other statement comes between.
  func name(of statement: Statement) -> String? { names[statement.range.lowerBound] }

  /// `-- name: X :one`, `-- :name X`, `/* @name X */`.
  private static func name(in comment: ArraySlice<UInt8>) -> String? {
    let start = comment.dropFirst(2).drop { $0 == 0x20 || $0 == 0x09 }
    if let name = QueryNameStyle.dashedName(in: start) { return name }
    guard let prefix = Self.prefixes.first(where: { start.starts(with: $0.utf8) }) else {
      return nil
    }
    let text = String(decoding: start, as: UTF8.self)
      .dropFirst(prefix.count).drop(while: \.isWhitespace)
    let name = text.prefix { !$0.isWhitespace && $0 != "*" }
    return name.isEmpty ? nil : String(name)
  }
}
