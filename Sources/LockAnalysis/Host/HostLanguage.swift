/// What the reader of host programs has to know of a language.
struct HostLanguage: Sendable {
  /// How a function's body is marked off.
  enum Blocks: Sendable { case braces, indentation, forms }

  /// What stands between single quotes.
  enum SingleQuotes: Sendable { case string, character, symbol }

  /// What stands between backticks.
  enum Backticks: Sendable { case raw, template, none }

  /// How generators of code spell the name of a query.
  enum Spelling: Sendable { case pascal, camel, snake, asIs }

  /// Endings of file names, without the dot.
  let endings: Set<String>
  let blocks: Blocks
  let lineComment: String
  var blockComment: (start: String, end: String)? = ("/*", "*/")
  var singleQuotes = SingleQuotes.string
  var backticks = Backticks.none
  var hasTripleQuotes = false
  /// Words before the name of a function.
  let functions: Set<String>
  /// Words that begin a loop.
  var loops: Set<String> = ["for", "while"]
  /// Whether a function may be given behind the brackets of a call, and be one expression after `=`.
  var hasTrailingFunctions = false
  /// Whether it is `if (a)`, not `if a := b(); a`.
  var hasConditionsInBrackets = false
  /// Words that begin a choice of several ways.
  let choices: Set<String>
  /// Whether functions are written without such a word, as methods and `=>` are.
  var hasMethods = false
  /// Whether a parameter's type comes before its name.
  var typesLead = false
  let spelling: Spelling

  static let all: [HostLanguage] = [
    HostLanguage(
      endings: ["go"], blocks: .braces, lineComment: "//", singleQuotes: .character,
      backticks: .raw, functions: ["func"],
      choices: ["switch", "select"], spelling: .pascal),
    HostLanguage(
      endings: ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"], blocks: .braces,
      lineComment: "//", backticks: .template, functions: ["function"],
      hasConditionsInBrackets: true, choices: ["switch"],
      hasMethods: true,
      spelling: .camel),
    HostLanguage(
      endings: ["py"], blocks: .indentation, lineComment: "#", blockComment: nil,
      hasTripleQuotes: true, functions: ["def"], choices: ["match"], spelling: .snake),
    HostLanguage(
      endings: ["kt", "kts"], blocks: .braces, lineComment: "//", singleQuotes: .character,
      hasTripleQuotes: true, functions: ["fun"], hasTrailingFunctions: true,
      hasConditionsInBrackets: true, choices: ["when"], spelling: .camel),
    HostLanguage(
      endings: ["java"], blocks: .braces, lineComment: "//", singleQuotes: .character,
      hasTripleQuotes: true, functions: [], hasConditionsInBrackets: true, choices: ["switch"],
      hasMethods: true, typesLead: true,
      spelling: .camel),
    HostLanguage(
      endings: ["rs"], blocks: .braces, lineComment: "//", singleQuotes: .symbol,
      functions: ["fn"], loops: ["for", "while", "loop"], choices: ["match"], spelling: .snake),
    HostLanguage(
      endings: ["clj", "cljc"], blocks: .forms, lineComment: ";", blockComment: nil,
      singleQuotes: .symbol, functions: ["defn", "defn-"],
      choices: [], spelling: .asIs),
  ]

  /// The language of a file by the ending of its name: its place among all.
  static func number(of path: String) -> Int? {
    guard let ending = SourcePath(path).endings.last else { return nil }
    return all.firstIndex { $0.endings.contains(ending) }
  }

  /// The names of queries by their spellings.
  func names(_ names: [String]) -> [String: String] {
    var result: [String: String] = [:]
    for name in names {
      for spelling in spellings(name) { result[spelling] = name }
    }
    return result
  }

  private static let signs = Array("!<^$*#?".utf8)

  /// The name without aiosql's signs for what a query returns.
  static func bare(_ name: String) -> String {
    String(decoding: name.utf8.reversed().drop(while: signs.contains).reversed(), as: UTF8.self)
  }

  private static let separators = Array("_-.".utf8)

  /// How a query may be called in any language, also in those that are not read.
  static func spellings(_ name: String) -> Set<String> {
    let bare = bare(name)
    let hyphens = HostNames.words(bare).joined(separator: "-")
    return all.reduce(into: [name, bare, hyphens]) { $0.formUnion($1.spellings(name)) }
  }

  /// How a query is called, as far as its name tells.
  private func spellings(_ name: String) -> Set<String> {
    let bare = Self.bare(name)
    let parts = bare.utf8.split { Self.separators.contains($0) }.map { String($0) ?? "" }
    func joined(_ parts: [String]) -> String {
      parts.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
    let pascal = joined(parts)
    switch spelling {
    case .pascal: return [pascal, joined(parts.map { $0 == "id" ? "ID" : $0 })]
    case .camel: return [pascal.prefix(1).lowercased() + pascal.dropFirst()]
    case .snake: return [bare.replacingHyphens, HostNames.words(bare).joined(separator: "_")]
    case .asIs: return [name]
    }
  }
}

extension String {
  fileprivate var replacingHyphens: String { String(map { $0 == "-" ? "_" : $0 }) }
}
