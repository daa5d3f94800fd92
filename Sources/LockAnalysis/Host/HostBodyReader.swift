import LockModel

/// Reads the calls in a function's body, with what is around each.
struct HostBodyReader {
  let tokens: HostTokens
  let language: HostLanguage
  let unit: HostUnits.Unit
  /// Queries by their names in the language.
  let queries: [String: String]

  private(set) var function: HostFunction
  var blocks: [Block] = [Block()]
  private var pending: Pending?
  private var decisions = 0
  private var isSorted = false

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
    /// How many calls stand before it.
    var callsBefore = 0
  }

  /// What the next brace begins.
  private struct Pending {
    enum Kind { case arm, loop, cases }
    let kind: Kind
    let start: Int
    /// How many brackets are open where the keyword stands.
    let depth: Int
    var decision = 0
    var arm = 0
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
      name: unit.name, path: path, line: unit.line, parameters: unit.parameters)
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
  private static let depthLimit = 500

  private mutating func step(_ index: Int) {
    let token = tokens[index]
    switch (token.kind, token.text) {
    case (.word, _) where blocks.count < Self.depthLimit: word(index)
    case (.string, let text): command(text, index)
    case (.symbol, "{"): open(index)
    case (.symbol, "("), (.symbol, "["):
      var block = Block()
      block.loop = loopOfClosure(before: index)
      blocks.append(block)
    case (.symbol, "}"), (.symbol, ")"), (.symbol, "]"): close(index)
    case (.symbol, "=>"), (.symbol, "->"): nextCase(index)
    case (.symbol, ";") where hasConditionsInBrackets: pending = nil
    case (.symbol, "<"), (.symbol, ">"), (.symbol, "<="), (.symbol, ">="): compare(index)
    default: break
    }
  }

  // MARK: Words

  private static let exits: Set<String> = [
    "return", "throw", "raise", "panic", "continue", "break", "bail",
  ]

  private mutating func word(_ index: Int) {
    let text = tokens[index].text
    switch text {
    case "if", "elif", "else":
      guard isKeyword(index) else { return }
      // `else if` goes on with the chain.
      if text == "if", tokens.text(index - 1) == "else", pending != nil { return }
      if text == "if" || pending?.kind != .arm {
        pending = Pending(kind: .arm, start: index, depth: blocks.count, decision: decisions)
        decisions += 1
      }
    case "for", "while", "loop":
      guard isKeyword(index) else { return }
      pending = Pending(kind: .loop, start: index + 1, depth: blocks.count)
    case "switch", "select", "match", "when":
      guard isKeyword(index), tokens.text(index - 1) != "." else { return }
      pending = Pending(kind: .cases, start: index, depth: blocks.count)
    case "case", "default": nextCase(index)
    case _ where Self.exits.contains(text):
      if let last = blocks.lastIndex(where: \.isBrace) { blocks[last].leaves = true }
    default: name(index)
    }
  }

  /// Whether a word that begins a block stands where it can: Python has `if` and `for` in
  /// expressions as well.
  private func isKeyword(_ index: Int) -> Bool {
    guard language.blocks == .indentation else { return true }
    let previous = tokens[index - 1]
    return previous.line != tokens[index].line || ["{", "}", "async"].contains(previous.text)
  }

  private mutating func name(_ index: Int) {
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
  private func callOfQuery(_ index: Int) -> Int? {
    guard queries[tokens[index].text] != nil,
      !language.functions.contains(tokens.text(index - 1))
    else { return nil }
    if tokens.text(index + 1) == "(" { return index + 1 }
    let isRun =
      tokens.text(index + 1) == "." && ["run", "execute"].contains(tokens.text(index + 2))
    return isRun && tokens.text(index + 3) == "(" ? index + 3 : nil
  }

  private func call(_ index: Int, _ open: Int, isQuery: Bool) -> HostCall {
    let close = tokens.closing(open) ?? open + 1
    let arguments = HostArgumentsReader(tokens: tokens).arguments(open + 1..<close)
    let start = tokens.startOfPath(endingAt: index)
    var mentioned: Set<String> = []
    for parts in [tokens.words(start..<index)]
      + arguments.positional.compactMap({ $0?.split(separator: ".").map(String.init) })
    {
      // Of `r.queries` it is `r`, of `r.tx` the transaction.
      mentioned.formUnion(parts.prefix(1) + parts.suffix(1).filter(HostNames.isTransaction))
    }
    return HostCall(
      name: isQuery ? queries[tokens[index].text] ?? "" : tokens[index].text, isQuery: isQuery,
      token: index, line: tokens[index].line,
      arguments: arguments, mentioned: mentioned,
      branches: blocks.flatMap { [$0.branch].compactMap { $0 } + $0.rest },
      loops: blocks.compactMap(\.loop))
  }

  private mutating func add(_ call: HostCall) { function.calls.append(call) }

  /// A call that hands a transaction on, whose function may call queries.
  private mutating func passOn(_ index: Int) {
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

  // MARK: Transactions

  private mutating func begin(_ index: Int) {
    guard
      let found = HostScopeReader(tokens: tokens, language: language)
        .scope(at: index, endOfFunction: unit.body.upperBound)
    else { return }
    if !found.isOfBlock,
      let outer = function.scopes.lastIndex(where: { $0.tokens.contains(index) })
    {
      function.scopes[outer].handles.formUnion(found.scope.handles)
    } else {
      function.scopes.append(found.scope)
      depthOfBegin = braces
    }
  }

  private var depthOfBegin = 0
  private var braces: Int { blocks.count(where: \.isBrace) }

  /// What follows a commit is not part of the transaction, unless the commit is only one of the ways.
  private mutating func end(_ index: Int) {
    guard let last = function.scopes.indices.last, function.scopes[last].isBegun,
      function.scopes[last].tokens.contains(index), braces <= depthOfBegin
    else { return }
    function.scopes[last].tokens = function.scopes[last].tokens.lowerBound..<index
  }

  /// `client.query('BEGIN')`.
  private mutating func command(_ text: String, _ index: Int) {
    guard tokens.text(index - 1) == "(" else { return }
    switch text.uppercased().split(separator: " ").first {
    case "BEGIN", "START":
      let path = tokens.startOfPath(endingAt: index - 2)
      function.scopes.append(
        HostScope(
          tokens: index..<unit.body.upperBound, handles: Set(tokens.words(path..<path + 1)),
          isBegun: true))
      depthOfBegin = braces
    case "COMMIT", "END": end(index)
    default: break
    }
  }

  // MARK: Blocks

  private mutating func open(_ index: Int) {
    var block = Block(isBrace: true)
    block.callsBefore = function.calls.count
    let isOfPending =
      pending.map { $0.depth == blocks.count } ?? false
      && (language.blocks != .indentation || tokens.text(index - 1) == ":")
    if isOfPending, let pending {
      switch pending.kind {
      case .arm:
        block.branch = Branch(decision: pending.decision, arms: [pending.arm])
        block.isArm = true
      case .loop:
        block.loop = addLoop(pending.start..<index, body: index..<(tokens.closing(index) ?? index))
      case .cases:
        block.cases = decisions
        decisions += 1
      }
      self.pending = nil
    } else {
      block.loop = loopOfClosure(before: index)
    }
    blocks.append(block)
  }

  private mutating func close(_ index: Int) {
    guard blocks.count > 1 else { return }
    let block = blocks.removeLast()
    guard block.isArm, let branch = block.branch else {
      leaveCondition(index)
      return
    }
    let next = (branch.arms.max() ?? 0) + 1
    if ["else", "elif"].contains(tokens.text(index + 1)) {
      pending = Pending(
        kind: .arm, start: index, depth: blocks.count, decision: branch.decision, arm: next)
    } else if block.leaves, function.calls.count > block.callsBefore,
      let outer = blocks.lastIndex(where: \.isBrace) ?? blocks.indices.first
    {
      blocks[outer].rest.append(Branch(decision: branch.decision, arms: [next]))
    }
  }

  /// Whether it is `if (a)`, not `if a := b(); a`.
  private var hasConditionsInBrackets: Bool {
    language.hasMethods || language.functions.contains("fun")
  }

  /// `if (…) return;` has no braces.
  private mutating func leaveCondition(_ index: Int) {
    guard let pending, pending.depth == blocks.count, tokens[index].text == ")",
      hasConditionsInBrackets, tokens.text(index + 1) != "{"
    else { return }
    self.pending = nil
  }

  private mutating func nextCase(_ index: Int) {
    guard let last = blocks.indices.last, let decision = blocks[last].cases else { return }
    let arm = (blocks[last].branch?.arms.max() ?? -1) + 1
    blocks[last].branch = Branch(decision: decision, arms: [arm])
  }

  // MARK: Loops and comparisons

  private mutating func addLoop(_ header: Range<Int>, body: Range<Int>) -> Int? {
    guard blocks.count < Self.depthLimit else { return nil }
    let reader = HostLoopReader(
      tokens: tokens, isSorted: isSorted, results: function.results)
    function.loops.append(reader.loop(header, body: body))
    return function.loops.count - 1
  }

  private mutating func loopOfClosure(before open: Int) -> Int? {
    let reader = HostLoopReader(
      tokens: tokens, isSorted: isSorted, results: function.results)
    guard let loop = reader.loopOfClosure(before: open) else { return nil }
    function.loops.append(loop)
    return function.loops.count - 1
  }

  private mutating func compare(_ index: Int) {
    guard tokens.isWord(index - 1), let right = tokens.path(at: index + 1) else { return }
    let start = tokens.startOfPath(endingAt: index - 1)
    guard let left = tokens.path(at: start) else { return }
    function.compared.formUnion([left.text, right.text])
  }
}
