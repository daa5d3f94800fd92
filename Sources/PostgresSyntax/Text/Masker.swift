/// Turns the bytes of a `.sql` file, as people write them, into SQL that the grammar reads.
///
/// Masks psql's meta-commands, the data of `COPY … FROM stdin` and the placeholders of client
/// libraries, and divides the text into statements, in one pass.
struct Masker {
  private let text: UnsafeBufferPointer<UInt8>
  private var masked: MaskedText
  private var lexer: Lexer
  /// The tokens of the statement that is being read, without comments.
  private var tokens: [Token] = []
  /// Whether one of them may begin a placeholder.
  private var hasPlaceholder = false
  private var statementStart = 0
  private var boundary = StatementBoundary()
  /// Whether a query of the file is named as HugSQL does it.
  private var isHugSQL = false
  /// Whether the file is the body of a routine without its head.
  private var isBody = false
  private let style: PlaceholderStyle
  /// The first token after the comments that were last looked beyond; empty at the end of the text.
  private var afterComments: Token?
  /// Whether a line that ends the data of a COPY may come.
  private var hasCopyEnd = true

  /// `text` is that of `bytes`, which are copied only when something in them is masked.
  private init(
    _ text: UnsafeBufferPointer<UInt8>, of bytes: [UInt8], _ style: PlaceholderStyle
  ) {
    self.text = text
    self.style = style
    masked = MaskedText(bytes: bytes)
    lexer = Lexer(text)
  }

  /// Masks a whole file.
  static func mask(_ bytes: [UInt8], _ style: PlaceholderStyle = .auto) -> MaskedText {
    var problems: [ReadProblem] = []
    let readable = ByteRepair.repair(bytes, problems: &problems)
    return readable.withUnsafeBufferPointer { text in
      var masker = Masker(text, of: readable, style)
      masker.run()
      masker.masked.problems = problems
      return masker.masked
    }
  }

  private mutating func run() {
    while let token = lexer.next() {
      switch token.kind {
      case .comment: comment(token)
      case .blank: blank(token.range)
      case .backslash: metaCommand(token)
      case .unterminated:
        tokens.append(token)
        boundary.read(comment: token.range, in: text)
        finishStatement(at: token.end, resume: token.end)
      case .semicolon:
        let ends = boundary.semicolonEnds
        tokens.append(token)
        if ends { finishStatement(at: token.start) }
      default:
        if beginsBody(token) { endBegin() }
        tokens.append(token)
        boundary.read(token, in: text)
        if PlaceholderMasker.mayBegin(token, in: text) { hasPlaceholder = true }
      }
    }
    finishStatement(at: text.count)
  }

  /// Words that begin a statement, and none of which can follow BEGIN in SQL.
  private static let statementWords: [StaticString] = [
    "create", "alter", "drop", "insert", "update", "delete", "select", "lock", "grant", "revoke",
    "raise", "perform", "execute", "if", "for", "declare", "truncate", "comment",
  ]

  /// Whether a file is the body of a routine whose head the host program writes: BEGIN, and then a
  /// statement.
  private func beginsBody(_ token: Token) -> Bool {
    guard tokens.count == 1, token.kind == .word, text.spells("begin", at: tokens[0]),
      Lexer.isSpace(text[tokens[0].end])
    else { return false }
    return Self.statementWords.contains { text.spells($0, at: token) }
  }

  /// What stands between such a BEGIN and END runs in one transaction.
  private mutating func endBegin() {
    isBody = true
    let begin = tokens[0]
    let room = text[begin.end] == UInt8(ascii: "\n") ? begin.end + 1 : begin.end
    if text[room] == UInt8(ascii: " ") || text[room] == UInt8(ascii: "\t") {
      masked.bytes[room] = UInt8(ascii: ";")
      finishStatement(at: room)
    } else {
      blank(begin.range)
      tokens.removeAll(keepingCapacity: true)
      boundary = StatementBoundary()
      statementStart = begin.end
    }
  }

  /// RAISE takes no lock, and PERFORM is SELECT.
  private mutating func maskBodyStatement() {
    guard let first = tokens.first else { return }
    if text.spells("perform", at: first) {
      for (offset, byte) in "SELECT ".utf8.enumerated() {
        masked.bytes[first.start + offset] = byte
      }
    } else if text.spells("raise", at: first), let last = tokens.last {
      blank(first.start..<last.end)
      if last.kind == .semicolon { masked.bytes[last.start] = UInt8(ascii: ";") }
      tokens.removeAll { $0.kind != .semicolon }
    }
  }

  /// A comment that names a query ends the one before it, which HugSQL and aiosql write without a
  /// semicolon.
  private mutating func comment(_ token: Token) {
    masked.comments.append(token.range)
    boundary.read(comment: token.range, in: text)
    // It ends here, but PostgreSQL may count an opening in it.
    if lexer.ahead.sawOpenComment, text[token.start] == UInt8(ascii: "/") { blank(token.range) }
    guard let style = QueryNameStyle(text[token.range]) else { return }
    if style == .hugSQL { isHugSQL = true }
    guard !tokens.isEmpty, boundary.semicolonEnds, boundary.parentheses == 0,
      text[token.start] == UInt8(ascii: "-"),
      style == .directive
        || QueryEnd(text: text, tokens: tokens).isPlausible(before: tokenAfter(token))
    else { return }
    blank(token.range)
    masked.bytes[token.start] = UInt8(ascii: ";")
    finishStatement(at: token.start)
  }

