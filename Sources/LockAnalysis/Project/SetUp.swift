import PostgresSyntax

/// Scripts that set up what the application uses.
enum SetUp {
  /// What such a script has in it that no application runs; nil when it has nothing of the kind, or
  /// names its queries.
  ///
  /// Tables, indexes and views don't tell: they are also made for a while.
  static func definition(in file: ParsedFile) -> String? {
    guard let found = file.statements.lazy.filter({ !$0.isDynamic }).compactMap(definition).first,
      !QueryNames(file).hasNames
    else { return nil }
    return found
  }

  private static func definition(_ statement: Statement) -> String? {
    switch statement.command {
    case .createFunction: "CREATE FUNCTION"
    case .createTrigger: "CREATE TRIGGER"
    case .createRule: "CREATE RULE"
    case .createSchema: "CREATE SCHEMA"
    case .policy: "a policy"
    case .publication: "a publication"
    case .alterDomain: "ALTER DOMAIN"
    case .setSchema: "SET SCHEMA"
    case .dependOnExtension: "DEPENDS ON EXTENSION"
    case .rename: "RENAME"
    case .comment: "COMMENT"
    default: nil
    }
  }
}
