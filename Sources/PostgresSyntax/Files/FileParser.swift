import Algorithms
public import Diagnostics

/// Reads SQL files: masks them, divides them, parses the pieces.
///
/// Large files are parsed in pieces of many statements, so that memory stays bounded and several
/// threads can share a file.
public struct FileParser: Sendable {
  private let source: SourceFile
  private let masked: MaskedText
  /// The masked text in which the bodies of routines are read.
  private let bodies: BodyText
  /// Ranges of whole statements that are parsed in one call.
  private let pieces: [Range<Int>]

  /// About as many bytes are given to one call of the parser.
  private static let pieceSize = 1 << 18
  /// A tree that may be deeper than this is not built: libpg_query recurses in C and takes up to
  /// a kilobyte of stack for a level.
  static let depthLimit = LargeStack.size / 1024

  /// Masks the file and divides it; the pieces are parsed by `parse(piece:)`.
  public init(_ source: SourceFile, placeholders: PlaceholderStyle = .auto) {
    self.source = source
    masked = Masker.mask(source.bytes, placeholders)
    bodies = BodyText(masked)
    pieces = Self.divide(masked.statements)
  }

  /// The number of pieces.
  public var pieceCount: Int { pieces.count }

  private static func divide(_ statements: [MaskedText.RawStatement]) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = 0
    while start < statements.count {
      let end = statements.end(of: start..<statements.count, size: pieceSize)
      pieces.append(start..<end)
      start = end
    }
    return pieces
  }

  /// What one piece holds.
  public struct Piece: Sendable {
    fileprivate var statements: [Statement] = []
    fileprivate var failures: [ParseFailure] = []
  }

  /// Parses one piece; call it on a thread with a large stack (`LargeStack`).
  public func parse(piece: Int) -> Piece {
    var result = Piece()
    parse(pieces[piece], into: &result)
    return result
  }

  /// Puts the pieces together, given in order.
  public func file(from pieces: [Piece]) -> ParsedFile {
    let statements = pieces.flatMap(\.statements)
    let inner = statements.flatMap { $0.routine?.comments ?? [] }
    let comments = inner.isEmpty ? masked.comments : Self.sorted(masked.comments + inner)
    return ParsedFile(
      source: source, statements: statements,
      failures: pieces.flatMap(\.failures)
        .sorted { $0.range.lowerBound < $1.range.lowerBound },
      comments: comments, placeholders: bodies.placeholders, problems: masked.problems,
      included: masked.included, masked: masked.bytes)
  }

  private static func sorted(_ ranges: [Range<Int>]) -> [Range<Int>] {
    ranges.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// Parses a whole file on the calling thread.
  public static func parse(_ source: SourceFile) -> ParsedFile {
    let parser = FileParser(source)
    return parser.file(from: (0..<parser.pieceCount).map { parser.parse(piece: $0) })
  }

  /// Parses statements, many in one call.
  ///
  /// A call that fails costs as much as one that does not and gives only the place of the first
  /// bad statement. So each failure halves the number of bytes that are given to the next call, and
  /// each success doubles it: the work stays in proportion to the text, however much of it is bad.
  private func parse(_ indices: Range<Int>, into result: inout Piece) {
    var next = indices.lowerBound
    var size = Self.pieceSize
    while next < indices.upperBound {
      if masked.statements[next].depth > Self.depthLimit {
        result.failures.append(failures.tooDeep(trimmed(masked.statements[next].range)))
        next += 1
        continue
      }
      let end = masked.statements.end(of: next..<indices.upperBound, size: size)
      let range = bytes(of: next..<end)
      switch PgQuery.parse(masked.bytes, range: range) {
      case .success(let json):
        append(json, range: range, to: &result)
        next = end
        size = min(size * 2, Self.pieceSize)
      case .failure(let error):
        size = max(range.count / 2, 1)
        let culprit = masked.statements.index(at: error.offset, in: next..<end)
        if culprit > next {
          parse(next..<culprit, into: &result)
        }
        let whole = masked.statements[culprit].range
        result.failures.append(
          failures.failure(
            error, statement: trimmed(whole), end: min(whole.upperBound + 1, source.bytes.count)))
        next = culprit + 1
      }
    }
  }

  private func bytes(of statements: Range<Int>) -> Range<Int> {
    let first = masked.statements[statements.lowerBound].range.lowerBound
    let last = masked.statements[statements.upperBound - 1].range.upperBound
    // With the semicolon, so that the parser names the same place whatever follows.
    let hasSemicolon = last < masked.bytes.count && masked.bytes[last] == UInt8(ascii: ";")
    return first..<(hasSemicolon ? last + 1 : last)
  }

  private var failures: FailureReader { FailureReader(source: source, text: masked.bytes) }

  private func append(
    _ json: UnsafeMutablePointer<CChar>, range: Range<Int>, to result: inout Piece
  ) {
    let base = range.lowerBound
    let tree = SyntaxTree(
      adopting: json, base: base, text: masked.bytes,
      placeholders: masked.placeholders.inside(range),
      references: {
        AtomicBody.references(in: $0, text: masked.bytes, end: range.upperBound)
          + RuleReferences.find(in: $0)
      })
    let routines = RoutineParser(
      source: source, text: masked.bytes, bodies: bodies.bytes,
      placeholders: bodies.placeholders)
    for raw in tree.root.list(.stmts) {
      guard let node = raw.child(.stmt) else { continue }
      let start = base + raw.int(.stmt_location)
      let length = raw.int(.stmt_len)
      let end = length == 0 ? range.upperBound : start + length
      let place = trimmed(start..<end)
      let routine = routines.body(of: node, in: tree, range: place)
      result.failures += routine?.failures ?? []
      result.statements.append(
        Statement(tree: tree, node: node, range: place, routine: routine))
    }
  }

  /// A range without the blanks and comments at its ends.
  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    masked.bytes.withUnsafeBufferPointer { text in
      var lexer = Lexer(text, range: range.clamped(to: 0..<text.count))
      var start = range.lowerBound
      while let token = lexer.next() {
        guard token.kind == .comment else {
          start = token.start
          break
        }
      }
      return start..<endWithoutComments(text, range: start..<max(start, range.upperBound))
    }
  }

  /// The end of the last token in a range.
  private func endWithoutComments(
    _ text: UnsafeBufferPointer<UInt8>, range: Range<Int>
  ) -> Int {
    var end = range.upperBound
    while end > range.lowerBound {
      while end > range.lowerBound,
        Lexer.isSpace(text[end - 1]) || text[end - 1] == UInt8(ascii: ";")
      {
        end -= 1
      }
      guard let comment = comment(endingAt: end), comment.lowerBound >= range.lowerBound else {
        return end
      }
      end = comment.lowerBound
    }
    return end
  }

  private func comment(endingAt end: Int) -> Range<Int>? {
    let place = masked.comments.partitioningIndex { $0.upperBound >= end }
    guard place < masked.comments.count, masked.comments[place].upperBound == end else {
      return nil
    }
    return masked.comments[place]
  }
}

extension [MaskedText.RawStatement] {
  /// The index after the first of some statements that are given to the parser together: at least
  /// one, and no other that is too deep.
  fileprivate func end(of indices: Range<Int>, size: Int) -> Int {
    var end = indices.lowerBound + 1
    guard self[end - 1].depth <= FileParser.depthLimit else { return end }
    let first = self[end - 1].range.lowerBound
    while end < indices.upperBound, self[end].range.upperBound - first <= size,
      self[end].depth <= FileParser.depthLimit
    {
      end += 1
    }
    return end
  }

  /// The statement that an offset is in, or the nearest one before it.
  fileprivate func index(at offset: Int, in indices: Range<Int>) -> Int {
    let next = self[indices].partitioningIndex { $0.range.lowerBound > offset }
    return Swift.max(next - 1, indices.lowerBound)
  }
}
