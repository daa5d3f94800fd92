import PostgresSyntax

/// Numbers the transactions of one file.
struct TransactionFolder {
  private let sections: [SourceSection]
  private var number = 0
  private var current = -1
  private var isExplicit = false
  private var isFresh = true

  init(sections: [SourceSection]) { self.sections = sections }

  func section(of statement: Statement) -> SourceSection { sections[index(of: statement)] }

  private func index(of statement: Statement) -> Int {
    sections.lastIndex { $0.range.lowerBound <= statement.range.lowerBound } ?? 0
  }

  /// Whether the statement that was asked for last is a transaction of its own.
  var isAutocommit: Bool { !isExplicit && current >= 0 && sections[current].boundary == .statement }

  /// The number of a statement's transaction, counted within the file from 1.
  mutating func transaction(of statement: Statement) -> Int {
    let section = index(of: statement)
    if section != current {
      current = section
      isExplicit = false
      number += 1
      isFresh = true
    }
    let kind = statement.node.tag == .TransactionStmt ? statement.node.string(.kind) : nil
    switch kind {
    case "TRANS_STMT_BEGIN", "TRANS_STMT_START":
      if !isFresh, !isExplicit { number += 1 }
      isExplicit = true
    case "TRANS_STMT_COMMIT", "TRANS_STMT_ROLLBACK", "TRANS_STMT_PREPARE":
      defer {
        number += 1
        isFresh = true
      }
      isExplicit = false
      return number
    default:
      if !isExplicit, sections[section].boundary == .statement {
        defer {
          number += 1
          isFresh = true
        }
        return number
      }
    }
    isFresh = false
    return number
  }
}
