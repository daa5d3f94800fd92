import LockModel

/// A function of a host program that calls queries, or functions that may call them.
struct HostFunction: Sendable {
  let name: String
  let path: String
  /// From 1.
  let line: Int
  let parameters: [String]
  /// The object that it is a method of, as in `func (s *Store) …`.
  var receiver: String?
  /// In the order of the text.
  var calls: [HostCall] = []
  var loops: [HostLoop] = []
  var scopes: [HostScope] = []
  /// Values of which a comparison decides which comes first.
  var compared: Set<String> = []
  /// Names that get another value than the caller's, or are in order as they come.
  var reassigned: Set<String> = []
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
  /// Parts in which it is rolled back already.
  var gaps: [Range<Int>] = []
}

/// A call of a query or a function.
struct HostCall: Sendable {
  let name: String
  let isQuery: Bool
  /// On what it is called: `r.queries` in `r.queries.Lock(…)`.
  let receiver: String
  /// Position of its token.
  let token: Int
  /// From 1.
  let line: Int
  let arguments: HostArguments
  /// Names on which and with which it is called: `qtx` in `qtx.Lock(ctx, id)`, and `ctx` and `id`.
  let mentioned: Set<String>
  /// Where several ways lead past it.
  var branches: [Branch]
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
  /// Position of the token that its body begins with.
  var token = 0
  /// Whether it goes through values whose order the caller has chosen.
  var isOverCallersValues: Bool
  /// What it gives a value in each round.
  var variables: Set<String>
  /// What gets another value in its body.
  var assigned: Set<String> = []
}
