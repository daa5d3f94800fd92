import LockModel

/// A query's call as a part of a transaction.
struct HostMember {
  let statements: [Int]
  let arguments: HostArguments
  /// The place of the call.
  let path: String
  let token: Int
  private(set) var line: Int
  /// What the parameters of the function stand for, when it is called by another.
  var given: [String: String?] = [:]
  /// The ways to it, outermost first, each with the number of the call that leads to its function.
  private(set) var branches: [(branch: Branch, place: Int)]
  /// The outermost loop around it that goes through values of the caller.
  private(set) var loop: Loop?
  /// What loops give a value in each round.
  private(set) var variables: Set<String> = []
  /// What else differs from round to round.
  private(set) var assigned: Set<String> = []
  /// Values of which a comparison decides which comes first.
  private(set) var compared: Set<String>
  /// Names of its function that have another value than the caller gave them.
  private(set) var reassigned: Set<String>

  /// A loop of the function that is called at a place; 0 for the one that runs the transaction.
  struct Loop: Hashable {
    let number: Int
    let place: Int
  }

  /// A call in the part of a function that the tokens are.
  init(
    statements: [Int], call: HostCall, in function: HostFunction, at place: Int = 0,
    _ tokens: Range<Int>
  ) {
    self.statements = statements
    arguments = call.arguments
    line = call.line
    path = function.path
    token = call.token
    branches = call.branches.map { ($0, place) }
    compared = function.compared
    reassigned = function.reassigned
    enter(call, function, place, tokens)
  }

  /// Puts what is around the call of its function around it.
  mutating func isCalled(by call: HostCall, in function: HostFunction, _ tokens: Range<Int>) {
    line = call.line
    branches = call.branches.map { ($0, 0) } + branches
    compared.formUnion(function.compared)
    enter(call, function, 0, tokens)
  }

  private mutating func enter(
    _ call: HostCall, _ function: HostFunction, _ place: Int, _ tokens: Range<Int>
  ) {
    // Rounds of a loop around the transaction are transactions of their own.
    let loops = call.loops.filter { tokens.contains(function.loops[$0].token) }
    for number in loops {
      variables.formUnion(function.loops[number].variables)
      assigned.formUnion(function.loops[number].assigned)
    }
    if let first = loops.first(where: { function.loops[$0].isOverCallersValues }) {
      loop = Loop(number: first, place: place)
    }
  }
}
