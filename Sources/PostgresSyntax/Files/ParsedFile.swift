public import Diagnostics

/// A file with its statements, its comments and what could not be read in it.
public final class ParsedFile: Sendable {
  /// The file.
  public let source: SourceFile
  /// In the order of the text.
  public let statements: [Statement]
  /// Statements that the grammar refuses, also those in routines, in the order of the text.
  public let failures: [ParseFailure]
  /// Half-open byte ranges, also of those in routines, in the order of the text.
  public let comments: [Range<Int>]
  /// What the application fills in, in the order of the text.
  public let placeholders: [Placeholder]
  /// Bytes that PostgreSQL would refuse.
  public let problems: [ReadProblem]
  /// The paths of the files that psql includes here, as they are written, in the order of the text.
  package let included: [String]
  /// The text that was parsed; offsets are those of the file.
  package let masked: [UInt8]

  init(
    source: SourceFile, statements: [Statement], failures: [ParseFailure],
    comments: [Range<Int>], placeholders: [Placeholder], problems: [ReadProblem],
    included: [String],
    masked: [UInt8]
  ) {
    self.source = source
    self.statements = statements
    self.failures = failures
    self.comments = comments
    self.placeholders = placeholders
    self.problems = problems
    self.included = included
    self.masked = masked
  }
}

/// A statement that the grammar refuses.
public struct ParseFailure: Sendable {
  /// What the parser says.
  public let message: String
  /// Where it gave up, half-open, in bytes.
  public let range: Range<Int>
  /// The whole statement, half-open, in bytes.
  public let statement: Range<Int>
}

/// One statement of a file.
public struct Statement: Sendable {
  /// Keeps the tree alive that `node` points into.
  private let tree: SyntaxTree
  /// The statement's node.
  package let node: Node
  /// What it does, with its parts.
  package let command: SQLCommand
  /// From its first to its last character, without blanks, comments and the semicolon around it;
  /// that of EXECUTE where `isDynamic`.
  public let range: Range<Int>
  /// Whether it is the text that PL/pgSQL's EXECUTE runs, not one of the file's own.
  package let isDynamic: Bool
  /// The body of a CREATE FUNCTION, CREATE PROCEDURE or DO; nil for other statements.
  package let routine: RoutineBody?

  init(
    tree: SyntaxTree, node: Node, range: Range<Int>, routine: RoutineBody? = nil,
    isDynamic: Bool = false
  ) {
    self.tree = tree
    self.node = node
    command = SQLCommand(node)
    self.range = range
    self.routine = routine
    self.isDynamic = isDynamic
  }

  /// The kind of statement as PostgreSQL's source names it, for example `UpdateStmt`.
  public var kind: String { node.kindName }
}
