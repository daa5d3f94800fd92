package import Diagnostics
import LockModel
import PostgresSyntax

/// The statements of routines: each routine that the application can call is a transaction of the
/// application, whoever calls it; a DO block belongs to the transaction that it runs in.
struct RoutineUnits {
  let catalog: Catalog
  let threads: Int
  let summaries: RoutineSummaries

  /// A routine's statements, ready to be put behind the one that defines it.
  private struct Unit {
    let statements: [LoweredStatement]
    let notes: [RoutineNote]
  }

  /// Puts the statements of each routine behind the statement that defines or runs it.
  func insert(
    into statements: [LoweredStatement]
  ) -> (statements: [LoweredStatement], notes: [RoutineNote]) {
    let known = catalog.routineBodies
    let indices = statements.indices.filter { index in
      if !statements[index].later.isEmpty { return true }
      guard let body = statements[index].statement.routine, !statements[index].isReverse else {
        return false
      }
      return statements[index].isBlock
        ? statements[index].role != .schema : known.contains(ObjectIdentifier(body))
    }
    let stray = statements.compactMap { statement in
      statement.statement.routine == nil || statement.isReverse ? nil : strayNote(statement, known)
    }
    guard !indices.isEmpty else { return (statements, stray) }
    let transitions = catalog.transitions
    let units = LargeStack.map(count: indices.count, threads: threads) { position in
      unit(of: statements[indices[position]], transitions)
    }
    var byIndex: [Int: Unit] = [:]
    for (index, unit) in zip(indices, units) { byIndex[index] = unit }
    var result: [LoweredStatement] = []
    var next = statements.map(\.transaction).max() ?? 0
    for (index, statement) in statements.enumerated() {
      result.append(statement)
      guard let unit = byIndex[index], !unit.statements.isEmpty else { continue }
      if statement.isBlock { result[result.count - 1].isExpanded = true }
      let isOwn = !statement.sharesTransaction
      if isOwn { next += 1 }
      result += unit.statements.map { part in
        var part = part
        if isOwn { part.transaction = next }
        return part
      }
    }
    return (result, units.flatMap(\.notes) + stray)
  }

  /// What is said of a function that only triggers on tables that nothing shows run.
  private func strayNote(
    _ statement: LoweredStatement, _ known: Set<ObjectIdentifier>
  ) -> RoutineNote? {
    guard let body = statement.statement.routine.map(ObjectIdentifier.init), !known.contains(body),
      let name = statement.definedRoutine, catalog.isOfStrayTriggers(body, of: name)
    else { return nil }
    return RoutineNote(
      text: "\(name)() runs by triggers of tables that nothing creates here; it is not analysed",
      range: statement.range)
  }

  private func unit(
    of definition: LoweredStatement, _ transitions: [String: Set<String>]
  ) -> Unit {
    guard let body = definition.statement.routine else {
      let step = RoutineStep(statement: definition.statement, locks: .later(definition.later))
      return Unit(
        statements: [LoweredStatement(step, of: definition, part: .statement)], notes: [])
    }
    let isBlock = definition.isBlock
    let name =
      isBlock
      ? "DO" : definition.definedRoutine ?? ""
    if case .opaque(let language) = body.content, !isBlock {
      return Unit(statements: [], notes: Self.opaque(language, definition))
    }
    let lowered = StatementLocks.steps(
      of: body, named: name, in: definition.file, catalog: catalog,
      transitions: transitions[name] ?? [], summaries: summaries)
    let statements = lowered.steps.map { step in
      LoweredStatement(step, of: definition, part: isBlock ? .statement : .routine(name))
    }
    let notes =
      isBlock
      ? []
      : lowered.notes.map { note in
        RoutineNote(
          text: note.text, range: SourceRange(file: definition.file.source, bytes: note.range))
      }
    return Unit(statements: statements, notes: notes)
  }

  private static func opaque(_ language: String, _ definition: LoweredStatement) -> [RoutineNote] {
    if language == "c" || language == "internal" { return [] }
    let text =
      ["sql", "plpgsql"].contains(language)
      ? "the body of this function could not be read"
      : "this function is written in \(language), which is not analysed"
    return [RoutineNote(text: text, range: definition.range)]
  }
}

extension LoweredStatement {
  /// Whether it is DO.
  var isBlock: Bool { statement.node.tag == .DoStmt }

  /// Whether it runs once, as a migration does: the routine that it may define is another matter.
  package var isRunOnce: Bool {
    role == .migration && (statement.routine == nil || isBlock)
  }

  /// Whether what follows from it runs in its transaction.
  fileprivate var sharesTransaction: Bool {
    isBlock || statement.node.tag == .DeclareCursorStmt
  }
}

/// Something in a routine whose locks are not known.
package struct RoutineNote: Sendable {
  /// One sentence, without a full stop.
  package let text: String
  /// Where.
  package let range: SourceRange

  /// A note on a place.
  package init(text: String, range: SourceRange) {
    self.text = text
    self.range = range
  }
}