  /// The first token after a comment and those that follow it.
  private mutating func tokenAfter(_ comment: Token) -> Token {
    if let afterComments, afterComments.start >= comment.end { return afterComments }
    var lexer = lexer
    var next = lexer.next()
    while next?.kind == .comment { next = lexer.next() }
    let result = next ?? Token(kind: .other, start: text.count, end: text.count)
    afterComments = result
    return result
  }

  /// Ends a statement before `end`, the next one begins at `resume` or after the semicolon.
  private mutating func finishStatement(at end: Int, resume: Int? = nil) {
    if hasPlaceholder {
      PlaceholderMasker(text: text, tokens: tokens, isHugSQL: isHugSQL, style: style)
        .mask(&masked)
    }
    hasPlaceholder = false
    if isBody { maskBodyStatement() }
    NewerSyntax(text: text, tokens: tokens).mask(&masked)
    if tokens.contains(where: { $0.kind != .semicolon }) {
      masked.statements.append(.init(range: statementStart..<end, depth: boundary.depthBound))
    }
    let isCopy = boundary.isCopyFromStdin
    tokens.removeAll(keepingCapacity: true)
    boundary = StatementBoundary()
    statementStart = resume ?? min(end + 1, text.count)
    if isCopy { skipCopyData() }
  }

  /// Masks the lines after `COPY … FROM stdin;` up to `\.`; without that line there is no data.
  private mutating func skipCopyData() {
    guard hasCopyEnd else { return }
    var line = endOfLine(lexer.position)
    let start = line
    while line < text.count {
      let end = endOfLine(line)
      if isCopyEnd(line..<end) {
        blank(start..<end)
        lexer.position = end
        statementStart = end
        return
      }
      line = end
    }
    hasCopyEnd = false
  }

  private func isCopyEnd(_ line: Range<Int>) -> Bool {
    guard line.count >= 2, text[line.lowerBound] == UInt8(ascii: "\\"),
      text[line.lowerBound + 1] == UInt8(ascii: ".")
    else { return false }
    return text[line.dropFirst(2)].allSatisfy(Lexer.isSpace)
  }

  /// The offset after the line end that follows `offset`.
  private func endOfLine(_ offset: Int) -> Int {
    var index = offset
    while index < text.count, text[index] != UInt8(ascii: "\n") { index += 1 }
    return min(index + 1, text.count)
  }

  /// psql runs a backslash command wherever it stands in a line; some of them also end the
  /// statement (psql manual, *Meta-Commands*).
  private mutating func metaCommand(_ backslash: Token) {
    if backslash.end < text.count, text[backslash.end] == UInt8(ascii: ";") {
      masked.bytes[backslash.start] = UInt8(ascii: " ")
      return
    }
    var end = backslash.end
    while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
    var nameEnd = backslash.end
    while nameEnd < end, Lexer.isLetter(text[nameEnd]) { nameEnd += 1 }
    let name = String(decoding: text[backslash.end..<nameEnd], as: UTF8.self)
    if ["i", "ir", "include", "include_relative"].contains(name) {
      let path = text[nameEnd..<end].filter { !Lexer.isSpace($0) && $0 != UInt8(ascii: "'") }
      masked.included.append(String(decoding: path, as: UTF8.self))
    }
    blank(backslash.start..<end)
    lexer.position = end
    let sends = ["g", "gx", "gset", "gexec", "gdesc", "crosstabview", "watch"].contains(name)
    if sends, !tokens.isEmpty {
      masked.bytes[backslash.start] = UInt8(ascii: ";")
      finishStatement(at: backslash.start)
    }
  }

  private mutating func blank(_ range: Range<Int>) {
    for index in range where !Lexer.isSpace(text[index]) {
      masked.bytes[index] = UInt8(ascii: " ")
    }
  }
}

/// How a comment tells that a query begins after it.
package enum QueryNameStyle {
  /// `-- name: Name`, as in sqlc, aiosql and yesql.
  case name
  /// `-- :name name`
  case hugSQL
  /// `-- name --`
  case dashes
  /// A line of a migration tool after which nothing before it goes on: `-- +goose Down`.
  case directive

  init?(_ comment: Slice<UnsafeBufferPointer<UInt8>>) {
    let text = comment.dropFirst(2).drop { $0 == 0x20 || $0 == 0x09 }
    if text.starts(with: "name:".utf8) {
      self = .name
    } else if text.starts(with: ":name ".utf8) {
      self = .hugSQL
    } else if text.starts(with: "+goose ".utf8) || text.starts(with: "migrate:".utf8) {
      self = .directive
    } else if Self.dashedName(in: text) != nil {
      self = .dashes
    } else {
      return nil
    }
  }
}

extension QueryNameStyle {
  /// The name in a comment `-- name --`, whose opening is left out.
  package static func dashedName(in text: some BidirectionalCollection<UInt8>) -> String? {
    guard text.last == UInt8(ascii: "-") else { return nil }
    let name = text.prefix { Lexer.isWordPart($0) && $0 != UInt8(ascii: "$") }
    return !name.isEmpty && text.dropFirst(name.count).elementsEqual(" --".utf8)
      ? String(decoding: name, as: UTF8.self) : nil
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes of a token spell a word, without regard to case.
  func spells(_ word: StaticString, at token: Token) -> Bool {
    guard token.kind == .word, token.end - token.start == word.utf8CodeUnitCount else {
      return false
    }
    for offset in 0..<word.utf8CodeUnitCount
    where self[token.start + offset] | 0x20 != word.utf8Start[offset] | 0x20 {
      return false
    }
    return true
  }
}
