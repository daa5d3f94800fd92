/// Finds the functions of a host program, each with all that is nested in it.
struct HostUnits {
  /// A function by positions of tokens.
  struct Unit {
    let name: String
    let line: Int
    let parameters: [String]
    /// Those of them that come in order.
    let ordered: Set<String>
    /// The object that it is a method of.
    let receiver: String?
    /// What is between its braces.
    let body: Range<Int>
    /// Whether an annotation makes it a transaction.
    let isTransaction: Bool
  }

  private let tokens: HostTokens
  private let language: HostLanguage

  init(_ tokens: HostTokens, _ language: HostLanguage) {
    self.tokens = tokens
    self.language = language
  }

  /// In the order of the text.
  func all() -> [Unit] {
    var result: [Unit] = []
    var index = 0
    var annotated = false
    var annotatedClass = 0..<0
    while index < tokens.count {
      if isTransactional(index) { annotated = true }
      if annotated, tokens[index].text == "class", tokens.text(index - 1) != ".",
        let open = (index..<min(index + 40, tokens.count)).first(where: { tokens[$0].text == "{" }),
        let close = tokens.closing(open)
      {
        annotatedClass = open..<close
        annotated = false
      }
      guard let unit = unit(at: index, annotated || annotatedClass.contains(index)) else {
        if language.functions.contains(tokens[index].text) { annotated = false }
        index += 1
        continue
      }
      result.append(unit)
      annotated = false
      index = max(unit.body.upperBound, index + 1)
    }
    return result
  }

  /// `@Transactional`, unless it says that there shall be none.
  private func isTransactional(_ index: Int) -> Bool {
    guard tokens[index].text == "@", tokens.isWord(index + 1),
      HostNames.beginsTransaction(tokens[index + 1].text)
    else { return false }
    let close = tokens.closing(index + 2) ?? index + 2
    return !tokens.words(index + 2..<max(close, index + 2)).contains {
      ["NOT_SUPPORTED", "NEVER", "SUPPORTS"].contains($0)
    }
  }

  private func unit(at index: Int, _ isTransaction: Bool) -> Unit? {
    let token = tokens[index]
    guard token.kind == .word || token.text == "=>" else { return nil }
    let header: (name: Int?, parameters: Int)?
    if language.functions.contains(token.text), mayBegin(index) {
      header = named(after: index)
    } else if language.hasMethods, token.text == "=>" || token.text == "->" {
      header = arrow(at: index)
    } else if language.hasMethods {
      header = method(at: index)
    } else {
      header = nil
    }
    guard let header, let close = tokens.closing(header.parameters),
      let body = body(after: token.text == "=>" ? index : close, isArrow: token.text == "=>")
    else { return nil }
    return Unit(
      name: header.name.map { tokens[$0].text } ?? "a function",
      line: tokens[header.name ?? index].line,
      parameters: parameters(header.parameters + 1..<close),
      ordered: ordered(header.parameters + 1..<close), receiver: receiver(before: header.name),
      body: body,
      isTransaction: isTransaction)
  }

  /// Whether the word of a function begins one, and no type: only modifiers stand before it.
  private func mayBegin(_ index: Int) -> Bool {
    var index = index - 1
    let line = tokens.text(index).isEmpty ? 0 : tokens[index + 1].line
    while index >= 0, tokens[index].line == line {
      let text = tokens[index].text
      guard Self.modifiers.contains(text) || ["}", ")", "{", ";", "="].contains(text) else {
        return false
      }
      if text != "}" && text != ")" && !Self.modifiers.contains(text) { return true }
      index -= 1
    }
    return true
  }

  private static let modifiers: Set<String> = [
    "export", "default", "async", "pub", "suspend", "private", "public", "protected", "internal",
    "override", "inline", "open", "static", "const", "unsafe", "crate", "(",
  ]

  /// `func name(`, `func (receiver) name(`, `fun <T> name(`.
  private func named(after keyword: Int) -> (name: Int?, parameters: Int)? {
    var index = keyword + 1
    if index < tokens.count, tokens[index].text == "(", let close = tokens.closing(index),
      close + 1 < tokens.count, tokens[close + 1].kind == .word
    {
      index = close + 1
    }
    let name = (index..<min(index + 12, tokens.count)).first { tokens[$0].kind == .word }
    let open = (index..<min(index + 40, tokens.count)).first { tokens[$0].text == "(" }
    guard let open else { return nil }
    return (name.flatMap { $0 < open ? $0 : nil }, open)
  }

