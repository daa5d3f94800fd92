import LockModel

/// Reads the functions of a program that is made of forms, as in Clojure.
struct HostFormsReader {
  private let tokens: HostTokens
  private let language: HostLanguage
  private let path: String
  private let queries: [String: String]
  private var function: HostFunction
  private var decisions = 0

  /// Further down alternatives are not told apart.
  private static let branchLimit = 100

  init(path: String, _ tokens: HostTokens, _ language: HostLanguage, _ queries: [String: String]) {
    self.path = path
    self.tokens = tokens
    self.language = language
    self.queries = queries
    function = HostFunction(name: "", path: path, line: 0, parameters: [])
  }

  /// In the order of the text.
  mutating func functions() -> [HostFunction] {
    var result: [HostFunction] = []
    var index = 0
    while index < tokens.count {
      if tokens[index].text == "(", language.functions.contains(tokens.text(index + 1)),
        tokens.isWord(index + 2), let close = tokens.closing(index)
      {
        result.append(read(index + 2, close))
        index = close
      }
      index += 1
    }
    return result
  }

  private mutating func read(_ name: Int, _ close: Int) -> HostFunction {
    let open = (name..<close).first { tokens[$0].text == "[" }
    let end = open.flatMap(tokens.closing) ?? name
    let parameters = tokens.words((open ?? end)..<end)
    function = HostFunction(
      name: tokens[name].text, path: path, line: tokens[name].line, parameters: parameters)
    decisions = 0
    let handles = parameters.filter(HostNames.isTransaction)
    if !handles.isEmpty {
      function.scopes.append(
        HostScope(tokens: name..<close, handles: Set(handles), isBegun: false))
    }
    visit(end + 1..<close, [], [])
    return function
  }

  /// The elements between two brackets, each from its first token to its last.
  private func elements(_ range: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var index = range.lowerBound
    while index < range.upperBound {
      let end = (tokens.closing(index) ?? index) + 1
      // `#_` takes the next form out.
      if tokens[index].text == "#", tokens.text(index + 1) == "_" {
        index = (tokens.closing(index + 2) ?? index + 2) + 1
        continue
      }
      result.append(index..<min(end, range.upperBound))
      index = end
    }
    return result
  }

  private mutating func visit(_ range: Range<Int>, _ branches: [Branch], _ loops: [Int]) {
    for element in elements(range) where element.count > 1 {
      let inner = element.dropFirst().dropLast()
      let range = inner.startIndex..<inner.endIndex
      if tokens[element.lowerBound].text == "(", tokens.isWord(range.lowerBound) {
        form(range, branches, loops)
      } else {
        visit(range, branches, loops)
      }
    }
  }

  private mutating func form(_ range: Range<Int>, _ branches: [Branch], _ loops: [Int]) {
    let head = tokens[range.lowerBound].text
    let name = head.split(separator: "/").last.map(String.init) ?? head
    let rest = range.lowerBound + 1..<range.upperBound
    let parts = elements(rest)
    switch name {
    case "if", "if-not", "if-let", "if-some", "cond":
      choose(parts, isPaired: name == "cond", branches, loops)
    case "case", "condp":
      choose(Array(parts.dropFirst(name == "case" ? 1 : 2)), isPaired: true, branches, loops)
    case "let", "loop", "when-let", "binding":
      if let bindings = parts.first, bindings.count > 2 {
        let names = elements(bindings.lowerBound + 1..<bindings.upperBound - 1)
        for index in stride(from: 0, to: names.count, by: 2) {
          function.reassigned.formUnion(tokens.words(names[index]))
        }
      }
      visit(rest, branches, loops)
    case "doseq", "run!", "mapv", "map", "for":
      var found = loop(parts)
      found.token = range.lowerBound
      function.loops.append(found)
      visit(rest, branches, loops + [function.loops.count - 1])
    case _ where queries[name] != nil:
      function.calls.append(call(name, range, parts, isQuery: true, branches, loops))
      visit(rest, branches, loops)
    default:
      if HostNames.beginsTransaction(name) { begin(rest, parts) }
      let call = call(name, range, parts, isQuery: false, branches, loops)
      let scope = function.scopes.last { $0.tokens.contains(range.lowerBound) }
      if scope?.handles.contains(where: call.mentioned.contains) ?? false {
        function.calls.append(call)
      }
      visit(rest, branches, loops)
    }
  }

  /// Each way is an arm: what is tested comes before.
  private mutating func choose(
    _ parts: [Range<Int>], isPaired: Bool, _ branches: [Branch], _ loops: [Int]
  ) {
    let decision = decisions
    decisions += 1
    for (index, part) in parts.enumerated() {
      let isTested = isPaired ? index.isMultiple(of: 2) && index + 1 < parts.count : index == 0
      let arm = Branch(decision: decision, arms: [isPaired ? index / 2 : index])
      let isFree = isTested || branches.count >= Self.branchLimit
      visit(part, isFree ? branches : branches + [arm], loops)
    }
  }

  /// `[tx db]`
  private mutating func begin(_ rest: Range<Int>, _ parts: [Range<Int>]) {
    guard let first = parts.first, tokens[first.lowerBound].text == "[" else { return }
    let handle = tokens.words(first).first
    function.scopes.append(
      HostScope(tokens: rest, handles: Set([handle].compactMap { $0 }), isBegun: true))
  }

  /// `(doseq [id ids] …)`, `(run! (fn [id] …) ids)`.
  private func loop(_ parts: [Range<Int>]) -> HostLoop {
    guard let first = parts.first, let last = parts.last else {
      return HostLoop(isOverCallersValues: false, variables: [])
    }
    let isBinding = tokens[first.lowerBound].text == "["
    let words = tokens.words(first)
    let isNamed = isBinding ? first.count == 4 : last.count == 1
    let parameters =
      isBinding
      ? words.prefix(1)
      : words.drop { $0 != "fn" }.dropFirst().prefix(1) + words.filter { $0.hasPrefix("%") }
    return HostLoop(isOverCallersValues: isNamed, variables: Set(parameters))
  }

  private func call(
    _ name: String, _ range: Range<Int>, _ parts: [Range<Int>], isQuery: Bool,
    _ branches: [Branch], _ loops: [Int]
  ) -> HostCall {
    var arguments = HostArguments()
    for part in parts {
      arguments.positional.append(part.count == 1 ? tokens.words(part).first : nil)
      guard tokens[part.lowerBound].text == "{" else { continue }
      let pairs = elements(part.lowerBound + 1..<part.upperBound - 1)
      for index in stride(from: 0, to: pairs.count - 1, by: 2) where pairs[index + 1].count == 1 {
        let key = HostNames.folded(tokens[pairs[index].lowerBound].text)
        arguments.named[key] = tokens.words(pairs[index + 1]).first
      }
    }
    return HostCall(
      name: isQuery ? queries[name] ?? name : name, isQuery: isQuery, receiver: "",
      token: range.lowerBound,
      line: tokens[range.lowerBound].line,
      arguments: arguments, mentioned: Set(arguments.positional.compactMap { $0 }),
      branches: branches, loops: loops)
  }
}
