import LockModel
import PostgresSyntax

/// Lays out the calls of a transaction: those of a loop twice, with values of their own.
struct HostRounds {
  let queries: NamedQueries
  let function: HostFunction
  let compared: Set<String>

  private struct Decision: Hashable {
    let number: Int
    let place: Int
    let round: Int
  }

  private var decisions: [Decision: Int] = [:]
  /// Decisions of which the calls are on several ways.
  private var divided: Set<Decision> = []

  /// Decisions of statements have smaller numbers.
  private static let firstDecision = 1 << 40
  private static let constants: Set<String> = [
    "nil", "null", "None", "undefined", "true", "false", "True", "False", "this", "self",
  ]

  init(queries: NamedQueries, function: HostFunction, compared: Set<String>) {
    self.queries = queries
    self.function = function
    self.compared = compared
  }

  /// The calls in the order in which they run.
  mutating func calls(_ members: [HostMember]) -> [InferredTransaction.Call] {
    findDivided(members)
    var result: [InferredTransaction.Call] = []
    var rest = members[...]
    while let first = rest.first {
      let group = first.loop == nil ? rest.prefix(1) : rest.prefix { $0.loop == first.loop }
      for round in 0..<(first.loop == nil ? 1 : 2) {
        for member in group { result += calls(member, round) }
      }
      rest = rest.dropFirst(group.count)
    }
    return result
  }

  private mutating func findDivided(_ members: [HostMember]) {
    var arms: [Decision: Set<Set<Int>>] = [:]
    for member in members {
      for (branch, place) in member.branches {
        arms[Decision(number: branch.decision, place: place, round: 0), default: []]
          .insert(branch.arms)
      }
    }
    divided = Set(arms.filter { $0.value.count > 1 }.keys)
  }

  private mutating func calls(_ member: HostMember, _ round: Int) -> [InferredTransaction.Call] {
    let branches = branches(of: member, round)
    return member.statements.map { statement in
      var values: [Term.Variable: Term] = [:]
      for (parameter, value) in queries.values(of: statement, member.arguments) {
        values[parameter] = term(value, member, round)
      }
      return InferredTransaction.Call(
        statement: statement, values: values, branches: branches, line: member.line,
        round: round)
    }
  }

  private mutating func branches(of member: HostMember, _ round: Int) -> [Branch] {
    member.branches.compactMap { branch, place in
      let known = Decision(number: branch.decision, place: place, round: 0)
      // Where the other way only leaves the function, it matters to nobody.
      guard divided.contains(known) || branch.arms == [0] else { return nil }
      let decision = Decision(number: branch.decision, place: place, round: round)
      let number = decisions[decision] ?? Self.firstDecision + decisions.count
      decisions[decision] = number
      return Branch(decision: number, arms: branch.arms)
    }
  }

  // MARK: Values

  /// What a query is given: a value that the function's caller chooses, or nothing that is known.
  private func term(_ value: String?, _ member: HostMember, _ round: Int) -> Term {
    guard let value, !compared.contains(value),
      !(Self.root(value).map(member.reassigned.contains) ?? false), let path = path(value, member),
      !compared.contains(path), let root = Self.root(path), !Self.constants.contains(root),
      !function.reassigned.contains(root)
    else { return .subselect }
    let roots = [root, Self.root(value) ?? root]
    let varies = roots.contains(where: member.variables.contains)
    guard !roots.contains(where: member.assigned.contains), !varies || member.loop != nil else {
      return .subselect
    }
    if varies { return .variable(Term.Variable(name: "\(path) \(round + 1)")) }
    if function.parameters.contains(root) { return .variable(Term.Variable(name: path)) }
    guard let query = function.results[root], queries.finds(query, calledIn: function.path) else {
      return .subselect
    }
    // Nobody has chosen it.
    return .variable(Term.Variable(name: root, field: path))
  }

  /// A path of the function that runs the transaction; nil where it is not known.
  private func path(_ value: String, _ member: HostMember) -> String? {
    guard let root = Self.root(value), let given = member.given[root] else { return value }
    guard let given else { return nil }
    return given + value.dropFirst(root.count)
  }

  private static func root(_ path: String) -> String? {
    path.split(separator: ".").first.map(String.init)
  }
}
