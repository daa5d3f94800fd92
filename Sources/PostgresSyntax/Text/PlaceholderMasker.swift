/// Replaces the placeholders of one statement by identifiers of the same length.
///
/// An identifier fits where a value is wanted and where a name is wanted, so one replacement
/// serves every style. Where the grammar wants a list (`IN :ids`, `VALUES :rows`) the keyword is
/// rewritten as well and the placeholder is marked as a list.
struct PlaceholderMasker {
  let text: UnsafeBufferPointer<UInt8>
  let tokens: [Token]
  /// Whether a placeholder's name may have hyphens, as in `:user-id`.
  var isHugSQL = false
  /// Whether the text is the body of a routine, where operators and `$1` are what SQL says.
  var isInBody = false

  /// What is a placeholder.
  var style = PlaceholderStyle.auto

  /// Whether a token can begin a placeholder, whatever is around it.
  static func mayBegin(_ token: Token, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch token.kind {
    case .placeholder, .parameter, .colon: return true
    case .operator:
      let last = text[token.end - 1]
      return last == UInt8(ascii: "?") || last == UInt8(ascii: "@") || last == UInt8(ascii: "%")
        || text[token.start] == UInt8(ascii: "?")
    default: return false
    }
  }

  func mask(_ masked: inout MaskedText) {
    var (brackets, parentheses) = (0, 0)
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      switch token.kind {
      case .leftBracket: brackets += 1
      case .rightBracket: brackets = max(0, brackets - 1)
      case .leftParenthesis: parentheses += 1
      case .rightParenthesis: parentheses -= 1
      default: break
      }
      if let found = placeholder(at: index, inBrackets: brackets > 0),
        found.isSQL || style.allows(text[found.range.lowerBound])
      {
        if parentheses == 0, isClause(found) {
          blank(found.range, &masked)
        } else {
          replace(found, &masked)
        }
        index = max(found.next, index + 1)
      } else {
        index += 1
      }
    }
  }

  /// A placeholder that spans tokens.
  private struct Found {
    var range: Range<Int>
    /// The first token of it.
    var first: Int
    /// The first token after it.
    var next: Int
    /// Whether the bytes stay as they are, apart from a leading colon.
    var keepsQuotes = false
    /// Whether the bytes are SQL already, as in `$1`.
    var isSQL = false
    /// Bytes after it that belong to it and are no SQL: PgTyped's `!`.
    var trailing: Range<Int> = 0..<0
    /// Whether its own spelling says that it is a list.
    var isList = false
  }

  private func placeholder(at index: Int, inBrackets: Bool) -> Found? {
    let token = tokens[index]
    switch token.kind {
    case .placeholder: return Found(range: token.range, first: index, next: index + 1)
    case .parameter where !isInBody:
      let isAfterIn = index > 0 && text.spells("in", at: tokens[index - 1])
      guard isAfterIn || (index > 0 && text.spells("values", at: tokens[index - 1])) else {
        return nil
      }
      return Found(range: token.range, first: index, next: index + 1, isSQL: true)
    case .colon: return colon(at: index, inBrackets: inBrackets)
    case .operator: return isInBody ? extensionName(at: index) : inOperator(at: index)
    default: return nil
    }
  }

  /// `:name`, `:'name'`, `:"name"`, and HugSQL's `:v*:names`.
  private func colon(at index: Int, inBrackets: Bool) -> Found? {
    guard index + 1 < tokens.count, tokens[index + 1].start == tokens[index].end else { return nil }
    if inBrackets, index > 0, endsOperand(index - 1) { return nil }
    let start = tokens[index].start
    let next = tokens[index + 1]
    switch next.kind {
    case .string, .quotedIdentifier:
      return Found(range: start..<next.end, first: index, next: index + 2, keepsQuotes: true)
    case .word:
      if let typed = typedName(at: index) { return typed }
      let last = lastWord(from: index + 1)
      return Found(
        range: start..<tokens[last].end, first: index, next: last + 1,
        trailing: required(after: last))
    case .number:
      // `a[:2]` is a slice.
      return inBrackets ? nil : Found(range: start..<next.end, first: index, next: index + 2)
    default: return nil
    }
  }

  /// The last word of a name that begins at a token; HugSQL's names have hyphens.
  private func lastWord(from first: Int) -> Int {
    var last = first
    while isHugSQL, last + 2 < tokens.count, spells("-", tokens[last + 1]),
      tokens[last + 1].start == tokens[last].end, tokens[last + 2].kind == .word,
      tokens[last + 2].start == tokens[last + 1].end
    {
      last += 2
    }
    return last
  }

  /// PgTyped marks a required parameter with `!`, as in `:name!`.
  private func required(after index: Int) -> Range<Int> {
    guard index + 1 < tokens.count, tokens[index + 1].kind == .operator,
      tokens[index + 1].start == tokens[index].end, text[tokens[index].end] == UInt8(ascii: "!"),
      tokens[index + 1].range.count == 1
    else { return 0..<0 }
    return tokens[index + 1].range
  }

  /// `:type:name` or `:type*:name`, all of it adjacent.
  private func typedName(at index: Int) -> Found? {
    var after = index + 2
    var isList = false
    if after < tokens.count, tokens[after].kind == .operator, spells("*", tokens[after]) {
      isList = true
      after += 1
    }
    guard after + 1 < tokens.count, tokens[after].kind == .colon, tokens[after + 1].kind == .word,
      tokens[after + 1].end - tokens[index].start
        == (index...(after + 1)).reduce(0, { $0 + tokens[$1].range.count })
    else { return nil }
    return Found(
      range: tokens[index].start..<tokens[after + 1].end, first: index, next: after + 2,
      isList: isList)
  }

  /// `?`, `@name` and `%s` at the end of a run of operator characters.
  private func inOperator(at index: Int) -> Found? {
    let token = tokens[index]
    switch text[token.end - 1] {
    case UInt8(ascii: "?"): return questionMark(at: index)
    case UInt8(ascii: "@"):
      // `<@` is an operator of arrays, ranges and jsonb.
      return spells("<@", token)
        ? nil : extensionName(at: index) ?? adjacentWord(at: index) { _ in true }
    case UInt8(ascii: "%"):
      return adjacentWord(at: index) { word in
        word.range.count == 1 && [UInt8(ascii: "s"), UInt8(ascii: "d")].contains(text[word.start])
      }
    case _ where text[token.start] == UInt8(ascii: "?") && !(index > 0 && endsOperand(index - 1)):
      return Found(range: token.start..<(token.start + 1), first: index, next: index + 1)
    default: return nil
    }
  }

  /// A lone `?` between two operands is jsonb's operator; anywhere else it is a parameter.
  private func questionMark(at index: Int) -> Found? {
    let token = tokens[index]
    let prefix = token.start..<(token.end - 1)
    if prefix.isEmpty {
      let hasLeft = index > 0 && endsOperand(index - 1)
      let hasRight = index + 1 < tokens.count && startsOperand(index + 1)
      if hasLeft && hasRight { return nil }
    } else if !isPlainOperator(prefix) {
      return nil
    }
    return Found(range: (token.end - 1)..<token.end, first: index, next: index + 1)
  }

  /// `@extschema@` in the script of an extension.
  private func extensionName(at index: Int) -> Found? {
    guard index + 2 < tokens.count, spells("@", tokens[index]), tokens[index + 1].kind == .word,
      spells("@", tokens[index + 2]),
      tokens[index + 2].end - tokens[index].start == tokens[index + 1].range.count + 2
    else { return nil }
    return Found(
      range: tokens[index].start..<tokens[index + 2].end, first: index, next: index + 3)
  }

  private func adjacentWord(at index: Int, where fits: (Token) -> Bool) -> Found? {
    let token = tokens[index]
    guard index + 1 < tokens.count, tokens[index + 1].kind == .word,
      tokens[index + 1].start == token.end, fits(tokens[index + 1])
    else { return nil }
    let prefix = token.start..<(token.end - 1)
    if prefix.isEmpty {
      if index > 0, endsOperand(index - 1) { return nil }
    } else if !isPlainOperator(prefix) {
      return nil
    }
    return Found(
      range: (token.end - 1)..<tokens[index + 1].end, first: index, next: index + 2)
  }

  private static let plainOperators: Set<String> = [
    "=", "<>", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "||", "~", "~*", "->", "->>",
    "@>", "&&",
  ]

  private func isPlainOperator(_ range: Range<Int>) -> Bool {
    Self.plainOperators.contains(String(decoding: text[range], as: UTF8.self))
  }

  private func spells(_ symbol: String, _ token: Token) -> Bool {
    text[token.range].elementsEqual(symbol.utf8)
  }

  /// Words that an operand can't end with, though they are words.
  private static let keywords: Set<String> = [
    "and", "or", "not", "in", "like", "ilike", "between", "is", "where", "on", "having", "when",
    "then", "else", "case", "select", "distinct", "from", "join", "set", "by", "limit", "offset",
    "values", "returning", "any", "all", "some", "as", "using", "interval", "similar", "to",
    "escape", "union", "except", "intersect", "fetch", "first", "next", "into", "update", "table",
    "call", "exists", "array", "with", "for", "isnull", "notnull",
  ]

  private func endsOperand(_ index: Int) -> Bool {
    let token = tokens[index]
    if token.kind == .word {
      return !Self.keywords.contains(
        String(decoding: text[token.range], as: UTF8.self).lowercased())
    }
    return token.isOperandEnd
  }

  private func startsOperand(_ index: Int) -> Bool {
    switch tokens[index].kind {
    case .leftParenthesis, .placeholder, .colon, .string, .parameter, .quotedIdentifier, .number:
      true
    case .operator: spells("?", tokens[index]) || spells("%", tokens[index])
    case .word: endsOperand(index) || text.spells("array", at: tokens[index])
    default: false
    }
  }

  /// Whether it stands where only a clause can, behind what a table or an index is made of: `CREATE INDEX
  /// … (a) {{ tablespace }}`. It says nothing of locks.
  private func isClause(_ found: Found) -> Bool {
    guard found.first > 3, tokens[found.first - 1].kind == .rightParenthesis,
      text.spells("create", at: tokens[0]),
      tokens[1...2].contains(where: { text.spells("index", at: $0) || text.spells("table", at: $0) }
      ),
      !tokens.prefix(while: { $0.kind != .leftParenthesis }).contains(where: {
        text.spells("as", at: $0)
      })
    else { return false }
    return found.next >= tokens.count || tokens[found.next].kind == .semicolon
      || ["where", "with", "tablespace", "partition", "using", "on", "include"].contains {
        text.spells($0, at: tokens[found.next])
      }
  }

  // MARK: Replacing

  private func replace(_ found: Found, _ masked: inout MaskedText) {
    var isList = found.isList
    if found.first > 0 {
      let before = tokens[found.first - 1]
      if text.spells("in", at: before) {
        isList = true
        rewriteIn(found, &masked)
      } else if text.spells("values", at: before) {
        isList = true
        write("SELECT", at: before.start, &masked)
      } else if text.spells("interval", at: before), !found.keepsQuotes {
        blank(before.range, &masked)
      } else if !found.isSQL, isWholeInList(found) {
        isList = true
      }
    }
    blank(found.trailing, &masked)
    masked.placeholders.append(
      Placeholder(
        range: found.range, text: String(decoding: text[found.range], as: UTF8.self),
        isList: isList))
    guard !found.isSQL else { return }
    if found.keepsQuotes {
      masked.bytes[found.range.lowerBound] = UInt8(ascii: " ")
    } else if found.first == 0, found.next < tokens.count, tokens[found.next].kind == .word {
      blank(found.range, &masked)
    } else {
      writeIdentifier(found.range, &masked)
    }
  }

  /// `x IN :ids` reads `x =  _ids`, `x NOT IN :ids` reads `x <>    _ids`.
  private func rewriteIn(_ found: Found, _ masked: inout MaskedText) {
    let keyword = tokens[found.first - 1]
    write("= ", at: keyword.start, &masked)
    guard found.first > 1, text.spells("not", at: tokens[found.first - 2]) else { return }
    blank(keyword.range, &masked)
    write("<> ", at: tokens[found.first - 2].start, &masked)
  }

  private func isWholeInList(_ found: Found) -> Bool {
    guard found.first > 1, found.next < tokens.count else { return false }
    return tokens[found.first - 1].kind == .leftParenthesis
      && text.spells("in", at: tokens[found.first - 2])
      && tokens[found.next].kind == .rightParenthesis
  }

  private func writeIdentifier(_ range: Range<Int>, _ masked: inout MaskedText) {
    var ended = false
    for index in range {
      let byte = text[index]
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { ended = true }
      if ended {
        if !Lexer.isSpace(byte) { masked.bytes[index] = UInt8(ascii: " ") }
      } else if index == range.lowerBound || !Lexer.isWordPart(byte) || byte == UInt8(ascii: "$") {
        masked.bytes[index] = UInt8(ascii: "_")
      }
    }
  }

  private func write(_ word: StaticString, at start: Int, _ masked: inout MaskedText) {
    for offset in 0..<word.utf8CodeUnitCount {
      masked.bytes[start + offset] = word.utf8Start[offset]
    }
  }

  private func blank(_ range: Range<Int>, _ masked: inout MaskedText) {
    for index in range where !Lexer.isSpace(text[index]) {
      masked.bytes[index] = UInt8(ascii: " ")
    }
  }
}
