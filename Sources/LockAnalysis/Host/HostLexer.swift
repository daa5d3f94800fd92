/// A token of a host program.
struct HostToken: Sendable {
  enum Kind: Sendable { case word, number, string, symbol }

  let kind: Kind
  /// A word or symbol as it is written; of a string what is between its quotes.
  let text: String
  /// From 1.
  let line: Int
}

/// Takes a host program apart, without comments.
///
/// Blocks by indentation get braces, so that all languages but those made of forms look alike.
struct HostLexer {
  private let text: [UInt8]
  private let language: HostLanguage
  private var index = 0
  private var line = 1
  private var brackets = 0
  private var indents = [0]
  private(set) var tokens: [HostToken] = []

  /// The tokens of a text.
  static func tokens(_ text: [UInt8], _ language: HostLanguage) -> [HostToken] {
    var lexer = HostLexer(text: text, language: language)
    lexer.read()
    return lexer.tokens
  }

  private init(text: [UInt8], language: HostLanguage) {
    self.text = text
    self.language = language
  }

  private mutating func read() {
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "\n") {
        line += 1
        index += 1
        if language.blocks == .indentation, brackets == 0 { indent() }
      } else if byte <= 0x20 {
        index += 1
      } else if starts(with: language.lineComment) {
        skip { $0 == UInt8(ascii: "\n") }
      } else if let comment = language.blockComment, starts(with: comment.start) {
        skipComment(comment.end)
      } else if !readString(byte) {
        readToken(byte)
      }
    }
    while indents.count > 1 { close() }
  }

  private func starts(with prefix: String) -> Bool {
    var ahead = index
    for byte in prefix.utf8 {
      guard ahead < text.count, text[ahead] == byte else { return false }
      ahead += 1
    }
    return true
  }

  private mutating func skip(until isEnd: (UInt8) -> Bool) {
    while index < text.count, !isEnd(text[index]) { index += 1 }
  }

  private mutating func skipComment(_ end: String) {
    while index < text.count, !starts(with: end) {
      if text[index] == UInt8(ascii: "\n") { line += 1 }
      index += 1
    }
    index = min(index + end.utf8.count, text.count)
  }

  // MARK: Indentation

  /// At the beginning of a line: opens or closes blocks, unless nothing stands there.
  private mutating func indent() {
    var column = 0
    var ahead = index
    while ahead < text.count, text[ahead] == 0x20 || text[ahead] == 0x09 {
      column += text[ahead] == 0x09 ? 8 : 1
      ahead += 1
    }
    guard ahead < text.count, ![0x0A, 0x0D, UInt8(ascii: "#")].contains(text[ahead]) else { return }
    if column > indents[indents.count - 1], tokens.last?.text == ":" {
      indents.append(column)
      add(.symbol, "{")
    } else {
      while column < indents[indents.count - 1] { close() }
    }
  }

  private mutating func close() {
    indents.removeLast()
    add(.symbol, "}")
  }

  // MARK: Tokens

  private mutating func add(_ kind: HostToken.Kind, _ text: String) {
    tokens.append(HostToken(kind: kind, text: text, line: line))
  }

  private func text(from start: Int) -> String {
    String(decoding: text[start..<index], as: UTF8.self)
  }

  /// Symbols of two characters.
  private static let symbols: Set<[UInt8]> = Set(
    [":=", "=>", "->", "==", "!=", "<=", ">=", "&&", "||", "?.", "!!", "::", "<-"].map {
      Array($0.utf8)
    })

  /// Whether a symbol of two characters begins here.
  private var isPair: Bool {
    guard language.blocks != .forms, index + 1 < text.count else { return false }
    switch text[index + 1] {
    case UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "|"),
      UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: ":"), UInt8(ascii: "-"):
      return Self.symbols.contains([text[index], text[index + 1]])
    default: return false
    }
  }

  private mutating func readToken(_ byte: UInt8) {
    let start = index
    if isWordStart(byte) {
      index = endOfWord
      add(.word, text(from: start))
    } else if isDigit(byte) {
      index = endOfNumber
      add(.number, text(from: start))
    } else if isPair {
      index += 2
      add(.symbol, text(from: start))
    } else {
      index += 1
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
      default: break
      }
      add(.symbol, text(from: start))
    }
  }

  private var endOfWord: Int {
    text[index...].firstIndex { !isOfWord($0) } ?? text.count
  }

  private var endOfNumber: Int {
    text[index...].firstIndex { !isOfWord($0) && $0 != UInt8(ascii: ".") } ?? text.count
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private func isWordStart(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), 0x80...: true
    case UInt8(ascii: "$"): language.backticks == .template
    case UInt8(ascii: ":"), UInt8(ascii: "*"): language.blocks == .forms
    default: false
    }
  }

  private func isOfWord(_ byte: UInt8) -> Bool {
    if isWordStart(byte) || isDigit(byte) { return true }
    return language.blocks == .forms && "-!?*/.<>=+&%'".utf8.contains(byte)
  }

  // MARK: Strings

  /// Reads a string, if one begins here.
  private mutating func readString(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""):
      if language.hasTripleQuotes, starts(with: "\"\"\"") {
        readString(to: "\"\"\"")
      } else {
        readString(to: "\"")
      }
    case UInt8(ascii: "'"):
      switch language.singleQuotes {
      case .string:
        readString(to: language.hasTripleQuotes && starts(with: "'''") ? "'''" : "'")
      case .character: readString(to: "'")
      case .symbol: readSymbol()
      }
    case UInt8(ascii: "`"):
      switch language.backticks {
      case .raw: readString(to: "`", escapes: false)
      case .template: readString(to: "`")
      case .none: return false
      }
    case UInt8(ascii: "\\") where language.blocks == .forms:
      index = min(index + 2, text.count)
      add(.string, "")
    case UInt8(ascii: "/") where language.backticks == .template && mayBeginPattern:
      guard let end = endOfPattern else { return false }
      index = end
      add(.string, "")
    default: return false
    }
    return true
  }

  private mutating func readString(to end: String, escapes: Bool = true) {
    index += end.utf8.count
    let start = index
    let first = line
    while index < text.count, !starts(with: end) {
      if escapes, text[index] == UInt8(ascii: "\\") { index += 1 }
      if index < text.count, text[index] == UInt8(ascii: "\n") { line += 1 }
      index += 1
    }
    index = min(index, text.count)
    // Only a command such as BEGIN is looked at.
    let content = index - start <= 40 ? text(from: start) : ""
    tokens.append(HostToken(kind: .string, text: content, line: first))
    index = min(index + end.utf8.count, text.count)
  }

  /// `'a'` in Rust, where `'a` is a lifetime; a quoted form in Clojure.
  private mutating func readSymbol() {
    index += 1
    guard language.blocks != .forms, index < text.count else { return }
    if text[index] == UInt8(ascii: "\\") {
      index += 2
      skip { $0 == UInt8(ascii: "'") }
      index = min(index + 1, text.count)
    } else if index + 1 < text.count, text[index + 1] == UInt8(ascii: "'") {
      index += 2
    }
  }

  /// Whether a slash can't be a division.
  private var mayBeginPattern: Bool {
    guard let last = tokens.last else { return true }
    switch last.kind {
    case .word: return last.text == "return"
    case .number, .string: return false
    case .symbol: return ![")", "]", "}"].contains(last.text)
    }
  }

  private var endOfPattern: Int? {
    var ahead = index + 1
    var isInClass = false
    while ahead < text.count, text[ahead] != UInt8(ascii: "\n") {
      switch text[ahead] {
      case UInt8(ascii: "\\"): ahead += 1
      case UInt8(ascii: "["): isInClass = true
      case UInt8(ascii: "]"): isInClass = false
      case UInt8(ascii: "/") where !isInClass: return ahead + 1
      default: break
      }
      ahead += 1
    }
    return nil
  }
}
