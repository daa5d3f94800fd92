import Diagnostics
import PostgresSyntax

extension FileReading {
  /// The reading with the transactions that the file itself asks for: none around a section that says
  /// so, or whose statements don't run inside of one; nor where a file beside it asks for none.
  func withOwnBoundaries(of file: ParsedFile, isWithout: Bool) -> FileReading {
    guard role == .migration else { return self }
    let isWithout = isWithout || file.asksForNoTransaction
    // Both in the order of the text.
    let alone = file.statements.filter(\.refusesTransactions).map(\.range.lowerBound)
    var next = 0
    let sections = sections.map { section in
      while next < alone.count, alone[next] < section.range.lowerBound { next += 1 }
      let standsAlone = next < alone.count && alone[next] < section.range.upperBound
      return isWithout || standsAlone ? section.withBoundary(.statement) : section
    }
    return with(sections)
  }

  /// The reading with transactions that begin and end elsewhere, if that is said.
  func withBoundary(_ boundary: TransactionBoundary?) -> FileReading {
    boundary.map { boundary in with(sections.map { $0.withBoundary(boundary) }) } ?? self
  }

  private func with(_ sections: [SourceSection]) -> FileReading {
    var reading = self
    reading.sections = sections
    return reading
  }
}

extension SourceSection {
  fileprivate func withBoundary(_ boundary: TransactionBoundary) -> SourceSection {
    SourceSection(range: range, role: role, isReverse: isReverse, boundary: boundary)
  }
}

extension ParsedFile {
  /// So far from the top a comment counts as the head of the file.
  private static let headSize = 8

  /// Whether its head says so to sqlx or Atlas.
  fileprivate var asksForNoTransaction: Bool {
    comments.prefix(Self.headSize).contains { range in
      let text = source.text(range).dropFirst(2).drop(while: \.isWhitespace).lowercased()
      if text.hasPrefix("atlas:txmode none") { return true }
      // sqlx looks at the first bytes only.
      return range.lowerBound == 0 && text.hasPrefix("no-transaction")
    }
  }
}

extension Statement {
  /// Whether the server refuses it inside of a transaction (`PreventInTransactionBlock`).
  fileprivate var refusesTransactions: Bool {
    if case .createIndex(let definition) = command { return definition.isConcurrent }
    if case .drop(let drop) = command { return drop.isConcurrent }
    if case .vacuum(let vacuum) = command { return vacuum.isVacuum }
    if case .reindex(let reindex) = command {
      switch reindex.kind {
      case .index, .table: return reindex.isConcurrent
      case .schema, .system, .database: return true
      }
    }
    if case .alterTable(let change) = command {
      return change.commands.contains {
        if case .detachPartition(_, isConcurrent: true) = $0.action { true } else { false }
      }
    }
    return false
  }
}
