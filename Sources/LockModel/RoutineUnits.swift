package import Diagnostics
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
    let known = knownBodies()
    let indices = statements.indices.filter { index in
      if !statements[index].later.isEmpty { return true }
      guard let body = statements[index].statement.routine, !statements[index].isReverse else {
        return false
      }
      return statements[index].statement.node.tag == .DoStmt
        ? statements[index].role != .schema : known.contains(ObjectIdentifier(body))
    }
    guard !indices.isEmpty else { return (statements, []) }
    let units = LargeStack.map(count: indices.count, threads: threads) { position in
      unit(of: statements[indices[position]])
    }
    var byIndex: [Int: Unit] = [:]
    for (index, unit) in zip(indices, units) { byIndex[index] = unit }
    var result: [LoweredStatement] = []
    var next = 0
    var last: SourceFile?
    for (index, statement) in statements.enumerated() {
      if statement.file.source !== last {
        last = statement.file.source
        next = statements[index...].prefix { $0.file.source === last }.map(\.transaction).max() ?? 0
      }
      result.append(statement)
      guard let unit = byIndex[index], !unit.statements.isEmpty else { continue }
      switch statement.statement.node.tag {
      case .DoStmt: statement.isExpanded = true
      case .DeclareCursorStmt: break
      default:
        next += 1
        for statement in unit.statements { statement.transaction = next }
      }
      result += unit.statements
    }
    return (result, units.flatMap(\.notes))
  }

  /// The bodies that the final catalog has: older definitions of the same routines are gone.
  private func knownBodies() -> Set<ObjectIdentifier> {
    Set(catalog.functions.values.joined().compactMap { $0.body.map(ObjectIdentifier.init) })
  }

  private func unit(of definition: LoweredStatement) -> Unit {
    guard let body = definition.statement.routine else {
      let locks = LoweredLocks(acquisitions: definition.later, notes: [], written: [:])
      let step = RoutineLowering.Step(statement: definition.statement, locks: locks, loops: [])
      return Unit(statements: [LoweredStatement(step, of: definition, routine: nil)], notes: [])
    }
    let node = definition.statement.node
    let isBlock = node.tag == .DoStmt
    let name =
      isBlock ? "DO" : node.list(.funcname).compactMap { $0.string(.sval) }.last ?? ""
    if case .opaque(let language) = body.content, !isBlock {
      return Unit(statements: [], notes: Self.opaque(language, definition))
    }
    let path = CatalogBuilder.defaultSearchPath
    let stack = RoutineStack(summaries, version: catalog.version)
      .entering(.routine(ObjectIdentifier(body), nil, searchPath: path))
    let lowering = RoutineLowering(
      name, body, in: definition.file, catalog: catalog, searchPath: path, stack: stack)
    lowering.run()
    let statements = lowering.steps.map { step in
      LoweredStatement(step, of: definition, routine: isBlock ? nil : name)
    }
    let notes =
      isBlock
      ? []
      : lowering.notes.map { note in
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
