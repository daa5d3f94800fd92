import Diagnostics
import PostgresSyntax

/// Finds the parts of a statement's text that take locks.
final class StatementPlaces {
  private let statement: Statement
  private let file: ParsedFile

  init(_ statement: Statement, in file: ParsedFile) {
    self.statement = statement
    self.file = file
  }

  /// All tokens of the statement.
  private lazy var tokens = StatementTokens(statement, in: file)
  private var isAskedAgain = false

  /// Tokens as far as a table's name reaches; most statements are asked for one.
  private func tokens(through location: Int) -> StatementTokens {
    defer { isAskedAgain = true }
    return isAskedAgain ? tokens : StatementTokens(statement, in: file, through: location)
  }

  private func range(_ bytes: Range<Int>) -> SourceRange {
    SourceRange(file: file.source, bytes: bytes)
  }

  /// From the statement's keyword to the end of the table's name or alias.
  func headRange(_ keyword: StaticString, _ target: TableReference) -> SourceRange {
    guard target.node.isOf(statement), let location = target.location else {
      return range(statement.range)
    }
    let tokens = tokens(through: location)
    guard let name = tokens.index(at: location) else { return range(statement.range) }
    let group = tokens.group(of: name)
    let start = tokens.last(keyword, before: name, inGroup: group) ?? name
    var end = name + 1
    while end + 1 < tokens.tokens.count, tokens.tokens[end].kind == .dot { end += 2 }
    if target.alias != nil {
      if end < tokens.tokens.count, tokens.tokens[end].kind == .operator { end += 1 }
      if tokens.spells("as", at: end) { end += 1 }
      end += 1
    }
    return range(tokens.bytes(start..<min(end, tokens.tokens.count)))
  }

  /// The locking clause itself, or the statement where it can't be found.
  func range(of clause: LockingClause, in select: SelectStatement) -> SourceRange {
    // The clause of a view stands in another statement.
    guard select.node.isOf(statement) else { return range(statement.range) }
    let anchor =
      select.targets.first?.node.location ?? select.from.first?.firstLocation
      ?? select.node.firstLocation
    guard let anchor, let found = tokens.lockingClause(clause.position, ofQueryAt: anchor) else {
      return range(statement.range)
    }
    return range(tokens.bytes(found))
  }
}
