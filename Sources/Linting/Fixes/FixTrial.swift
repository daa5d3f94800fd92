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
      let (open, after) = hazards(around: fix, statement)
    else { return false }
    let own = found.acquisition.target
    // An order that others don't keep is settled all the same.
    let isGone = open[own].map { after[own] ?? 0 < $0 } ?? true
    return isGone && after.allSatisfy { $1 <= open[$0] ?? 0 }
  }

  /// Whether a key of the table is known whose columns stay as they are.
  private var sortsByKnownColumns: Bool {
    if found.acquisition.form == .upsert || found.acquisition.form == .insert { return true }
    let key = found.key
    let changing = found.workload.changing[found.workload.catalog.lockClass(found.table)]
    return key.isKnown && !key.columns.contains { changing?[$0] != nil }
  }

  // MARK: Trying

  /// How often rows of each table are locked in an order that is not settled.
  private typealias Hazards = [LockTarget: Int]

  /// Those before and after a fix: of the statement, or of the whole routine that it is part of where
  /// something else in that is edited.
  private func hazards(around fix: Fix, _ statement: Statement) -> (Hazards, Hazards)? {
    func isInside(_ range: Range<Int>) -> Bool {
      fix.edits.allSatisfy { range.encloses($0.range.bytes) }
    }
    if isInside(statement.range) {
      guard let after = hazards(of: text(of: statement.range, with: fix)) else { return nil }
      return (Self.hazards(of: found.statement.acquisitions), after)
    }
    guard let definition = found.routineDefinition?.statement, isInside(definition.range),
      let before = hazards(ofRoutine: text(of: definition.range, with: nil)),
      let after = hazards(ofRoutine: text(of: definition.range, with: fix))
    else { return nil }
    return (before, after)
  }

  /// A part of the file, with a fix.
  private func text(of range: Range<Int>, with fix: Fix?) -> [UInt8] {
    let file = found.statement.range.file.bytes
    var result: [UInt8] = []
    var position = range.lowerBound
    for edit in fix?.edits ?? [] {
      result += file[position..<edit.range.bytes.lowerBound]
      result += edit.replacement.utf8
      position = edit.range.bytes.upperBound
    }
    return result + file[position..<range.upperBound]
  }

  /// Nil when the text is not one statement, or a tool fills in or leaves out parts of it.
  private func hazards(of text: [UInt8]) -> Hazards? {
    guard found.statement.part != nil, let inBlock = hazards(ofBlock: text) else {
      return hazards(ofStatement: text)
    }
    return inBlock
  }

  private func hazards(ofStatement text: [UInt8]) -> Hazards? {
    guard let (file, statement) = parsed(text) else { return nil }
    let locks = StatementLocks.of(
      statement, in: file, catalog: found.workload.catalog,
      searchPath: CatalogBuilder.defaultSearchPath, summaries: found.workload.summaries)
    return Self.hazards(of: locks.acquisitions)
  }

  /// A statement of PL/pgSQL, which can have INTO.
  private func hazards(ofBlock text: [UInt8]) -> Hazards? {
    let block = Array("DO $sqllock$ BEGIN ".utf8) + text + Array("; END $sqllock$".utf8)
    guard let steps = steps(ofRoutine: block), steps.count == 1 else { return nil }
    return Self.hazards(of: steps[0].locks.acquisitions)
  }

  /// A statement that defines a routine, or DO.
  private func hazards(ofRoutine text: [UInt8]) -> Hazards? {
    steps(ofRoutine: text).map { Self.hazards(of: $0.flatMap(\.locks.acquisitions)) }
  }

  private func steps(ofRoutine text: [UInt8]) -> [RoutineStep]? {
    guard let (file, statement) = parsed(text), let body = statement.routine,
      case .plpgsql = body.content
    else { return nil }
    let name = found.statement.routine ?? "DO"
    return StatementLocks.steps(
      of: body, named: name, in: file, catalog: found.workload.catalog,
      transitions: found.workload.catalog.transitions[name] ?? [],
      summaries: found.workload.summaries
    ).steps
  }

  private func parsed(_ text: [UInt8]) -> (ParsedFile, Statement)? {
    let file = FileParser.parse(SourceFile(path: found.statement.range.file.path, bytes: text))
    guard file.failures.isEmpty, file.statements.count == 1, let statement = file.statements.first,
      !file.isTemplate
    else { return nil }
    return (file, statement)
  }

  private static func hazards(of locks: [Acquisition]) -> Hazards {
    locks.reduce(into: [:]) { result, lock in
      guard lock.isOwn, lock.locksSeveralRows, !lock.isKeyCheck,
        lock.rows?.order.isHazardous ?? false
      else { return }
      result[lock.target, default: 0] += 1
    }
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
