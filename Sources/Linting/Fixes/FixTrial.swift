import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

/// Tries a fix on the text of the statement before it is offered.
///
/// What is offered parses, takes the hazard away, makes no other one, and sorts by columns that are
/// there and that nothing changes.
struct FixTrial {
  private let found: RowOrderFinding

  init(_ found: RowOrderFinding) { self.found = found }

  /// Whether a fix can be offered.
  func holds(_ fix: Fix) -> Bool {
    let statement = found.statement.statement
    // In a string that is run the edit would have to be quoted once more.
    guard !statement.isDynamic, sortsByKnownColumns,
      fix.edits.allSatisfy({ statement.range.contains($0.range.bytes) }),
      let before = outcome(of: text(of: statement.range, with: nil)), !before.isTemplate,
      let after = outcome(of: text(of: statement.range, with: fix))
    else { return false }
    let open = before.hazards.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let left = after.hazards.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let own = Hazard(target: found.acquisition.target)
    // An order that others don't keep is settled all the same.
    let isGone = open[own].map { left[own] ?? 0 < $0 } ?? true
    return isGone && left.allSatisfy { $1 <= open[$0] ?? 0 }
  }

  /// Whether a key of the table is known whose columns stay as they are.
  private var sortsByKnownColumns: Bool {
    if found.acquisition.form == .upsert || found.acquisition.form == .insert { return true }
    let key = found.key
    let changing = found.workload.changing[found.workload.catalog.lockClass(found.table)]
    return key.isKnown && !key.columns.contains { changing?[$0] != nil }
  }

  // MARK: Trying

  /// Rows that are locked in an order that is not settled.
  private struct Hazard: Hashable {
    let target: LockTarget
  }

  /// What a text comes to.
  private struct Outcome {
    let hazards: [Hazard]
    /// Whether a tool fills in or leaves out parts of it.
    let isTemplate: Bool
  }

  private func text(of range: Range<Int>, with fix: Fix?) -> [UInt8] {
    let file = found.statement.range.file
    guard let fix else { return Array(file.bytes[range]) }
    let growth = fix.edits.reduce(0) { $0 + $1.replacement.utf8.count - $1.range.bytes.count }
    return Array(fix.applied(to: file)[range.lowerBound..<(range.upperBound + growth)])
  }

  /// Nil when the text is not one statement.
  private func outcome(of text: [UInt8]) -> Outcome? {
    guard found.statement.part != nil, let inBlock = outcome(ofBlock: text) else {
      return outcome(ofStatement: text)
    }
    return inBlock
  }

  private func outcome(ofStatement text: [UInt8]) -> Outcome? {
    let file = parsed(text)
    guard file.failures.isEmpty, file.statements.count == 1, let statement = file.statements.first
    else { return nil }
    let locks = StatementLocks.of(
      statement, in: file, catalog: found.workload.catalog,
      searchPath: CatalogBuilder.defaultSearchPath, summaries: found.workload.summaries)
    return Outcome(hazards: Self.hazards(of: locks.acquisitions), isTemplate: file.isTemplate)
  }

  /// A statement of PL/pgSQL, which can have INTO.
  private func outcome(ofBlock text: [UInt8]) -> Outcome? {
    let file = parsed(Array("DO $sqllock$ BEGIN ".utf8) + text + Array("; END $sqllock$".utf8))
    guard file.failures.isEmpty, file.statements.count == 1,
      let body = file.statements.first?.routine, case .plpgsql = body.content
    else { return nil }
    let steps = StatementLocks.steps(
      of: body, named: "DO", in: file, catalog: found.workload.catalog, transitions: [],
      summaries: found.workload.summaries
    ).steps
    guard steps.count == 1 else { return nil }
    return Outcome(
      hazards: Self.hazards(of: steps[0].locks.acquisitions), isTemplate: file.isTemplate)
  }

  private func parsed(_ text: [UInt8]) -> ParsedFile {
    FileParser.parse(SourceFile(path: found.statement.range.file.path, bytes: text))
  }

  private static func hazards(of locks: [Acquisition]) -> [Hazard] {
    locks.filter { lock in
      guard lock.isOwn, lock.locksSeveralRows, !lock.isKeyCheck else { return false }
      return lock.rows?.order.isHazardous ?? false
    }.map { Hazard(target: $0.target) }
  }
}

extension ParsedFile {
  /// Whether the text has parts, comments and placeholders aside, that are not SQL.
  fileprivate var isTemplate: Bool {
    var isKnown = [Bool](repeating: false, count: masked.count)
    for range in placeholders.map(\.range) + comments {
      for index in range { isKnown[index] = true }
    }
    return masked.indices.contains { !isKnown[$0] && masked[$0] != source.bytes[$0] }
  }
}

extension Range<Int> {
  fileprivate func contains(_ other: Range<Int>) -> Bool {
    lowerBound <= other.lowerBound && other.upperBound <= upperBound
  }
}
