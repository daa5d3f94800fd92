import Diagnostics
import LockModel
import PostgresSyntax

/// Routines that nothing in the repository names, neither its SQL nor its code, and what only they call:
/// what they lock nobody locks, as far as can be seen.
///
/// Nothing is said of a project where less than half of the routines that nothing calls from within
/// are named outside: they are its interface, and others call them.
struct UncalledRoutines {
  /// Indices of the statements of each routine, by its name.
  private(set) var statements: [String: [Int]] = [:]

  /// Finds those that lock more than readers do, in a project with its `code`.
  init(
    in statements: [LoweredStatement], _ project: Project, _ catalog: Catalog,
    code: HostProgram
  ) {
    var writing: [String: [Int]] = [:]
    for (index, statement) in statements.enumerated() where statement.role == .application {
      guard let name = statement.routine, Self.isCallable(name, catalog) else { continue }
      writing[name, default: []].append(index)
    }
    writing = writing.filter { _, indices in
      indices.contains { statements[$0].acquisitions.contains(where: \.isOfWriter) }
    }
    guard !writing.isEmpty else { return }
    let mentions = RoutineMentions(
      of: Set(catalog.functions.keys.map { $0.lowercased() }), in: statements, project, catalog)
    let ofSQL = mentions.reached(from: mentions.outside)
    let open = Set(mentions.inside.keys).subtracting(ofSQL)
    let unknown = open.intersection(writing.keys.map { $0.lowercased() })
    guard !unknown.isEmpty else { return }
    let names = AssembledNames(open, assembled: unknown)
    let named = mentions.outside.union(code.names(of: names))
      .union(names.namesInSQL(Self.found(names, in: project)))
    let inner = mentions.inside.values.reduce(into: Set()) { $0.formUnion($1) }
    let outer = writing.keys.filter { !inner.contains($0.lowercased()) }
    guard 2 * outer.count(where: { named.contains($0.lowercased()) }) >= outer.count,
      !outer.isEmpty
    else { return }
    let reached = mentions.reached(from: named)
    self.statements = writing.filter { !reached.contains($0.key.lowercased()) }
  }

  private static func found(_ names: AssembledNames, in project: Project) -> Set<Int> {
    zip(project.files, project.readings).reduce(into: []) { found, file in
      let (file, reading) = file
      guard reading.sections.contains(where: { $0.role != .schema }) else { return }
      found.formUnion(names.found(in: file.source.bytes[...]))
    }
  }

  /// Whether routines of a name are for callers and not for triggers.
  private static func isCallable(_ name: String, _ catalog: Catalog) -> Bool {
    let routines = catalog.functions[name] ?? []
    return !routines.isEmpty
      && routines.allSatisfy { routine in
        guard let body = routine.body else { return false }
        return body.trigger == .none
      }
  }
}

extension Acquisition {
  /// Whether a reader takes no such lock.
  fileprivate var isOfWriter: Bool {
    if case .table(.accessShare) = mode { false } else { true }
  }
}
