/// Follows the tokens of one statement to tell where it ends and how deep its tree can be.
struct StatementBoundary {
  private var count = 0
  private var isCopy = false
  private var sawFrom = false
  private(set) var isCopyFromStdin = false
  private var isCreate = false
  private var isRule = false
  /// Those that are open.
  private(set) var parentheses = 0
  private var lastWasBegin = false
  /// Open `BEGIN ATOMIC` and `CASE`, each closed by `END`.
  private var atomicDepth = 0
  /// Whether any word may follow as a name: after a dot and after AS.
  private var wantsName = false

  /// Tokens since the last comma inside of the parentheses that were opened last.
  private var run = 0
  /// The same for those around them.
  private var outerRuns: [Int] = []
  private var runTotal = 0
  private var chained = 0
  /// The length of the operators that stand next to one another, and where they end.
  private var signRun = 0
  private var signRunEnd = 0
  /// An upper bound of the depth of the parse tree.
  private(set) var depthBound = 0

  /// Whether a semicolon here ends the statement: not between the actions of a rule, nor in the
  /// body of a SQL-standard function.
  var semicolonEnds: Bool { atomicDepth == 0 && !(isRule && parentheses > 0) }

  mutating func read(_ token: Token, in text: UnsafeBufferPointer<UInt8>) {
    count += 1
    if token.kind == .word, !(wantsName && atomicDepth > 0) {
      readWord(token, in: text)
    } else {
      lastWasBegin = false
    }
    wantsName = atomicDepth > 0 && (token.kind == .dot || text.spells("as", at: token))
    switch token.kind {
    case .leftParenthesis, .leftBracket:
      parentheses += 1
      outerRuns.append(run)
      run = 0
    case .rightParenthesis, .rightBracket:
      guard parentheses > 0 else { break }
      parentheses -= 1
      runTotal -= run
      run = outerRuns.removeLast()
    case .comma:
      runTotal -= run
      run = 0
    default: break
    }
    let weight = token.kind == .operator ? weight(of: token) : 1
    run += weight
    runTotal += weight
    depthBound = max(depthBound, runTotal + chained)
  }

  /// Every sign of a run such as `-+-+` may be an operator, and PostgreSQL's scanner reads the rest
  /// of the run again for each of them (`scan.l`): a long one is not given to it.
  private mutating func weight(of signs: Token) -> Int {
    let length = signs.end - signs.start
    signRun = signs.start == signRunEnd ? signRun + length : length
    signRunEnd = signs.end
    return signRun <= Self.longestRun ? length : FileParser.depthLimit + 1
  }

  private static let longestRun = 256

  /// Follows a comment: the scanner does with `/*/*/*` what it does with a run of signs.
  mutating func read(comment: Range<Int>, in text: UnsafeBufferPointer<UInt8>) {
    guard text[comment.lowerBound] == UInt8(ascii: "/") else { return }
    var openings = 0
    for index in comment.dropFirst() {
      if !Lexer.isOperator(text[index]) {
        openings = 0
      } else if text[index] == UInt8(ascii: "*"), text[index - 1] == UInt8(ascii: "/") {
        openings += 1
        if openings > Self.longestRun { depthBound = FileParser.depthLimit + 1 }
      }
    }
  }

  private mutating func readWord(_ token: Token, in text: UnsafeBufferPointer<UInt8>) {
    let length = token.end - token.start
    let followsBegin = lastWasBegin
    lastWasBegin = false
    guard length >= 3, length <= 9 else { return }
    switch text[token.start] | 0x20 {
    case UInt8(ascii: "c"):
      if count == 1 {
        isCopy = text.spells("copy", at: token)
        isCreate = text.spells("create", at: token)
      }
      if atomicDepth > 0, text.spells("case", at: token) { atomicDepth += 1 }
    case UInt8(ascii: "b"): lastWasBegin = text.spells("begin", at: token)
    case UInt8(ascii: "r"):
      if isCreate, count <= 4, text.spells("rule", at: token) { isRule = true }
    case UInt8(ascii: "f"):
      if isCopy, parentheses == 0, text.spells("from", at: token) { sawFrom = true }
    case UInt8(ascii: "s"):
      if sawFrom, text.spells("stdin", at: token) { isCopyFromStdin = true }
    case UInt8(ascii: "a"):
      if followsBegin, text.spells("atomic", at: token) { atomicDepth = 1 }
    case UInt8(ascii: "e"):
      if atomicDepth > 0, text.spells("end", at: token) { atomicDepth -= 1 }
      if text.spells("except", at: token) { chained += 4 }
    case UInt8(ascii: "u"):
      if text.spells("union", at: token) { chained += 4 }
    case UInt8(ascii: "i"):
      if text.spells("intersect", at: token) { chained += 4 }
    default: break
    }
  }
}
