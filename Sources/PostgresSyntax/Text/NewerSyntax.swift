/// Rewrites what PostgreSQL 16 to 18 have added to SQL into what the grammar of 15 reads, in as many
/// bytes: of a statement that locks as much.
struct NewerSyntax {
  let text: UnsafeBufferPointer<UInt8>
  let tokens: [Token]

  func mask(_ masked: inout MaskedText) {
    guard let first = tokens.first, first.kind == .word else { return }
    let isAlter = text.spells("alter", at: first)
    if isAlter || text.spells("create", at: first) { definition(isAlter: isAlter, &masked) }
    if text.spells("merge", at: first) { blankReturning(&masked) }
    nameSubselects(&masked)
  }

  // MARK: Definitions

  private func definition(isAlter: Bool, _ masked: inout MaskedText) {
    for index in tokens.indices.dropFirst() where tokens[index].kind == .word {
      if text.spells("constraint", at: tokens[index]) {
        notNull(at: index, isAlter: isAlter, &masked)
      } else if text.spells("virtual", at: tokens[index]),
        tokens[index - 1].kind == .rightParenthesis
      {
        write("STORED ", over: tokens[index].range, &masked)
      }
    }
  }

  /// `ADD CONSTRAINT x NOT NULL c` reads `ALTER c SET NOT NULL`, and in CREATE TABLE `CONSTRAINT x
  /// NOT NULL c` reads `CHECK (c IS NOT NULL)` (PostgreSQL 18).
  private func notNull(at index: Int, isAlter: Bool, _ masked: inout MaskedText) {
    guard index + 4 < tokens.count, text.spells("not", at: tokens[index + 2]),
      text.spells("null", at: tokens[index + 3])
    else { return }
    let before = tokens[index - 1]
    let column = tokens[index + 4]
    let range = (isAlter ? before.start : tokens[index].start)..<column.end
    let isList = before.kind == .comma || before.kind == .leftParenthesis
    guard column.kind == .word || column.kind == .quotedIdentifier,
      isAlter ? text.spells("add", at: before) : isList,
      !text[range].contains(UInt8(ascii: "\n"))
    else { return }
    let attributes = tokens[(index + 5)...].prefix { token in
      ["no", "inherit", "not", "valid"].contains { text.spells($0, at: token) }
    }
    let name = Array(text[column.range])
    write(
      isAlter
        ? Array("ALTER ".utf8) + name + Array(" SET NOT".utf8)
        : Array("CHECK (".utf8) + name + Array(" IS NOT NULL".utf8),
      over: range, &masked)
    let end = attributes.last?.end ?? column.end
    for token in attributes { write("", over: token.range, &masked) }
    let last = isAlter ? "NULL" : ")"
    write(last, over: (end - last.utf8.count)..<end, &masked)
  }

  // MARK: Queries

  /// MERGE has RETURNING from PostgreSQL 17 on.
  private func blankReturning(_ masked: inout MaskedText) {
    var depth = 0
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .leftParenthesis: depth += 1
      case .rightParenthesis: depth -= 1
      case .word where depth == 0 && text.spells("returning", at: token):
        for token in tokens[index...] where token.kind != .semicolon {
          write("", over: token.range, &masked)
        }
        return
      default: break
      }
    }
  }

  private static let ends: [StaticString] = [
    "where", "group", "having", "window", "order", "limit", "offset", "fetch", "for", "union",
    "except", "intersect", "on", "using", "join", "left", "right", "full", "inner", "cross",
    "natural", "returning", "set", "when",
  ]

  /// A sub-select in FROM needs no name from PostgreSQL 16 on.
  private func nameSubselects(_ masked: inout MaskedText) {
    var open: [Bool] = []
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .leftParenthesis:
        open.append(index > 0 && isFrom(tokens[index - 1]) && isQuery(after: index))
      case .rightParenthesis where open.popLast() ?? false:
        if isUnnamed(after: index) { name(at: index, &masked) }
      default: break
      }
    }
  }

  private func isFrom(_ token: Token) -> Bool {
    ["from", "join", "lateral"].contains { text.spells($0, at: token) }
  }

  private func isQuery(after index: Int) -> Bool {
    guard index + 1 < tokens.count else { return false }
    return ["select", "values", "with"].contains { text.spells($0, at: tokens[index + 1]) }
  }

  private func isUnnamed(after index: Int) -> Bool {
    guard index + 1 < tokens.count else { return true }
    let next = tokens[index + 1]
    switch next.kind {
    case .word: return Self.ends.contains { text.spells($0, at: next) }
    case .rightParenthesis, .comma, .semicolon: return true
    default: return false
    }
  }

  /// Writes a name behind a parenthesis, where there is room for it before or behind.
  private func name(at index: Int, _ masked: inout MaskedText) {
    let parenthesis = tokens[index].start
    let next = index + 1 < tokens.count ? tokens[index + 1] : nil
    let isWord = next?.kind == .word
    // Only up to a comment.
    let after = (tokens[index].end..<(next?.start ?? text.count)).prefix(while: isSpace)
    let behind = after.first { isBlank($0) && (!isWord || $0 + 1 < after.endIndex) }
    let gap = (tokens[index - 1].end..<parenthesis).reversed().prefix(while: isSpace)
    let before = gap.first(where: isBlank)
    if let behind {
      masked.bytes[behind] = UInt8(ascii: "_")
    } else if let before, !isWord || !after.isEmpty {
      masked.bytes[before] = UInt8(ascii: ")")
      masked.bytes[parenthesis] = UInt8(ascii: "_")
    } else if isWord, !after.isEmpty {
      makeRoom(after: index, &masked)
    }
  }

  /// Writes a name behind a parenthesis and moves the words that begin the next clause on by a byte,
  /// into the blanks behind them.
  private func makeRoom(after index: Int, _ masked: inout MaskedText) {
    var last = index + 1
    guard
      ["where", "group", "order", "having", "on"].contains(where: {
        text.spells($0, at: tokens[last])
      })
    else { return }
    if last + 1 < tokens.count, text.spells("by", at: tokens[last + 1]) { last += 1 }
    guard last + 1 < tokens.count else { return }
    let gap = tokens[last].end..<tokens[last + 1].start
    guard gap.count > 1, gap.allSatisfy(isSpace), let room = gap.first(where: isBlank) else {
      return
    }
    let start = tokens[index].end
    masked.bytes.replaceSubrange(
      start...room, with: [UInt8(ascii: "_")] + masked.bytes[start..<room])
  }

  private func isSpace(_ offset: Int) -> Bool { Lexer.isSpace(text[offset]) }

  private func isBlank(_ offset: Int) -> Bool {
    text[offset] == UInt8(ascii: " ") || text[offset] == UInt8(ascii: "\t")
  }

  // MARK: Writing

  private func write(
    _ bytes: some Collection<UInt8>, over range: Range<Int>, _ masked: inout MaskedText
  ) {
    for offset in range where !Lexer.isSpace(text[offset]) {
      masked.bytes[offset] = UInt8(ascii: " ")
    }
    for (offset, byte) in bytes.enumerated() { masked.bytes[range.lowerBound + offset] = byte }
  }

  private func write(_ word: String, over range: Range<Int>, _ masked: inout MaskedText) {
    write(word.utf8, over: range, &masked)
  }
}
