import Diagnostics
import LockModel
import PostgresSyntax

/// The names of routines that stand in the SQL of a project: what is nowhere named nothing calls.
struct RoutineMentions {
  /// Those named by what is no definition of a routine: queries, triggers, views, defaults, grants.
  private(set) var outside: Set<String> = []
  /// Those named in the definitions of a routine, without itself.
  private(set) var inside: [String: Set<String>] = [:]

  /// Looks for names in small letters.
  init(
    of names: Set<String>, in statements: [LoweredStatement], _ project: Project, _ catalog: Catalog
  ) {
    let ordered = names.sorted()
    let words = MentionedWords(ordered.map { [$0] }, foldingCase: true)
    func found(_ file: ParsedFile, _ range: Range<Int>) -> Set<String> {
      Set(words.found(in: file.source.bytes[range], withHyphens: false).map { ordered[$0] })
    }
    let known = catalog.routineBodies
    for statement in statements where statement.part == nil && !statement.isReverse {
      guard !Self.saysNothing(statement.statement.command) else { continue }
      let range = statement.statement.range
      guard let body = statement.statement.routine, !statement.isBlock,
        let own = statement.definedRoutine?.lowercased()
      else {
        outside.formUnion(found(statement.file, range))
        continue
      }
      guard known.contains(ObjectIdentifier(body)) else {
        // Another definition has taken its place, or nothing shows what runs it.
        if catalog.isOfStrayTriggers(ObjectIdentifier(body), of: own) {
          outside.formUnion(found(statement.file, range))
        }
        continue
      }
      inside[own, default: []].formUnion(found(statement.file, range).subtracting([own]))
    }
    for (file, reading) in zip(project.files, project.readings)
    where reading.sections.contains(where: { $0.role == .application || $0.role == .migration }) {
      for range in Self.unread(file) { outside.formUnion(found(file, range)) }
    }
  }

  /// What stands between the statements of a file where something could not be parsed.
  private static func unread(_ file: ParsedFile) -> [Range<Int>] {
    guard !file.failures.isEmpty else { return [] }
    let ranges = file.statements.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
    let starts = [0] + ranges.map(\.upperBound)
    let ends = ranges.map(\.lowerBound) + [file.source.bytes.count]
    return zip(starts, ends).filter { start, end in
      start < end
        && file.failures.contains { $0.range.upperBound > start && $0.range.lowerBound < end }
    }.map { $0..<$1 }
  }

  /// Whether a statement about a routine neither calls it nor lets anybody do so.
  private static func saysNothing(_ command: SQLCommand) -> Bool {
    switch command {
    case .drop, .rename, .comment, .setSchema, .dependOnExtension: true
    case .other(let kind): ["AlterFunctionStmt", "AlterOwnerStmt"].contains(kind)
    default: false
    }
  }

  /// What is named by `roots`, by what these name, and so on; the roots included.
  func reached(from roots: Set<String>) -> Set<String> {
    var reached = roots
    var next = Array(roots)
    while let name = next.popLast() {
      next += (inside[name] ?? []).filter { reached.insert($0).inserted }
    }
    return reached
  }
}
