import LockModel

/// Reads the calls in a function's body, with what is around each.
struct HostBodyReader {
  let tokens: HostTokens
  let language: HostLanguage
  let unit: HostUnits.Unit
  /// Queries by their names in the language.
  let queries: [String: String]

  var function: HostFunction
  var blocks: [Block] = [Block()]
  var pending: Pending?
  var inline: InlineWay?
  /// The decision of a way without braces that has just ended, and the number of the next.
  var ended: (decision: Int, arm: Int)?
  var decisions = 0
  var isSorted = false
  /// How many ways were open where the last transaction began.
  var depthOfBegin = 0

  /// What a bracket encloses.
  struct Block {
    var isBrace = false
    var branch: Branch?
    /// What follows from blocks in it that leave the function.
    var rest: [Branch] = []
    var loop: Int?
    /// Whether it is an arm of IF.
    var isArm = false
    /// The decision of a `switch`, whose arms begin at `case`.
    var cases: Int?
    /// Whether the function is left in it.
    var leaves = false
    /// The ways of a choice in which the function is left.
    var left: Set<Int> = []
    /// Where it is closed.
    var end = 0
    /// How many calls stand before it.
    var callsBefore = 0
  }

  /// What the next brace begins.
  struct Pending {
    enum Kind { case arm, loop, cases }
    let kind: Kind
    let start: Int
    /// How many brackets are open where the keyword stands.
    let depth: Int
    var decision = 0
    var arm = 0
  }

  /// A way without braces: `if (a) b();`, `a ? b : c`.
  struct InlineWay {
    let decision: Int
    let arm: Int
    /// How many brackets are open around it.
    let depth: Int
    /// The line that it begins in.
    let line: Int
    let callsBefore: Int
    var leaves = false
  }

  init(
    _ unit: HostUnits.Unit, path: String, _ tokens: HostTokens, _ language: HostLanguage,
    _ queries: [String: String]
  ) {
    self.unit = unit
    self.tokens = tokens
    self.language = language
    self.queries = queries
    function = HostFunction(
      name: unit.name, path: path, line: unit.line, parameters: unit.parameters,
      receiver: unit.receiver)
    function.reassigned = unit.ordered
  }

  /// The function with its calls.
  mutating func read() -> HostFunction {
    let handles = unit.parameters.filter(HostNames.isTransaction)
    if unit.isTransaction {
      function.scopes.append(HostScope(tokens: unit.body, handles: [], isBegun: true))
    } else if !handles.isEmpty {
      function.scopes.append(
        HostScope(tokens: unit.body, handles: Set(handles), isBegun: false))
    }
    for index in unit.body { step(index) }
    return function
  }

  /// Nobody writes deeper; what is there is not read.
  static let depthLimit = 500

  mutating func step(_ index: Int) {
    let token = tokens[index]
    if let way = inline, token.kind == .word, token.line > way.line, blocks.count == way.depth {
      endInline(before: index)
    }
    switch (token.kind, token.text) {
    case (.symbol, "?") where language.hasMethods: choose(index)
    case (.symbol, ":") where inline?.depth == blocks.count && language.hasMethods: otherwise(index)
    case (.symbol, ":") where language.blocks == .indentation: beginInline(at: index)
    case (.word, _) where blocks.count < Self.depthLimit: word(index)
    case (.string, let text): command(text, index)
    case (.symbol, "{"): open(index)
    case (.symbol, "("), (.symbol, "["):
      var block = Block()
      block.loop = loopOfClosure(before: index)
      blocks.append(block)
    case (.symbol, "}"), (.symbol, ")"), (.symbol, "]"): close(index)
    case (.symbol, "=>"), (.symbol, "->"): nextCase(index)
    case (.symbol, ";") where language.hasConditionsInBrackets:
      pending = nil
      if inline?.depth == blocks.count { endInline(before: index + 1) }
    case (.symbol, "="), (.symbol, ":="): assign(index)
    case (.symbol, "<"), (.symbol, ">"), (.symbol, "<="), (.symbol, ">="): compare(index)
    default: break
    }
  }

  // MARK: Words

  static let exits: Set<String> = [
    "return", "throw", "raise", "panic", "continue", "break", "bail",
  ]