  private static let control: Set<String> = [
    "if", "for", "while", "switch", "catch", "with", "return", "function", "else", "do", "try",
    "synchronized", "new", "await", "super", "when", "match",
  ]

  /// `name(…) {` in a class.
  private func method(at index: Int) -> (name: Int?, parameters: Int)? {
    guard !Self.control.contains(tokens[index].text), tokens.text(index + 1) == "(",
      ![".", "@", "="].contains(tokens.text(index - 1))
    else { return nil }
    return (index, index + 1)
  }

  /// `name = async (…) => {`
  private func arrow(at index: Int) -> (name: Int?, parameters: Int)? {
    var open = index - 1
    while open >= 0, tokens[open].text != ")", index - open < 12 { open -= 1 }
    guard open >= 0, tokens[open].text == ")", let start = tokens.opening(open) else { return nil }
    var equals = start - 1
    while equals > 0, tokens[equals].text != "=", start - equals < 30,
      !["{", "}", ";", "("].contains(tokens[equals].text)
    {
      equals -= 1
    }
    guard equals > 0, tokens[equals].text == "=" else { return (nil, start) }
    let line = tokens[equals].line
    let keyword = (max(0, equals - 12)..<equals).last {
      tokens[$0].line == line && ["const", "let", "var"].contains(tokens[$0].text)
    }
    return (keyword.map { $0 + 1 } ?? equals - 1, start)
  }

  /// What is between the braces of the body: after the types of results, which may have braces
  /// themselves. In Kotlin's `fun f() = transaction { … }` it begins behind the `=`.
  private func body(after close: Int, isArrow: Bool) -> Range<Int>? {
    var index = close + 1
    if isArrow {
      return tokens.text(index) == "{" ? tokens.closing(index).map { index + 1..<$0 } : nil
    }
    var start: Int?
    let limit = min(index + 60, tokens.count)
    while index < limit {
      if language.hasMethods, tokens[index].kind == .word,
        tokens[index].line > tokens[close].line && tokens[index].text != "throws"
          || Self.beginnings.contains(tokens[index].text)
      {
        return nil
      }
      switch tokens[index].text {
      case "{":
        guard let end = tokens.closing(index) else { return nil }
        let isType =
          index > 0 && ["interface", "struct", ":", "<", "|"].contains(tokens[index - 1].text)
          && language.blocks == .braces && end + 1 < tokens.count
          && ["{", ")", ">", ",", "[", "|"].contains(tokens[end + 1].text)
        guard isType else { return start.map { $0..<end + 1 } ?? index + 1..<end }
        index = end + 1
      case "(" where start == nil, "[":
        guard let end = tokens.closing(index) else { return nil }
        index = end + 1
      case "," where !language.hasMethods: index += 1
      case ";", "}", ")", "=>", "=", ",":
        guard tokens[index].text == "=", language.hasTrailingFunctions else { return nil }
        index += 1
        start = index
      default: index += 1
      }
    }
    return nil
  }

  /// What begins something else.
  private static let beginnings: Set<String> = [
    "class", "interface", "enum", "export", "import", "const", "let", "var", "function",
  ]

  /// The object in `func (s *Store) name(`.
  private func receiver(before name: Int?) -> String? {
    guard let name, tokens.text(name - 1) == ")", let open = tokens.opening(name - 1),
      language.functions.contains(tokens.text(open - 1))
    else { return nil }
    return tokens.words(open..<name).first
  }

  /// The parameters that come in order by their types.
  private func ordered(_ range: Range<Int>) -> Set<String> {
    Set(
      tokens.split(range).filter { tokens.words($0).contains(where: HostNames.isOrdered) }
        .flatMap(parameters))
  }

  /// The names in `ctx context.Context, id int64`, `id: Long`, `Connection tx`, `{ from, to }`.
  private func parameters(_ range: Range<Int>) -> [String] {
    tokens.split(range).flatMap { part -> [String] in
      if tokens[part.lowerBound].text == "{", let close = tokens.closing(part.lowerBound) {
        return tokens.words(part.lowerBound..<close)
      }
      let end = part.first { ["=", ":"].contains(tokens[$0].text) } ?? part.upperBound
      let words = (part.lowerBound..<end).filter { tokens[$0].kind == .word }
        .map { tokens[$0].text }.filter { !["self", "mut", "final", "val", "this"].contains($0) }
      return [language.typesLead ? words.last : words.first].compactMap { $0 }
    }
  }
}
