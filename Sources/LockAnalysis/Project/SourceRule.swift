package import PostgresSyntax

/// What a project says of some of its files.
package struct SourceRule: Sendable {
  package let patterns: [GlobPattern]
  /// What the files are; nil where it is to be found out.
  package let role: SourceRole?
  /// Where their transactions begin and end when neither the text nor a comment says so.
  package let boundary: TransactionBoundary?
  /// What is a placeholder in them.
  package let placeholders: PlaceholderStyle?
  /// Where it is said, as in "`sqllock.toml:12`".
  package let place: String

  /// A rule for the files that any of some patterns matches.
  package init(
    _ patterns: [GlobPattern], role: SourceRole?, boundary: TransactionBoundary?,
    placeholders: PlaceholderStyle?, place: String
  ) {
    self.patterns = patterns
    self.role = role
    self.boundary = boundary
    self.placeholders = placeholders
    self.place = place
  }

  /// Whether it is about a file, by its absolute path.
  func applies(to path: String) -> Bool { patterns.contains { $0.matches(path) } }
}

/// What a project says of its files and of its program.
package struct ProjectConfiguration: Sendable {
  /// Of those that are about a file, the last one counts.
  package var sources: [SourceRule] = []
  /// What the application runs in one transaction.
  package var transactions: [DeclaredTransaction] = []

  /// Says nothing.
  package init() {}

  /// What is said of a file's role.
  func role(of path: String) -> (role: SourceRole, place: String)? {
    sources.last { $0.role != nil && $0.applies(to: path) }
      .flatMap { rule in rule.role.map { ($0, rule.place) } }
  }

  /// What is a placeholder in a file.
  func placeholders(of path: String) -> PlaceholderStyle {
    sources.last { $0.placeholders != nil && $0.applies(to: path) }?.placeholders ?? .auto
  }

  /// What is said of the transactions of a file.
  func boundary(of path: String) -> TransactionBoundary? {
    sources.last { $0.boundary != nil && $0.applies(to: path) }?.boundary
  }
}