  mutating func word(_ index: Int) {
    let text = tokens[index].text
    switch text {
    case "if", "elif", "else":
      guard isKeyword(index) else {
        chooseBackwards(index)
        return
      }
      if text == "else", inline?.depth == blocks.count { endInline(before: index) }
      if text == "else", let ended {
        self.ended = nil
        continueInline(ended, index)
        return
      }
      // `else if` goes on with the chain.
      if text == "if", tokens.text(index - 1) == "else", pending != nil { return }
      if text == "if" || pending?.kind != .arm {
        pending = Pending(kind: .arm, start: index, depth: blocks.count, decision: decisions)
        decisions += 1
      }
    case _ where language.loops.contains(text):
      guard isKeyword(index) else { return }
      pending = Pending(kind: .loop, start: index + 1, depth: blocks.count)
    case _ where language.choices.contains(text):
      guard isKeyword(index), tokens.text(index - 1) != "." else { return }
      pending = Pending(kind: .cases, start: index, depth: blocks.count)
    case "case", "default": nextCase(index)
    case _ where Self.exits.contains(text):
      if inline?.depth == blocks.count {
        if text != "break" { inline?.leaves = true }
        return
      }
      guard let last = blocks.lastIndex(where: \.isBrace) else { return }
      // `break` ends a way of a choice, not the function.
      if text != "break" || blocks[last].cases == nil { blocks[last].leaves = true }
    default: name(index)
    }
  }

  /// Whether a word that begins a block stands where it can: Python has `if` and `for` in
  /// expressions as well.
  func isKeyword(_ index: Int) -> Bool {
    guard language.blocks == .indentation else { return true }
    let previous = tokens[index - 1]
    return previous.line != tokens[index].line || ["{", "}", "async"].contains(previous.text)
  }

  mutating func name(_ index: Int) {
    let text = tokens[index].text
    if HostNames.sorts(text) { isSorted = true }
    if let open = callOfQuery(index) {
      for name in tokens.assigned(before: index) { function.results[name] = queries[text] }
      add(call(index, open, isQuery: true))
      return
    }
    guard tokens.text(index + 1) == "(" || tokens.text(index + 1) == "{" else { return }
    if HostNames.beginsTransaction(text) { begin(index) }
    guard tokens.text(index + 1) == "(" else { return }
    if text == "Commit" || text == "commit" { end(index) }
    passOn(index)
  }

  /// The bracket of a query's call: `qtx.LockAccount(`, `lockAccount.run(`.
  func callOfQuery(_ index: Int) -> Int? {
    guard queries[tokens[index].text] != nil,
      !language.functions.contains(tokens.text(index - 1))
    else { return nil }
    if tokens.text(index + 1) == "(" { return index + 1 }
    let isRun =
      tokens.text(index + 1) == "." && ["run", "execute"].contains(tokens.text(index + 2))
    return isRun && tokens.text(index + 3) == "(" ? index + 3 : nil
  }

  func call(_ index: Int, _ open: Int, isQuery: Bool) -> HostCall {
    let close = tokens.closing(open) ?? open + 1
    let arguments = HostArgumentsReader(tokens: tokens).arguments(open + 1..<close)
    let start = tokens.startOfPath(endingAt: index)
    var mentioned: Set<String> = []
    let receiver = tokens.words(start..<index)
    // Of `r.queries` it is `r`, of `r.tx` the transaction.
    mentioned.formUnion(receiver.prefix(1) + receiver.suffix(1).filter(HostNames.isTransaction))
    for path in arguments.positional {
      let parts = path?.split(separator: ".").map(String.init) ?? []
      // A field of something called `tx` is none.
      mentioned.formUnion(
        parts.count == 1 ? parts : parts.suffix(1).filter(HostNames.isTransaction))
    }
    // `s.queries.WithTx(tx).Lock(…)`
    if tokens.text(start - 1) == ".", let open = tokens.opening(start - 2) {
      mentioned.formUnion(tokens.words(open..<min(start - 1, open + 8)))
    }
    return HostCall(
      name: isQuery ? queries[tokens[index].text] ?? "" : tokens[index].text, isQuery: isQuery,
      receiver: receiver.joined(separator: "."),
      token: index, line: tokens[index].line,
      arguments: arguments, mentioned: mentioned,
      branches: blocks.flatMap { [$0.branch].compactMap { $0 } + $0.rest }
        + (inline.map { [Branch(decision: $0.decision, arms: [$0.arm])] } ?? []),
      loops: blocks.compactMap(\.loop))
  }

  mutating func add(_ call: HostCall) { function.calls.append(call) }

  /// A call that hands a transaction on, whose function may call queries.
  mutating func passOn(_ index: Int) {
    guard let scope = function.scopes.lastIndex(where: { $0.tokens.contains(index) }) else {
      return
    }
    let call = call(index, index + 1, isQuery: false)
    let handles = function.scopes[scope].handles
    guard call.mentioned.contains(where: { handles.contains($0) || HostNames.isTransaction($0) })
    else { return }
    let words = HostNames.words(call.name)
    if ["new", "with"].contains(words.first) {
      function.scopes[scope].handles.formUnion(tokens.assigned(before: index))
    }
    add(call)
  }
}
