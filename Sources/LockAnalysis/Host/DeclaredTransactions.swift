import LockModel
import PostgresSyntax

/// Puts the transactions together that the configuration declares.
struct DeclaredTransactions {
  private(set) var transactions: [InferredTransaction] = []
  /// Queries that their files don't have.
  private(set) var unknown: [UnknownQuery] = []

  private let statements: [LoweredStatement]
  /// The statements of the files themselves, by the files' absolute paths.
  private var byPath: [String: [Int]] = [:]

  /// Looks for the queries among the statements of a project. A transaction of which a file was not
  /// read is left out.
  init(_ statements: [LoweredStatement], in project: Project) {
    self.statements = statements
    guard !project.declared.isEmpty else { return }
    for (index, statement) in statements.enumerated() where statement.part == nil {
      guard let path = project.path(of: statement.file), !statement.isExpanded else { continue }
      byPath[path, default: []].append(index)
    }
    for declared in project.declared { add(declared) }
  }

  private mutating func add(_ declared: DeclaredTransaction) {
    var calls: [InferredTransaction.Call] = []
    var isWhole = true
    for (number, query) in declared.queries.enumerated() {
      guard let all = byPath[query.path] else {
        isWhole = false
        continue
      }
      let found = all.filter { query.name == nil || statements[$0].name == query.name }
      if found.isEmpty {
        unknown.append(UnknownQuery(query: query, names: all.compactMap { statements[$0].name }))
        isWhole = false
      }
      calls += found.map { call(of: $0, query, number) }
    }
    guard isWhole, !calls.isEmpty else { return }
    transactions.append(
      InferredTransaction(
        name: declared.name, path: declared.path, line: declared.line, origin: .declared,
        calls: calls))
  }

  /// A call with values of its own: nobody says how they are related to those of other calls.
  private func call(
    of index: Int, _ query: DeclaredTransaction.Query, _ number: Int
  ) -> InferredTransaction.Call {
    let parameters = Term.Variable.parameters(of: statements[index].statement.node)
    let values = parameters.map { parameter in
      let name = "\(parameter.text) of call \(number + 1)"
      return (parameter, Term.variable(Term.Variable(name: name)))
    }
    return InferredTransaction.Call(
      statement: index, values: Dictionary(values, uniquingKeysWith: { first, _ in first }),
      branches: [], line: query.line, round: 0)
  }
}
