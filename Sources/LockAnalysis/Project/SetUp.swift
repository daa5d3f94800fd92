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

  /// A table that a file makes and keeps, and that a third of its statements put rows in which are
  /// written in it: the file fails when it is run again.
  static func filledTable(in file: ParsedFile) -> String? {
    var made: Set<String> = []
    var filled: [String: Int] = [:]
    for statement in file.statements {
      switch statement.command {
      case .createTable(let definition):
        guard let table = definition.table, !table.isTemporary, !definition.allowsExisting else {
          continue
        }
        made.insert(table.name)
      case .drop, .rename: return nil
      default:
        if let table = statement.writtenRowsTable { filled[table, default: 0] += 1 }
      }
    }
    let enough = max(3, (file.statements.count + 2) / 3)
    return filled.filter { $0.value >= enough && made.contains($0.key) }.keys.min()
  }

  /// Whether a file adds to tables and makes none.
  static func needsTables(_ file: ParsedFile) -> Bool {
    var adds = false
    for statement in file.statements {
      switch statement.command {
      case .createTable: return false
      case .createIndex, .createTrigger: adds = true
      case .alterTable(let statement):
        if !statement.commands.allSatisfy(\.action.takesDown) { adds = true }
      default: break
      }
    }
    return adds
  }

  /// Whether a file takes down what others have set up, and does nothing else.
  static func isTearDown(_ file: ParsedFile) -> Bool {
    let verdicts = file.statements.map { takesDown($0.command) }
    return verdicts.contains(true) && !verdicts.contains(false) && file.failures.isEmpty
  }

  /// Whether a command takes something down; nil where it does neither that nor anything else.
  private static func takesDown(_ command: SQLCommand) -> Bool? {
    switch command {
    case .drop, .truncate: true
    case .alterTable(let statement): statement.commands.allSatisfy { $0.action.takesDown }
    case .transaction, .set: nil
    default: false
    }
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

extension AlterTableCommand.Action {
  fileprivate var takesDown: Bool {
    switch self {
    case .dropColumn, .dropConstraint, .dropInherit, .detachPartition: true
    default: false
    }
  }
}

extension Statement {
  /// The table into which it puts rows that are written in it, and fails where they are there already.
  var writtenRowsTable: String? {
    guard case .insert(let insert) = command, insert.onConflict == nil,
      !(insert.source?.valueRows.isEmpty ?? true)
    else { return nil }
    return insert.target?.name
  }
}
