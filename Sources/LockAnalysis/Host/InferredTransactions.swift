import LockModel

/// Puts the transactions together that a host program runs.
struct InferredTransactions {
  private let queries: NamedQueries
  private let functions: [HostFunction]
  /// By folder and name; nil where a name stands for several.
  private var helpers: [String: [String: HostFunction?]] = [:]

  /// So many calls of a transaction are looked at: one of so many is too long to be compared.
  private static let callLimit = 1000

  init(_ statements: [LoweredStatement], _ functions: [HostFunction]) {
    queries = NamedQueries(statements)
    self.functions = functions
    for function in functions {
      let folder = SourcePath(function.path).directory
      let isKnown = helpers[folder]?[function.name] != nil
      helpers[folder, default: [:]][function.name] = .some(isKnown ? nil : function)
    }
  }

  /// What was found.
  struct Result {
    /// In the order of the functions; those of more than one query.
    var transactions: [InferredTransaction] = []
    /// Statements that are called in these transactions and nowhere else.
    var enclosed: Set<Int> = []
  }

  private struct CallPlace: Hashable {
    let path: String
    let token: Int
  }

  /// Puts all of them together.
  func all() -> Result {
    var result = Result()
    var known: Set<CallPlace> = []
    for function in functions {
      for scope in function.scopes {
        guard let (transaction, members) = transaction(of: function, scope) else { continue }
        result.transactions.append(transaction)
        known.formUnion(members.map { CallPlace(path: $0.path, token: $0.token) })
      }
    }
    var alone: Set<Int> = []
    for function in functions {
      for call in function.calls where call.isQuery {
        let found = queries.statements(call.name, calledIn: function.path)
        if known.contains(CallPlace(path: function.path, token: call.token)) {
          result.enclosed.formUnion(found)
        } else {
          alone.formUnion(found)
        }
      }
    }
    result.enclosed.subtract(alone)
    return result
  }

  private func transaction(
    of function: HostFunction, _ scope: HostScope
  ) -> (InferredTransaction, [HostMember])? {
    let members = Array(members(of: function, scope).prefix(Self.callLimit))
    guard !members.isEmpty else { return nil }
    var rounds = HostRounds(queries: queries, function: function, compared: compared(members))
    let calls = rounds.calls(members)
    guard calls.count > 1 else { return nil }
    let transaction = InferredTransaction(
      name: function.name, path: function.path, line: function.line,
      origin: scope.isBegun ? .begun : .handed, calls: calls)
    return (transaction, members)
  }

  private func compared(_ members: [HostMember]) -> Set<String> {
    members.reduce(into: []) { $0.formUnion($1.compared) }
  }

  // MARK: Members

  private func members(of function: HostFunction, _ scope: HostScope) -> [HostMember] {
    var result: [HostMember] = []
    for (number, call) in function.calls.enumerated() where scope.holds(call) {
      if call.isQuery {
        let found = queries.statements(call.name, calledIn: function.path)
        if !found.isEmpty {
          result.append(
            HostMember(statements: found, call: call, in: function, scope.tokens))
        }
      } else {
        result += members(of: call, number, in: function, scope)
      }
    }
    return result
  }

  /// The queries that a function calls which is handed the transaction.
  private func members(
    of call: HostCall, _ number: Int, in function: HostFunction, _ scope: HostScope
  ) -> [HostMember] {
    let folder = SourcePath(function.path).directory
    guard ["", "this", "self", function.receiver].contains(call.receiver),
      let helper = helpers[folder]?[call.name] ?? nil,
      helper.line != function.line || helper.path != function.path
    else { return [] }
    var given: [String: String?] = [:]
    var handles: Set<String> = []
    for (parameter, argument) in zip(helper.parameters, call.arguments.positional) {
      given[parameter] = .some(argument)
      if let argument, scope.isHandle(argument) { handles.insert(parameter) }
    }
    guard !handles.isEmpty else { return [] }
    for scope in helper.scopes where !scope.isBegun { handles.formUnion(scope.handles) }
    let inner = HostScope(tokens: 0..<Int.max, handles: handles, isBegun: false)
    let own = helper.scopes.filter(\.isBegun)
    return helper.calls.compactMap { inside in
      guard inside.isQuery, inner.holds(inside), !own.contains(where: { $0.holds(inside) }) else {
        return nil
      }
      let found = queries.statements(inside.name, calledIn: helper.path)
      guard !found.isEmpty else { return nil }
      var member = HostMember(
        statements: found, call: inside, in: helper, at: number + 1, inner.tokens)
      member.given = given
      member.isCalled(by: call, in: function, scope.tokens)
      return member
    }
  }
}

extension HostScope {
  /// Whether a call runs in the transaction.
  func holds(_ call: HostCall) -> Bool {
    guard tokens.contains(call.token), !gaps.contains(where: { $0.contains(call.token) }) else {
      return false
    }
    return handles.isEmpty || call.mentioned.contains(where: isHandle)
  }

  /// Whether a value is the transaction.
  func isHandle(_ path: String) -> Bool {
    let parts = path.split(separator: ".").map(String.init)
    if parts.count == 1, handles.contains(parts[0]) { return true }
    return parts.last.map(HostNames.isTransaction) ?? false
  }
}
