internal import Diagnostics

/// Reads the bodies of the routines that a file or another body creates or runs.
struct RoutineParser {
  private let source: SourceFile
  /// What statements are read from.
  private let text: [UInt8]
  /// What bodies are read from: `text` without the doubled quotes of bodies.
  private let bodies: [UInt8]
  /// In the order of the text.
  private let placeholders: [Placeholder]
  /// How many routines the text itself is in.
  private let level: Int

  /// Bodies in bodies are read down to this level.
  private static let levelLimit = 8

  init(
    source: SourceFile, text: [UInt8], bodies: [UInt8], placeholders: [Placeholder],
    level: Int = 0
  ) {
    self.source = source
    self.text = text
    self.bodies = bodies
    self.placeholders = placeholders
    self.level = level
  }

  /// The body of a statement; nil for one that is no CREATE FUNCTION, CREATE PROCEDURE or DO.
  func body(of node: Node, in tree: SyntaxTree, range: Range<Int>) -> RoutineBody? {
    guard node.tag == .CreateFunctionStmt || node.tag == .DoStmt else { return nil }
    let head = RoutineHead(node)
    if let statements = AtomicBody.statements(of: node, in: tree, text: text, range: range) {
      return RoutineBody(content: .sql(statements), parameters: head.parameters)
    }
    guard level < Self.levelLimit, head.language == "sql" || head.language == "plpgsql",
      let place = RoutineText(in: text, statement: range, isDo: node.tag == .DoStmt),
      isReadable(place)
    else {
      return RoutineBody(
        content: .opaque(language: head.language), parameters: head.parameters)
    }
    return body(head, tokens: PLTokens(text: bodies, range: place.range), range: place.range)
  }

  /// Whether a body's text can be read as SQL.
  private func isReadable(_ place: RoutineText) -> Bool {
    switch place.quoting {
    case .unreadable: false
    case .dollar: true
    // In bodies quotes stay doubled.
    case .quote: level == 0 || !QuotedBody.hasQuotes(text, body: place.range)
    }
  }

  private func body(_ head: RoutineHead, tokens: PLTokens, range: Range<Int>) -> RoutineBody {
    var sql = BodySQL(
      source: source, text: tokens.text,
      placeholders: placeholders.inside(range), level: level)
    let content: RoutineBody.Content
    if head.language == "sql" {
      content = .sql(statements(of: tokens, head, &sql))
    } else {
      var reader = PLReader(tokens, scope: head.proceduralScope, sql: sql)
      content = reader.body().map { .plpgsql($0) } ?? .opaque(language: head.language)
      sql = reader.sql
    }
    return RoutineBody(
      content: content, parameters: head.parameters, trigger: head.trigger,
      failures: sql.failures.sorted { $0.range.lowerBound < $1.range.lowerBound },
      comments: (tokens.comments + sql.comments).sorted { $0.lowerBound < $1.lowerBound })
  }

  private func statements(
    of tokens: PLTokens, _ head: RoutineHead, _ sql: inout BodySQL
  ) -> [Statement] {
    let scope = head.scope
    return StatementSplitter.split(tokens).compactMap {
      sql.parse(
        BodySQL.Piece(tokens: $0, range: tokens.bytes($0)), of: tokens, scope: scope)
    }
  }
}
