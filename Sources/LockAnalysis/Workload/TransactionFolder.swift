import Algorithms
import PostgresSyntax

/// Numbers the transactions of one file.
struct TransactionFolder {
  private let sections: [SourceSection]
  private var number = 1
  private var current = -1
  private var isExplicit = false
  private var isFresh = true

  /// Sections in the order of the text.
  init(sections: [SourceSection]) { self.sections = sections }

  func section(of statement: Statement) -> SourceSection { sections[index(of: statement)] }

  private func index(of statement: Statement) -> Int {
    max(
      sections.partitioningIndex { $0.range.lowerBound > statement.range.lowerBound } - 1, 0)
  }

  /// Whether the statement that was asked for last is a transaction of its own.
  var isAutocommit: Bool { !isExplicit && current >= 0 && sections[current].boundary == .statement }

  /// The number of a statement's transaction, counted within the file from 1.
  mutating func transaction(of statement: Statement) -> Int {
    let section = index(of: statement)
    if section != current {
      current = section
      isExplicit = false
      if !isFresh { number += 1 }
      isFresh = true
    }
    if case .transaction(let statement) = statement.command {
      switch statement.command {
      case .begin:
        if !isFresh, !isExplicit { number += 1 }
        isExplicit = true
      case .commit, .rollback, .prepare:
        isExplicit = false
        return last()
      case .savepoint, .release, .rollbackToSavepoint, .commitPrepared, .rollbackPrepared: break
      }
    }
    if !isExplicit, sections[section].boundary == .statement { return last() }
    isFresh = false
    return number
  }

  /// The number, for the last statement of its transaction.
  private mutating func last() -> Int {
    defer {
      number += 1
      isFresh = true
    }
    return number
  }
}
