/// What the application's own code tells of the named queries of a workload.
struct HostCalls {
  /// Statements of queries that nothing in the repository calls.
  private(set) var uncalled: Set<Int> = []
  /// Transactions of several queries, those of the configuration first.
  private(set) var transactions: [InferredTransaction] = []
  /// Statements that run in these transactions and nowhere else.
  private(set) var enclosed: Set<Int> = []

  /// Queries of the configuration that there are not.
  private(set) var unknown: [UnknownQuery] = []

  /// Reads the code, where there is some and queries have names, and what is declared.
  init(of statements: [LoweredStatement], in project: Project) {
    let declared = DeclaredTransactions(statements, in: project)
    transactions = declared.transactions
    unknown = declared.unknown
    let host = project.host
    let names = Set(statements.lazy.filter { $0.role == .application }.compactMap(\.name))
    guard let host, !names.isEmpty else { return }
    let reading = host.reading(of: names)
    let inferred = InferredTransactions(statements, reading.functions).all()
    transactions += inferred.transactions
    // A part of a program does not tell what the rest of it does.
    guard host.isWhole else { return }
    enclosed = inferred.enclosed
    uncalled = UncalledQueries.find(in: statements, reading.mentioned)
      .subtracting(declared.transactions.flatMap { $0.calls.map(\.statement) })
  }
}
