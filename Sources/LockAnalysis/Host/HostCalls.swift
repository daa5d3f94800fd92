import LockModel

/// What the application's own code tells of the named queries of a workload.
struct HostCalls {
  /// Statements of queries and routines that nothing in the repository calls, and of triggers'
  /// functions that no trigger runs.
  private(set) var uncalled: Set<Int> = []
  /// Transactions of several queries, those of the configuration first.
  private(set) var transactions: [InferredTransaction] = []
  /// Statements that run in these transactions and nowhere else.
  private(set) var enclosed: Set<Int> = []

  /// Routines that the code calls; nil where not all of it is there, or where it calls none: what they
  /// are for is not known then.
  private(set) var routines: Set<String>?

  /// Queries of the configuration that there are not.
  private(set) var unknown: [UnknownQuery] = []

  /// Reads the code, where there is some and queries have names, and what is declared.
  init(of statements: [LoweredStatement], in project: Project, _ catalog: Catalog) {
    let declared = DeclaredTransactions(statements, in: project)
    transactions = declared.transactions
    unknown = declared.unknown
    let host = project.host
    let names = Set(statements.lazy.filter { $0.role == .application }.compactMap(\.name))
    let inner = Self.routinesOfInterest(statements)
    guard let host else { return }
    let unattached =
      host.isWhole ? UnattachedTriggers(in: statements, catalog).statements : [:]
    if host.isWhole, !host.isOfExtension {
      let routines = UncalledRoutines(in: statements, project, catalog, code: host)
      uncalled.formUnion(routines.statements.values.joined())
    }
    guard !names.isEmpty || !inner.isEmpty || !unattached.isEmpty else { return }
    let reading = host.reading(of: names, routines: inner.union(unattached.keys))
    let inferred = InferredTransactions(statements, reading.functions).all()
    transactions += inferred.transactions
    // A part of a program does not tell what the rest of it does.
    guard host.isWhole else { return }
    let called = reading.routines.intersection(inner)
    routines = called.isEmpty ? nil : called
    enclosed = inferred.enclosed
    uncalled.formUnion(
      UncalledQueries.find(in: statements, reading.mentioned)
        .subtracting(declared.transactions.flatMap { $0.calls.map(\.statement) })
        .union(unattached.filter { !reading.routines.contains($0.key) }.flatMap(\.value)))
  }

  /// The routines of the application, if some of them call others; else none is of interest.
  private static func routinesOfInterest(_ statements: [LoweredStatement]) -> Set<String> {
    var own: Set<String> = []
    var called: Set<String> = []
    for statement in statements where statement.role == .application {
      if let routine = statement.routine { own.insert(routine) }
      for lock in statement.acquisitions {
        if case .function(let name)? = lock.reason.first { called.insert(name) }
      }
    }
    return own.isDisjoint(with: called) ? [] : own
  }
}
