import PostgresSyntax

/// The application's own code, as far as it tells which queries are called.
package struct HostProgram: Sendable {
  private let paths: [String]
  /// All that people write and that is no test: code, scripts, templates, configuration, documents.
  private let texts: [String]
  /// Whether what is not called in it is not called at all.
  let isWhole: Bool
  /// Whether the repository is of an extension, whose routines are for others.
  let isOfExtension: Bool
  private let threads: Int
  private let read: @Sendable (String) -> [UInt8]?

  private static let endings: Set<String> = [
    "c", "cc", "clj", "cljc", "cljs", "cpp", "cs", "ex", "exs", "fs", "go", "groovy", "hs", "java",
    "js", "jsx", "kt", "kts", "mjs", "ml", "php", "py", "rb", "rs", "scala", "swift", "ts", "tsx",
  ]
  /// What no one writes by hand, or what says how things look.
  private static let binaryEndings: Set<String> = [
    "avi", "bin", "bmp", "bz2", "class", "css", "csv", "dat", "db", "dll", "dump", "eot", "exe",
    "gif", "gz", "ico", "jar", "jpeg", "jpg", "less", "lock", "map", "mo", "mov", "mp3", "mp4",
    "otf", "parquet", "pdf", "png", "po", "pot", "pyc", "rar", "sass", "scss", "snap", "so", "sum",
    "svg", "tar", "tgz", "tif", "tiff", "tsv", "ttf", "wav", "webm", "webp", "woff", "woff2", "xls",
    "xlsx", "xz", "zip",
  ]
  /// Larger files are made by programs.
  private static let sizeLimit = 2 << 20

  /// The code among files, in which tests do not count, all of a repository or a part of it; `read`
  /// gives the content of a file.
  package init(
    _ paths: [String], isWhole: Bool = true, threads: Int,
    read: @escaping @Sendable (String) -> [UInt8]?
  ) {
    texts = paths.filter { path in
      let place = SourcePath(path)
      return !(place.endings.last.map(Self.binaryEndings.contains) ?? false)
        && TestFiles.reason(place, named: 0) == nil
    }
    self.paths = texts.filter { path in
      SourcePath(path).endings.last.map(Self.endings.contains) ?? false
    }
    self.isWhole = isWhole
    isOfExtension = paths.contains { SourcePath($0).endings.contains("control") }
    self.threads = threads
    self.read = read
  }

  /// What was found of queries in the code.
  struct Reading: Sendable {
    /// The names that stand somewhere in it.
    var mentioned: Set<String> = []
    /// Functions that call queries or pass transactions on, by path and place.
    var functions: [HostFunction] = []
    /// The routines of the database that it calls.
    var routines: Set<String> = []
  }

  /// Looks for the names of queries, as they are or as generators of code spell them: `get-user` is
  /// `getUser`, `get_user`, `GetUser`; and for calls of routines of the database, which are spelled in
  /// the same ways.
  func reading(of names: Set<String>, routines: Set<String> = []) -> Reading {
    let ordered = names.sorted()
    let called = routines.sorted()
    let spellings = (ordered + called).map(HostLanguage.spellings)
    let words = MentionedWords(spellings)
    let byLanguage = HostLanguage.all.map { $0.names(ordered) }
    let read = read
    let paths = paths
    let found = LargeStack.map(count: paths.count, threads: threads) {
      index -> (numbers: Set<Int>, functions: [HostFunction]) in
      guard let text = read(paths[index]), text.count <= Self.sizeLimit, !Self.isGenerated(text)
      else { return ([], []) }
      let numbers = words.found(
        in: text[...], withHyphens: paths[index].contains(".clj"), isCall: { $0 >= ordered.count })
      let hasQueries = numbers.contains { $0 < ordered.count }
      return (numbers, hasQueries ? Self.functions(text, paths[index], byLanguage) : [])
    }
    let numbers = Set(found.flatMap(\.numbers))
    return Reading(
      mentioned: Set(numbers.filter { $0 < ordered.count }.map { ordered[$0] }),
      functions: found.flatMap(\.functions),
      routines: Set(numbers.filter { $0 >= ordered.count }.map { called[$0 - ordered.count] }))
  }

  /// Which of some names stand in a text.
  func names(of routines: AssembledNames) -> Set<String> {
    let read = read
    let texts = texts
    let found = LargeStack.map(count: texts.count, threads: threads) { index -> Set<Int> in
      guard let text = read(texts[index]), text.count <= Self.sizeLimit else { return [] }
      return routines.found(in: text[...])
    }
    return routines.names(found.reduce(into: Set()) { $0.formUnion($1) })
  }

  /// The functions of a file, as far as its language is known.
  private static func functions(
    _ text: [UInt8], _ path: String, _ byLanguage: [[String: String]]
  ) -> [HostFunction] {
    guard let number = HostLanguage.number(of: path) else { return [] }
    let (language, queries) = (HostLanguage.all[number], byLanguage[number])
    let tokens = HostTokens(HostLexer.tokens(text, language))
    var functions: [HostFunction]
    if language.blocks == .forms {
      var reader = HostFormsReader(path: path, tokens, language, queries)
      functions = reader.functions()
    } else {
      functions = HostUnits(tokens, language).all().map { unit in
        var reader = HostBodyReader(unit, path: path, tokens, language, queries)
        return reader.read()
      }
    }
    return functions.filter { !$0.calls.isEmpty }
  }

  private static let signs = [
    "code generated", "do not edit", "@generated", "autogenerated", "auto-generated",
  ].map { Array($0.utf8) }

  /// Whether a file says of itself that a program made it.
  private static func isGenerated(_ text: [UInt8]) -> Bool {
    let head = text.prefix(1024).map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
    return signs.contains { sign in
      head.count >= sign.count
        && (0...head.count - sign.count).contains { start in
          sign.indices.allSatisfy { head[start + $0] == sign[$0] }
        }
    }
  }
}
