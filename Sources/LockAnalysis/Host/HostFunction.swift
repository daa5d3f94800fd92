import LockModel

/// A function of a host program that calls queries, or functions that may call them.
struct HostFunction: Sendable {
  let name: String
  let path: String
  /// From 1.
  let line: Int
  let parameters: [String]
  /// In the order of the text.
  var calls: [HostCall] = []
  var loops: [HostLoop] = []
  var scopes: [HostScope] = []
  /// Values of which a comparison decides which comes first.
  var compared: Set<String> = []
  /// The queries whose results variables are.
  var results: [String: String] = [:]

  /// As a report calls it.
  var title: String { "\(name) (\(path):\(line))" }
}

/// A part of a function that runs in one transaction.
struct HostScope: Sendable {
  /// Positions of tokens.
  var tokens: Range<Int>
  /// The names by which the transaction is passed on; empty when it is not.
  var handles: Set<String>
  /// Whether the transaction is begun there, not by a caller.
  let isBegun: Bool
}

/// A call of a query or a function.
struct HostCall: Sendable {
  let name: String
  let isQuery: Bool
  /// Position of its token.
  let token: Int
  /// From 1.
  let line: Int
  let arguments: HostArguments
  /// Names on which and with which it is called: `qtx` in `qtx.Lock(ctx, id)`, and `ctx` and `id`.
  let mentioned: Set<String>
  /// Where several ways lead past it.
  let branches: [Branch]
  /// Numbers of the loops around it, outermost first.
  let loops: [Int]
}

/// What a call is given.
struct HostArguments: Sendable {
  /// Paths such as `arg.id`; nil for other expressions.
  var positional: [String?] = []
  /// Fields of a record, or arguments by name; the names folded.
  var named: [String: String] = [:]
}

/// A loop.
struct HostLoop: Sendable {
  /// Whether it goes through values whose order the caller has chosen.
  var isOverCallersValues: Bool
  /// What it gives a value in each round.
  var variables: Set<String>
  /// What gets another value in its body.
  var assigned: Set<String> = []
}
